package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;

/**
 * A host on which nothing more can be written. The limit of a file's size, {@code ulimit -f}, makes a write fail as a full disk
 * does, for any user.
 */
class FullHostTest {
    @TempDir
    private Path work;

    @Test
    void aDiskImageThatCanNotBeWrittenIsAnErrorInTheGuestAndSaidOnceOnTheHost() throws IOException, InterruptedException {
        Path disk = work.resolve("disk.img");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(4 << 20);
        }
        Outcome outcome = Product.shell("ulimit -f 512; exec ./xenolith boot --guest debian --disk " + disk + ",write --append"
                + " 'cryptomgr.notests xl.disk xl.run=xl-disk,/dev/vda,1'").expect(0);
        outcome.outHas("I/O error, dev vda, sector \\d+ op 0x1:\\(WRITE\\)").outHas("XENOLITH-RUN exit=1 xl-disk");
        outcome.errHas("xenolith: disk-error /virtio_mmio@\\S+: .*disk\\.img: can't be written: .*");
        assertEquals(1, Pattern.compile("disk-error").matcher(outcome.err()).results().count(), outcome::toString);
    }
}
