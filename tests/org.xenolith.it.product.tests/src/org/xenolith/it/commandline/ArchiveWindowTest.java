// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** The first window of an unpacked archive shows the JVM what later ones are opened fast by, which is kept in the user's cache; on the display of the tests. */
@FullLane
class ArchiveWindowTest {
  private static final Duration OPENS = Duration.ofMinutes(3);
  private static final String OPEN = "xenolith: the workbench is open";
  private static final String TOLD = "what makes windows open faster is made when this one is closed, once";

  @TempDir
  Path work;
  private Path command;

  @BeforeEach
  void unpack() throws IOException {
    Path tree = Files.createDirectories(work.resolve("a place/xenolith-1.0.0"));
    command = Files.copy(Product.root().resolve("releng/archive/xenolith"), Files.createDirectories(tree.resolve("bin")).resolve(
        "xenolith"));
    command.toFile().setExecutable(true);
    Path built = Product.root().resolve("product-ui/target/workbench").toRealPath();
    Path window = Files.createDirectories(tree.resolve("lib/workbench"));
    // Without what a build makes of it.
    for (String part : List.of("lib", "plugins", "jvm.options")) {
      Files.createSymbolicLink(window.resolve(part), built.resolve(part));
    }
    Files.writeString(tree.resolve("lib/version"), "1.0.0\n");
    Files.createSymbolicLink(tree.resolve("runtime"), Path.of(System.getProperty("java.home")));
  }

  @Test
  void theFirstWindowHasLaterOnesOpenFromACache() throws Exception {
    Path starts = work.resolve("cache/workbench-starts");
    try (Program first = open("")) {
      first.awaitError(OPEN, OPENS);
      first.terminate();
      Outcome ended = first.await(Product.LONG);
      assertTrue(ended.err().contains(TOLD), ended::toString);
      assertEquals("", ended.out());
    }
    Path made = await(starts);
    try (Stream<Path> left = Files.list(made)) {
      assertEquals(List.of("classes.aot", "configuration"), left.map(file -> file.getFileName().toString()).sorted().toList());
    }
    // "on": a cache that can't be used is the end.
    try (Program second = open("-XX:AOTMode=on")) {
      second.awaitError(OPEN, OPENS);
      second.terminate();
      Outcome ended = second.await(Product.LONG);
      assertFalse(ended.err().contains(TOLD), ended::toString);
    }
  }

  @Test
  void aWindowThatDoesNotOpenIsNoExample() throws Exception {
    ProcessBuilder builder = builder("");
    builder.environment().put("DISPLAY", ":4711");
    try (Program program = Program.start(builder)) {
      program.await(Product.LONG).expect(2).errHas("the display :4711 can't be opened");
    }
    try (Stream<Path> files = Files.walk(work.resolve("cache/workbench-starts"))) {
      assertFalse(files.anyMatch(file -> file.getFileName().toString().startsWith("recorded")));
    }
  }

  private Program open(String options) {
    return Program.start(builder(options));
  }

  private ProcessBuilder builder(String options) {
    ProcessBuilder builder = new ProcessBuilder(command.toString(), "workbench").redirectInput(new File("/dev/null"));
    builder.environment().put("XENOLITH_CACHE", work.resolve("cache").toString());
    builder.environment().put("XENOLITH_JAVA_OPTS", options);
    builder.environment().remove("WAYLAND_DISPLAY");
    return builder;
  }

  /** The folder with the cache, once that is there. */
  private static Path await(Path starts) throws Exception {
    long end = System.nanoTime() + OPENS.toNanos();
    for (;;) {
      try (Stream<Path> files = Files.list(starts)) {
        List<Path> made = files.filter(folder -> Files.exists(folder.resolve("classes.aot"))).toList();
        if (!made.isEmpty()) {
          return made.getFirst();
        }
      }
      assertTrue(System.nanoTime() < end, "no cache was made");
      Thread.sleep(100);
    }
  }
}
