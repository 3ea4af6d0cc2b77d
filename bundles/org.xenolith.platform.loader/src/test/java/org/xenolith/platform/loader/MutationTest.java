package org.xenolith.platform.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.PlatformException;

/** Damaged files of both kinds give findings or one exception with a message, never anything else. */
class MutationTest {
    private static final long SEED = Long.getLong("xenolith.seed", 20261120);

    private final PlatformLoaderComponent loader = new PlatformLoaderComponent(compatible -> Optional.empty());

    @TempDir
    Path folder;

    @Test
    void damagedTreesAreReadOrRefused() throws IOException {
        System.out.println("MutationTest: seed " + SEED + " (-Dxenolith.seed=N)");
        mutate(FdtWriter.write(SampleBoard.tree()), 1500, 6);
    }

    @Test
    void damagedTopologyFilesAreReadOrRefused() throws IOException {
        mutate(TopologyFile.write("sample", SampleBoard.tree(), compatible -> Optional.empty()), 500, 3);
    }

    private void mutate(byte[] sound, int count, int mostChanges) throws IOException {
        Path file = folder.resolve("mutated");
        Path platform = folder.resolve("mutated.platform");
        Path dtb = folder.resolve("mutated.dtb");
        int refused = 0;
        for (int i = 0; i < count; i++) {
            Random random = new Random(SEED + i);
            byte[] bad = sound.clone();
            for (int n = random.nextInt(mostChanges) + 1; n > 0; n--) {
                int at = random.nextInt(bad.length);
                switch (random.nextInt(3)) {
                    case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
                    case 1 -> bad[at] = (byte) random.nextInt();
                    default -> bad[at] = sound[random.nextInt(sound.length)];
                }
            }
            Files.write(file, bad);
            try {
                List<Finding> findings = loader.check(file);
                findings.forEach(f -> assertTrue(!f.what().isBlank() && f.node().startsWith("/"), f.toString()));
                loader.importTree("mutated", loader.tree(file), platform);
                loader.exportTree(platform, dtb);
                assertEquals(loader.tree(file), loader.tree(dtb));
                loader.read(file, Map.of()).cpus();
            } catch (PlatformException e) {
                assertTrue(e.getMessage().contains("; "), e.getMessage());
                refused++;
            } catch (RuntimeException | StackOverflowError e) {
                fail("mutation " + i + " of seed " + SEED + ": " + e, e);
            }
        }
        assertTrue(refused > count / 20 && refused < count, refused + " of " + count + " refused");
    }
}
