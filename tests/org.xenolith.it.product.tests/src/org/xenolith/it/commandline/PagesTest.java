// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.DebianParts;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.Lane;

/**
 * Runs the commands of all pages that name a file of the reader's, each as it stands there, in a folder that has such files. The
 * conformance test of commands wants every command run by some test; these boot kernels for minutes and are the full lane's.
 */
class PagesTest {
  private static final Pattern FENCE = Pattern.compile(
      "(?ms)^<!-- run by PagesTest\\.commandsOfPagesThatNeedFiles\\b[^\n]*-->\n```(?:sh)?\\n(.*?)^```");
  /** The domain that the page of the hypervisor shows. */
  private static final Pattern DOMAIN = Pattern.compile("(?ms)^```\\n(name = .*?)^```");

  /** To make a disk image configures 157 packages in a guest: minutes on a host that does nothing else. */
  private static final Duration LONG = Duration.ofMinutes(30);

  @TempDir
  Path folder;

  @TestFactory
  List<DynamicTest> commandsOfPagesThatNeedFiles() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path page : pages()) {
      Matcher fences = FENCE.matcher(Files.readString(page));
      while (fences.find()) {
        fences.group(1).replace("\\\n", " ").lines().forEach(line -> tests.add(DynamicTest.dynamicTest(Product.root()
            .relativize(page) + ": " + line, () -> check(line))));
      }
    }
    assertTrue(tests.size() >= 9, "only these commands are marked: " + tests);
    return Lane.onlyFull(tests.toArray(DynamicTest[]::new));
  }

  private void check(String line) throws Exception {
    Path link = folder.resolve("xenolith");
    if (!Files.exists(link)) {
      Files.createSymbolicLink(link, Product.root().resolve("xenolith"));
      for (String disk : List.of("disk.raw", "disk.img")) {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(disk).toFile(), "rw")) {
          file.setLength(64 << 20);
        }
      }
      Matcher domain = DOMAIN.matcher(Files.readString(Product.root().resolve("docs/hypervisor.md")));
      assertTrue(domain.find(), "docs/hypervisor.md shows no domain");
      Files.writeString(folder.resolve("one.cfg"), domain.group(1));
      Files.copy(DebianParts.fetched().kernel(), folder.resolve("Image"));
      Files.copy(DebianParts.fetched().initrd(), folder.resolve("initrd"));
      Path tree = DebianParts.fetched().boards().stream().filter(board -> board.endsWith("apm-mustang.dtb")).findFirst().orElseThrow();
      Files.copy(tree, folder.resolve("apm-mustang.dtb"));
    }
    ProcessBuilder builder = new ProcessBuilder("bash", "-c", line).directory(folder.toFile()).redirectInput(Path.of("/dev/null")
        .toFile());
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    try (Program program = Program.start(builder)) {
      program.await(LONG).expect(0);
    }
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(Product.root().resolve("README.md"), Product.root().resolve("CONTRIBUTING.md")));
    for (String parent : List.of("docs", "bundles")) {
      try (Stream<Path> files = Files.walk(Product.root().resolve(parent), 2)) {
        files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }
}
