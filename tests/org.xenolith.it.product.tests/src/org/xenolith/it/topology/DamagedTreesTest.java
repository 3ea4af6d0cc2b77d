// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.FdtReader;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** Damaged trees of real boards: each gives a message or a platform, never a stack trace. */
@FullLane
class DamagedTreesTest {
  private static final int FILES = 1200;
  private static final int BOARDS = 40;
  private static final long MOST_BYTES = 60_000;
  private static final Pattern ERROR = Pattern.compile("(?m)^(.*\\.dtb): error: (.+)$");

  @TempDir
  private static Path work;

  private static Path damaged;

  @BeforeAll
  static void damageTrees() throws InterruptedException, IOException {
    long seed = Long.getLong("xenolith.seed", System.nanoTime());
    System.out.println("DamagedTreesTest: seed " + seed + " (repeat with -Dxenolith.seed=" + seed + ")");
    Random random = new Random(seed);
    List<Path> boards = new ArrayList<>();
    for (Path board : DebianParts.fetched().boards()) {
      if (Files.size(board) < MOST_BYTES) {
        boards.add(board);
      }
    }
    damaged = Files.createDirectory(work.resolve("damaged"));
    List<byte[]> blobs = new ArrayList<>();
    for (int i = 0; i < BOARDS; i++) {
      blobs.add(Files.readAllBytes(boards.get(random.nextInt(boards.size()))));
    }
    TreeDamage damage = new TreeDamage(random);
    for (int i = 0; i < FILES; i++) {
      byte[] blob = damage.apply(blobs.get(i % BOARDS));
      Files.write(damaged.resolve("%04d-%s.dtb".formatted(i, damage.kind())), blob);
    }
  }

  @Test
  void lintGivesAMessageForEachThatIsNoTree() throws InterruptedException, IOException {
    Outcome lint = Product.run("topology", "lint", "--quiet", damaged).expect(2);
    lint.outHas("(?m)^" + FILES + " files, [1-9]\\d* errors$");
    Set<String> complained = new HashSet<>();
    Matcher errors = ERROR.matcher(lint.out());
    while (errors.find()) {
      complained.add(errors.group(1));
      assertTrue(errors.group(2).length() > 20, "no help in: " + errors.group());
    }
    try (var files = Files.list(damaged)) {
      for (Path cut : files.filter(file -> file.toString().endsWith("-cut.dtb")).toList()) {
        assertTrue(complained.contains(cut.toString()), cut + " was cut off and nothing was said");
      }
    }
    assertTrue(complained.size() < FILES, "every file was refused: the damage is too coarse to test anything");
  }

  @Test
  void whatIsImportedComesOutTheSameAndTheRestIsNamed() throws InterruptedException, IOException {
    Outcome imported = Product.run("topology", "import", damaged, work.resolve("platforms")).expect(2);
    Matcher counts = Pattern.compile("(\\d+) files done, (\\d+) failed").matcher(imported.out());
    assertTrue(counts.find(), imported::toString);
    int done = Integer.parseInt(counts.group(1));
    assertEquals(FILES, done + Integer.parseInt(counts.group(2)));
    assertEquals(FILES - done, imported.err().lines().filter(line -> line.startsWith("xenolith: ")).count(),
        "one line for each file that failed");
    Product.run("topology", "export", work.resolve("platforms"), work.resolve("trees")).expect(0)
        .outHas(done + " files done, 0 failed");
    try (var files = Files.list(work.resolve("trees"))) {
      for (Path tree : files.toList()) {
        assertEquals(FdtReader.read(Files.readAllBytes(damaged.resolve(tree.getFileName()))),
            FdtReader.read(Files.readAllBytes(tree)), tree.toString());
      }
    }
  }

  @Test
  void showTellsWhatIsWrongWithOneFile() throws InterruptedException, IOException {
    for (String kind : List.of("cut", "header", "structure")) {
      Path file;
      try (var files = Files.list(damaged)) {
        file = files.filter(f -> f.toString().endsWith("-" + kind + ".dtb")).sorted().findFirst().orElseThrow();
      }
      Outcome show = Product.run("topology", "show", file).withoutStackTrace();
      assertTrue(show.exit() == 0 || show.exit() == 2 && show.err().contains(file.toString()), show::toString);
    }
  }
}
