// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boards;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.PlatformException;

/**
 * The blobs of {@code virt} for every combination of what it can be asked for, byte for byte. The digests were taken of the trees that
 * the board made in Java, before it became a file: a line is the request, how many trees it stands for, how many were refused, and
 * the digest of all blobs. To record them anew after a change that is meant: copy {@code target/virt-trees.txt} here.
 */
class VirtTreesTest {
  private static final Path RECORDED = Path.of("tests/org.xenolith.it.hotplug.tests/src/org/xenolith/it/boards/virt-trees.txt");
  private static final long MIB = 1L << 20;
  private static final String[] UNSAID = {""};

  private final BoardProvider virt = InstalledProduct.get().services(BoardProvider.class).stream().filter(b -> b.name().equals("virt"))
      .findFirst().orElseThrow();
  private final List<String> lines = new ArrayList<>();

  /** The options of one line: digest and counts of the trees that the rest makes of it. */
  private final class Line {
    private final MessageDigest digest;
    private int trees;
    private int refused;

    Line() throws NoSuchAlgorithmException {
      digest = MessageDigest.getInstance("SHA-256");
    }

    void add(int cpus, long memory, int gic, List<String> options) {
      try {
        digest.update(FdtWriter.write(virt.tree(BoardRequest.of(cpus, memory, Stream.concat(gic == 0 ? Stream.empty() : Stream.of("gic="
            + gic), options.stream()).toList()))));
        trees++;
      } catch (PlatformException e) {
        digest.update((byte) 0);
        refused++;
      }
    }

    void end(String request) {
      lines.add("%-64s %4d %4d %s".formatted(request, trees, refused, HexFormat.of().formatHex(digest.digest(), 0, 16)));
    }
  }

  private static void product(List<String> so, Consumer<List<String>> each, String[]... axes) {
    if (axes.length == 0) {
      each.accept(so);
      return;
    }
    for (String value : axes[0]) {
      List<String> more = new ArrayList<>(so);
      if (!value.isEmpty()) {
        more.add(value);
      }
      product(more, each, java.util.Arrays.copyOfRange(axes, 1, axes.length));
    }
  }

  private static String[] axis(String name, String... values) {
    List<String> all = new ArrayList<>(List.of(""));
    for (String value : values) {
      all.add(name + "=" + value);
    }
    return all.toArray(UNSAID);
  }

  /** What depends on one another in full: GIC, host bridge, ITS, SMMU, virtualization, PSCI, CPUs. */
  private void whatBelongsTogether(int gic) {
    product(List.of(), options -> {
      Line line = line();
      product(options, all -> {
        for (int cpus = 1; cpus <= 8; cpus++) {
          line.add(cpus, 512 * MIB, gic, all);
        }
      }, axis("psci", "hvc", "smc"));
      line.end("gic=" + gic + " " + String.join(" ", options));
    }, axis("pcie", "none", "ecam", "cam", "dw", "dw-as-ecam", "xgene", "xgene-as-ecam"), axis("its", "on", "off"),
        axis("iommu", "none", "smmuv3"), axis("virtualization", "on", "off"));
  }

  /** What is for itself, in full among one another, on both machines that are usual. */
  private void whatIsForItself(int gic) {
    product(List.of(), options -> {
      Line line = line();
      product(options, all -> {
        for (long memory : new long[] {16, 32, 33, 512, 4096, 255 << 10, 256 << 10}) {
          line.add(1, memory * MIB, gic, all);
          line.add(5, memory * MIB, gic, all);
        }
      }, axis("flash", "none", "blank"), axis("platform-bus", "on", "off"), axis("pmu", "on", "off"));
      line.end("gic=" + gic + " " + String.join(" ", options));
    }, axis("virtio", "0", "1", "2", "31", "32", "33"), axis("kaslr-seed", "none", "0", "8000000000001234", "0x1z"));
  }

  private Line line() {
    try {
      return new Line();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void everyTreeIsTheOneItWas() throws IOException {
    for (int gic : new int[] {0, 2, 3}) {
      whatBelongsTogether(gic);
    }
    for (int gic : new int[] {2, 3}) {
      whatIsForItself(gic);
    }
    Files.write(InstalledProduct.root().resolve("target/virt-trees.txt"), lines);
    List<String> recorded = Files.readAllLines(InstalledProduct.root().resolve(RECORDED));
    for (int i = 0; i < Math.min(recorded.size(), lines.size()); i++) {
      assertEquals(recorded.get(i), lines.get(i));
    }
    assertEquals(recorded.size(), lines.size());
    assertTrue(lines.size() > 700, lines.size() + " lines");
  }
}
