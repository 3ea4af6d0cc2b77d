// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
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
    mutate(FdtWriter.write(SampleBoard.tree()), 1000, 6);
  }

  @Test
  void damagedTopologyFilesAreReadOrRefused() throws IOException {
    mutate(TopologyFile.write("sample", SampleBoard.tree(), compatible -> Optional.empty()), 250, 3);
  }

  /** Sound blobs whose properties say anything: what gets past the reader must not harm what comes after it. */
  @Test
  void treesWithDamagedPropertiesAreReadOrRefused() throws IOException {
    int refused = 0;
    int count = 400;
    for (int i = 0; i < count; i++) {
      Fdt tree = SampleBoard.tree();
      Random random = new Random(SEED + i);
      refused += survives(FdtWriter.write(tree.withRoot(damaged(tree.root(), random))), "tree " + i) ? 0 : 1;
    }
    assertTrue(refused > count / 20 && refused < count * 19 / 20, refused + " of " + count + " refused");
  }

  private static FdtNode damaged(FdtNode node, Random random) {
    List<FdtProperty> properties = new ArrayList<>();
    for (FdtProperty property : node.properties()) {
      byte[] value = property.value();
      switch (random.nextInt(60)) {
        case 0 -> random.nextBytes(value);
        case 1 -> value = Arrays.copyOf(value, random.nextInt(2 * value.length + 2));
        case 2 -> Arrays.fill(value, (byte) -random.nextInt(2));
        case 3 -> value = new byte[] {0, 0, 0, (byte) random.nextInt(5)};
        default -> {
        }
      }
      if (random.nextInt(80) != 0) {
        properties.add(new FdtProperty(property.name(), value));
      }
    }
    return new FdtNode(node.name(), properties, node.children().stream().map(c -> damaged(c, random)).toList());
  }

  private void mutate(byte[] sound, int count, int mostChanges) throws IOException {
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
      refused += survives(bad, "mutation " + i) ? 0 : 1;
    }
    assertTrue(refused > count / 20 && refused < count, refused + " of " + count + " refused");
  }

  /** Whether the content was taken for a platform; anything but that or a refusal fails the test. */
  private boolean survives(byte[] content, String which) throws IOException {
    Path file = folder.resolve("mutated");
    Path platform = folder.resolve("mutated.platform");
    Path dtb = folder.resolve("mutated.dtb");
    Files.write(file, content);
    try {
      List<Finding> findings = loader.check(file);
      findings.forEach(f -> assertTrue(!f.what().isBlank() && f.node().startsWith("/"), f.toString()));
      loader.importTree("mutated", loader.tree(file), platform);
      loader.exportTree(platform, dtb);
      assertEquals(loader.tree(file), loader.tree(dtb));
      loader.read(file, Map.of()).cpus();
      return true;
    } catch (PlatformException e) {
      assertTrue(e.getMessage().contains("; "), e.getMessage());
      return false;
    } catch (RuntimeException | StackOverflowError e) {
      return fail(which + " of seed " + SEED + ": " + e, e);
    }
  }
}
