// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fdt.source.DtsReader;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.TestTools;
import org.xenolith.testkit.FullLane;

/** All board trees of the kernel package in three starts of the product: import, export, lint. */
@FullLane
class BoardTreesTest {
  /** There were 577 in Debian 12; fewer than this means that the package was not unpacked whole. */
  private static final int AT_LEAST = 500;
  private static final Pattern FINDING = Pattern.compile("(.*\\.dtb): (note|warning): (/\\S*): (.+)");

  @TempDir
  private static Path work;

  private static Path trees;
  private static List<Path> boards;
  private static Outcome imported;
  private static Outcome exported;
  private static Outcome linted;
  private static final Map<Path, BoardFacts> facts = new ConcurrentSkipListMap<>();

  @BeforeAll
  static void importExportAndLintTheWholeFolder() throws InterruptedException {
    trees = DebianParts.fetched().trees();
    boards = DebianParts.fetched().boards();
    imported = Product.run("topology", "import", trees, work.resolve("platforms"));
    exported = Product.run("topology", "export", work.resolve("platforms"), work.resolve("trees"));
    linted = Product.run("topology", "lint", trees);
    boards.parallelStream().forEach(board -> facts.put(board, BoardFacts.of(board)));
  }

  @Test
  void allBoardsOfTheKernelPackageAreThere() {
    assertTrue(boards.size() >= AT_LEAST, boards.size() + " trees in " + trees);
  }

  @Test
  void eachBoardIsImportedAndExported() {
    String all = boards.size() + " files done, 0 failed";
    imported.expect(0).outHas(all);
    exported.expect(0).outHas(all);
  }

  /** A quarter of them have no memory node, and half say no size: firmware's work. */
  @Test
  void eachBoardGetsTheMemoryThatIsAskedFor() throws InterruptedException {
    Path sized = work.resolve("sized");
    Product.run("topology", "import", trees, sized, "--memory", "512M").expect(0).outHas(boards.size() + " files done, 0 failed")
        .errHas("RAM was put at 0x40000000; say it with --memory-at");
    Outcome checked = Product.run("topology", "lint", "--quiet", sized).expect(0).outHas("(?m)^" + boards.size() + " files, 0 errors$");
    assertFalse(checked.out().contains("no memory node has a size"), checked.out());
  }

  @Test
  void eachBoardIsValid() {
    linted.expect(0).outHas("(?m)^" + boards.size() + " files, 0 errors$");
  }

  @Test
  void ourCodecFindsEachExportedTreeEqualToTheOriginal() throws IOException {
    List<String> differing = new ArrayList<>();
    for (Path board : boards) {
      if (!FdtReader.read(Files.readAllBytes(board)).equals(FdtReader.read(Files.readAllBytes(exportedOf(board))))) {
        differing.add(board.toString());
      }
    }
    assertEquals(List.of(), differing);
  }

  @Test
  void theDevicetreeCompilerFindsEachExportedTreeEqualToTheOriginal() {
    assertEquals(List.of(), facts.values().stream().filter(board -> !board.same()).map(BoardFacts::name).toList());
  }

  /** As source, too: ours by the devicetree compiler, and its own by us. */
  @Test
  void sourceOfEachBoardIsReadAsTheSameTree() throws Exception {
    Product.run("topology", "export", work.resolve("platforms"), work.resolve("sources"), "--dts").expect(0).outHas(boards.size()
        + " files done, 0 failed");
    List<String> differing = new ArrayList<>();
    for (Path board : boards) {
      String name = trees.relativize(board).toString();
      Path ours = work.resolve("sources").resolve(name.substring(0, name.length() - 1) + "s");
      Path compiled = work.resolve("compiled.dtb");
      TestTools.run("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", compiled, ours).expect(0);
      Fdt original = FdtReader.read(Files.readAllBytes(board));
      Fdt again = FdtReader.read(Files.readAllBytes(compiled));
      // Source doesn't say which CPU boots: the compiler takes the first one (qcs404-evb: 0x100).
      if (!original.root().equals(again.root()) || !original.reservations().equals(again.reservations())) {
        differing.add(name + ": our source, compiled");
      }
      byte[] theirs = TestTools.run("dtc", "-q", "-I", "dtb", "-O", "dts", board).expect(0).out().getBytes(StandardCharsets.UTF_8);
      // It writes a zero before a digit as it reads an octal number (hi6220-hikey's "5V_HUB_EN"): what it makes of its own source counts.
      TestTools.run("dtc", "-q", "-I", "dts", "-O", "dtb", "-o", compiled, Files.write(work.resolve("theirs.dts"), theirs)).expect(0);
      if (!FdtReader.read(Files.readAllBytes(compiled)).equals(DtsReader.read(board, theirs))) {
        differing.add(name + ": the compiler's source, read");
      }
    }
    assertEquals(List.of(), differing);
  }

  @Test
  void lintNamesEachDeviceThatNoModelServesAndNothingElse() throws InterruptedException {
    Set<String> modelled = modelled();
    Map<String, Set<String>> named = new HashMap<>();
    Map<String, Set<String>> odd = new HashMap<>();
    linted.out().lines().map(FINDING::matcher).filter(Matcher::matches)
        .forEach(line -> (line.group(4).startsWith("no installed model serves ") ? named : odd)
            .computeIfAbsent(line.group(1), file -> new HashSet<>()).add(line.group(3)));
    List<String> wrong = new ArrayList<>();
    facts.forEach((board, fact) -> {
      Set<String> expected = fact.devices().entrySet().stream()
          .filter(device -> device.getValue().stream().noneMatch(modelled::contains)).map(Map.Entry::getKey)
          .collect(Collectors.toSet());
      Set<String> found = named.getOrDefault(board.toString(), Set.of());
      // a device whose registers no bus leads to has a warning of its own
      Set<String> warned = odd.getOrDefault(board.toString(), Set.of());
      expected.stream().filter(path -> !found.contains(path) && !warned.contains(path))
          .forEach(path -> wrong.add(fact.name() + ": not named: " + path));
      found.stream().filter(path -> !expected.contains(path))
          .forEach(path -> wrong.add(fact.name() + ": no such device: " + path));
    });
    assertEquals("", String.join("\n", wrong));
    assertTrue(named.size() > AT_LEAST / 2, "devices were named only for " + named.size() + " boards");
  }

  /** Every value of {@code compatible} that an installed model matches, as the command {@code models} says. */
  private static Set<String> modelled() throws InterruptedException {
    Outcome models = Product.run("models").expect(0).outHas("arm,pl011");
    return Arrays.stream(models.out().split(",?\\s+")).collect(Collectors.toSet());
  }

  private static Path exportedOf(Path board) {
    return work.resolve("trees").resolve(trees.relativize(board));
  }

  /**
   * What the devicetree compiler says of a board.
   *
   * @param name    the tree's path in the package
   * @param same    whether the exported tree's source is that of the original
   * @param devices path of each device that the tree enables, and its values of {@code compatible}
   */
  private record BoardFacts(String name, boolean same, Map<String, List<String>> devices) {
    static BoardFacts of(Path board) {
      String source = source(board);
      SourceTree tree = new SourceTree(source);
      return new BoardFacts(trees.relativize(board).toString(), source.equals(source(exportedOf(board))),
          tree.devices().stream().collect(Collectors.toMap(path -> path, tree::compatible)));
    }

    private static String source(Path tree) {
      try {
        return TestTools.run("dtc", "-q", "-I", "dtb", "-O", "dts", tree).expect(0).out();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
