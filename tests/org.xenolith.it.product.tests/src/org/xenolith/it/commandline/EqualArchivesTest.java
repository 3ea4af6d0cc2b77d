// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** Whoever builds the same sources elsewhere gets the same archives. */
@FullLane
class EqualArchivesTest {
  private static final Duration LONG = Duration.ofMinutes(60);
  /** Seconds since 1970. */
  private static final String DATE = "1764547200";
  /** Beside the sources that git knows, those that somebody is about to add. */
  private static final String COPY =
      "git ls-files -z --cached --others --exclude-standard --deduplicate | while IFS= read -r -d '' file; do"
          + " [[ ! -e $file ]] || printf '%s\\0' \"$file\"; done | tar --create --null --files-from=- | tar --extract --directory \"$0\"";

  @TempDir
  Path work;

  @Test
  void twoBuildsInTwoFoldersGiveTheSameBytes() throws IOException, InterruptedException {
    Path there = Files.createDirectory(work.resolve("another"));
    run(Product.root(), "bash", "-c", COPY, there.toString());
    run(Product.root(), "./xenolith", "dist");
    run(there, "./xenolith", "dist");
    List<Path> archives = archives(Product.root());
    assertEquals(archives.stream().map(Path::getFileName).toList(), archives(there).stream().map(Path::getFileName).toList());
    for (Path archive : archives) {
      assertEquals(-1, Files.mismatch(archive, there.resolve("dist").resolve(archive.getFileName())), archive.toString());
    }
  }

  private static List<Path> archives(Path root) throws IOException {
    try (Stream<Path> files = Files.list(root.resolve("dist"))) {
      List<Path> archives = files.filter(file -> file.toString().matches(".*(\\.tar\\.gz|\\.cdx\\.json|/SHA256SUMS)")).sorted().toList();
      assertTrue(archives.size() >= 4, archives::toString);
      return archives;
    }
  }

  private static void run(Path folder, String... command) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile()).redirectInput(new File("/dev/null"));
    builder.environment().put("SOURCE_DATE_EPOCH", DATE);
    builder.environment().remove("XENOLITH_NO_BUILD");
    if (folder.equals(Product.root())) {
      builder.environment().put("XENOLITH_NO_BUILD", "1"); // this test is part of its build
    }
    try (Program program = Program.start(builder)) {
      Outcome outcome = program.await(LONG);
      outcome.expect(0);
    }
  }
}
