// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.it.product.SmallKernel;
import org.xenolith.testkit.FullLane;

/**
 * A host on which nothing more can be written. The limit of a file's size, {@code ulimit -f}, makes a write fail as a full disk
 * does, for any user.
 */
@FullLane
class FullHostTest {
  @TempDir
  private Path work;

  @Test
  void aDiskImageThatCanNotBeWrittenIsAnErrorInTheGuestAndSaidOnceOnTheHost() throws IOException, InterruptedException {
    Path disk = work.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(4 << 20);
    }
    // enough for what a start writes, not for the second half of the test data
    Outcome outcome = Product.shell("ulimit -f 512; exec ./xenolith boot --guest debian --disk " + disk + ",write --append"
        + " 'cryptomgr.notests xl.disk xl.run=xl-disk,/dev/vda,1'").expect(0);
    outcome.outHas("I/O error, dev vda, sector \\d+ op 0x1:\\(WRITE\\)").outHas("XENOLITH-RUN exit=1 xl-disk");
    outcome.errHas("xenolith: disk-error /virtio_mmio@\\S+: .*disk\\.img: can't be written: .*");
    assertEquals(1, Pattern.compile("disk-error").matcher(outcome.err()).results().count(), outcome::toString);
  }

  /** Nor is anything left behind: to delete a folder takes a file that is open, too. */
  @Test
  void tooFewFilesOrTooLittleMemoryIsNoFaultOfOurs() throws InterruptedException {
    Product.shell("ulimit -n 20; TMPDIR=" + work + " exec ./xenolith boot --guest tiny --limit 0.01").expect(2)
        .errHas(
            "(?s)^xenolith: this run may not have as many files open as it needs \\(Too many open files\\)\\. Allow it more, .* ulimit -n 1024");
    assertEquals(List.of(), folders());
    Product.shell("ulimit -v 1000000; exec ./xenolith boot --guest tiny --limit 0.01").expect(2)
        .errHas("^xenolith: the JVM can't start with the address space that it may have \\(1000000 KiB\\): allow it more");
  }

  @Test
  void aFullTemporaryFolderIsNoFaultOfOurs() throws InterruptedException {
    Product.shell("ulimit -f 1; TMPDIR=" + work + " exec ./xenolith boot --guest tiny --limit 0.01").expect(2)
        .errHas("(?s)^xenolith: what this run keeps in .* can't be written \\(File too large\\)\\. Make room there, or set TMPDIR");
    assertEquals(List.of(), folders());
  }

  @Test
  void theNextRunClearsWhatAKilledOneLeft() throws IOException, InterruptedException {
    Map<String, String> environment = Map.of("TMPDIR", work.toString());
    Object[] waits = {"boot", "--kernel", SmallKernel.assemble(work, SmallKernel.READY_AND_WAITS), "--stdin"};
    try (Program living = Product.startWithInput(environment, waits)) {
      living.awaitOutput("READY", Duration.ofMinutes(2));
      List<String> one = folders();
      assertEquals(1, one.size());
      try (Program killed = Product.startWithInput(environment, waits)) {
        killed.awaitOutput("READY", Duration.ofMinutes(2));
      }
      assertEquals(2, folders().size());
      Product.run(environment, "boot", "--guest", "tiny", "--limit", "0.01").expect(3);
      assertEquals(one, folders());
    }
  }

  private List<String> folders() {
    return Stream.of(work.toFile().list()).filter(name -> name.startsWith("xenolith-")).toList();
  }
}
