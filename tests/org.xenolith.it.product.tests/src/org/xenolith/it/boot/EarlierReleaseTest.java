// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/**
 * What releases have kept by {@code releng/keep-release}, outside git, goes on or is refused in words that name the version. Those of this version are made for it, so that the reading is tried before there is
 * an earlier one.
 */
@FullLane
class EarlierReleaseTest {
  private static final Path KEEPS = Product.root().resolve("releng/keep-release");
  @TempDir
  Path folder;

  /** A test for each earlier release that this computer has kept; none where there is none. */
  @TestFactory
  Stream<DynamicTest> whatEarlierReleasesHaveKeptIsRead() throws IOException {
    return kept().stream().map(release -> DynamicTest.dynamicTest(release.getFileName().toString(), () -> isRead(release, true)));
  }

  @Test
  void whatThisVersionKeepsIsRead() throws Exception {
    Product.shell(KEEPS + " " + folder).expect(0).errHas("a snapshot and a recording of [0-9.]+ are in " + folder);
    Product.shell(KEEPS + " " + folder).expect(2).errHas("a release is kept once");
    try (Stream<Path> releases = Files.list(folder)) {
      List<Path> made = releases.toList();
      assertEquals(1, made.size(), made::toString);
      boolean debian = Product.run("guests").expect(0).out().lines().anyMatch(line -> line.matches("debian +ready.*"));
      assertEquals(debian, Files.exists(made.getFirst().resolve("snapshot-debian")), "a guest that is there is kept, too");
      isRead(made.getFirst(), false);
    }
  }

  /** @param mayBeRefused whether another version may say that it can't */
  private static void isRead(Path release, boolean mayBeRefused) throws Exception {
    String said = lines(Files.readString(release.resolve("said.txt")));
    Outcome goesOn = Product.run("boot", "--load", release.resolve("snapshot"));
    if (!isRefused(goesOn, mayBeRefused)) {
      String rest = lines(goesOn.expect(0).out());
      assertTrue(rest.startsWith("tick 6\n") && said.endsWith(rest), goesOn::toString);
    }
    Outcome repeated = Product.run("boot", "--replay", release.resolve("recording.journal"));
    if (!isRefused(repeated, mayBeRefused)) {
      assertEquals(said, lines(repeated.expect(0).out()));
    }
    if (Files.exists(release.resolve("snapshot-debian"))) {
      Outcome shell = Product.shell("printf 'echo alive $((6*7))\\nexit\\n' | ./xenolith boot --stdin --load " + release.resolve(
          "snapshot-debian"));
      if (!isRefused(shell, mayBeRefused)) {
        shell.expect(0).outHas("(?m)^alive 42\r?$");
      }
    }
  }

  /** Without what a guest's console has at the end of each line besides. */
  private static String lines(String console) {
    return console.replace("\r", "");
  }

  /** Whether a version can't read what another has made, and says so: before it begins, with the other version and what to do. */
  private static boolean isRefused(Outcome run, boolean mayBe) {
    if (!mayBe || run.exit() != 2) {
      return false;
    }
    run.errHas("version of Xenolith").withoutStackTrace();
    return true;
  }

  private static List<Path> kept() throws IOException {
    String home = Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).orElse(System.getProperty("user.home") + "/.cache");
    String cache = Optional.ofNullable(System.getenv("XENOLITH_CACHE")).orElse(home + "/xenolith");
    Path all = Path.of(Optional.ofNullable(System.getenv("XENOLITH_RELEASES")).orElse(cache + "/releases"));
    if (!Files.isDirectory(all)) {
      return List.of();
    }
    String own = Files.readString(Product.root().resolve("releng/help/VERSION.txt")).strip().replace("Xenolith ", "");
    try (Stream<Path> releases = Files.list(all)) {
      return releases.filter(each -> !each.endsWith(own) && !each.getFileName().toString().startsWith("new.")).sorted().toList();
    }
  }
}
