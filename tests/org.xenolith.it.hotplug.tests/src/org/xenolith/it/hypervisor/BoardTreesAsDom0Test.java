// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.GuestSource;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtBuilder;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FullLane;

/** Every tree of Debian's kernel package goes through the builder of Dom0, on a machine that is made of the tree. */
@FullLane
class BoardTreesAsDom0Test {
  /** There were 577 in Debian 12, of which 534 became a Dom0. */
  private static final int AT_LEAST = 500;
  private static final long MEMORY = 1L << 30;
  /** Where a board that leaves its memory to the boot loader may have it. */
  private static final List<Long> PLACES = List.of(0x4000_0000L, 0x8000_0000L, 0x10_0000_0000L, 0L);
  /** Why a board can't have a Dom0; Xen 4.17 has drivers for the same interrupt controllers. */
  private static final Map<String, Pattern> REASONS = Map.of(
      "another interrupt controller", Pattern.compile(
          "vgic: the platform \\S+ has no interrupt controller that the hypervisor can drive.*"),
      "a GIC without GICH and GICV", Pattern.compile("\\S+: a hypervisor needs the Virtualization Extensions, GICH and GICV as third and"
          + " fourth entry, got \\d entries; enable EL2 on the board"),
      "a GICv3 of several regions", Pattern.compile("\\S+: the hypervisor drives one region, got \\d+"),
      "a frame of GICv2m without its size", Pattern.compile("\\S+: reg: \\S+ needs entry \\d, the node has \\d"),
      "windows on top of each other", Pattern.compile("window \\S+ window \\d \\(\\S+\\) overlaps .*"));
  @TempDir
  Path folder;

  @Test
  void everyTreeOfTheKernelPackageBecomesADom0OrIsRefusedForAReason() throws IOException {
    Path kernel = Files.write(folder.resolve("Image"), SmallKernel.bytes());
    Map<String, List<String>> outcomes = new TreeMap<>();
    List<String> unexplained = new ArrayList<>();
    List<Path> boards = boards();
    List<String> refusals = boards.parallelStream().map(board -> refusal(board, kernel)).toList();
    for (int i = 0; i < boards.size(); i++) {
      Path board = boards.get(i);
      String refusal = refusals.get(i);
      String outcome = refusal.isEmpty() ? "built"
          : REASONS.entrySet().stream().filter(r -> r.getValue().matcher(refusal).matches()).map(Map.Entry::getKey).findFirst().orElse("");
      outcomes.computeIfAbsent(outcome, o -> new ArrayList<>()).add(board.getFileName().toString());
      if (outcome.isEmpty()) {
        unexplained.add(board.getFileName() + ": " + refusal);
      }
    }
    System.out.println(boards.size() + " trees");
    outcomes.forEach((outcome, names) -> System.out.println(names.size() + " " + outcome + " " + names.subList(0, Math.min(4, names
        .size()))));
    assertEquals("", String.join("\n", unexplained));
    assertTrue(outcomes.get("built").size() >= AT_LEAST, outcomes.get("built")::toString);
    assertTrue(outcomes.get("built").containsAll(List.of("juno-r2.dtb", "hi6220-hikey.dtb", "apm-mustang.dtb")), "nodes with commas");
  }

  /** Why a tree doesn't become a Dom0; empty if it does. */
  private String refusal(Path board, Path kernel) {
    String refusal = launched(board, kernel);
    if (refusal.contains("has no memory node")) {
      try {
        Fdt tree = FdtReader.read(Files.readAllBytes(board));
        Path own = Files.createTempDirectory(folder, "board").resolve(board.getFileName());
        for (long place : PLACES) {
          refusal = launched(Files.write(own, FdtWriter.write(withMemory(tree, place))), kernel);
          if (!refusal.contains("overlaps")) {
            break;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return refusal;
  }

  private static String launched(Path board, Path kernel) {
    LaunchRequest request = RequestBuilder.of(board.toString()).hypervisor(true).kernel(kernel).memory(MEMORY).build();
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {})) {
      return "";
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** As the board's boot loader adds it. */
  private static Fdt withMemory(Fdt tree, long base) {
    int[] cells = {cells(tree, "#address-cells"), cells(tree, "#size-cells")};
    int[] reg = new int[cells[0] + cells[1]];
    reg[cells[0] - 1] = (int) base;
    if (cells[0] == 2) {
      reg[0] = (int) (base >>> 32);
    }
    reg[reg.length - 1] = (int) MEMORY;
    FdtBuilder made = FdtBuilder.root();
    made.child("memory@" + Long.toHexString(base)).strings("device_type", "memory").add(FdtProperty.ofCells("reg", reg));
    Fdt bare = tree;
    for (var node : tree.root().children()) {
      if (node.baseName().equals("memory")) {
        bare = bare.withRoot(bare.root().withoutChild(node.name()));
      }
    }
    return bare.withRoot(bare.root().withChild(made.build().children().getFirst()));
  }

  private static int cells(Fdt tree, String property) {
    return tree.root().property(property).map(p -> p.cell(0)).orElse(2);
  }

  private static List<Path> boards() throws IOException {
    GuestSource debian = InstalledProduct.get().services(GuestSource.class).stream().filter(s -> s.name().equals("debian")).findFirst()
        .orElseThrow();
    Path trees = debian.obtain(line -> {}, GuestRequest.PLAIN).deviceTrees().orElseThrow();
    try (Stream<Path> files = Files.walk(trees)) {
      return files.filter(f -> f.toString().endsWith(".dtb")).sorted().toList();
    }
  }
}
