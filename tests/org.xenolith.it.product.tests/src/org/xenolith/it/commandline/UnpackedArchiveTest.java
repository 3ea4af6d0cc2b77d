// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** What {@code ./xenolith dist} makes runs where a Debian has just been installed and nothing else is, as somebody who may do nothing there. */
@FullLane
class UnpackedArchiveTest {
  private static final Duration LONG = Duration.ofMinutes(25);
  private static final long MOST_BYTES = 130_000_000;
  private static final double FIRST = 10;
  private static final double FROM_THE_DOWNLOAD_ON = 60;
  private static final double MORE_THAN_THE_TREE = 0.2;
  /** Beyond that a clock on the wall says how busy the computer is. */
  private static final double BUSY = 1.5;

  private final Path archive = Product.root().resolve("dist/xenolith-1.0.0-linux-x86_64.tar.gz");

  @BeforeAll
  static void pack() throws InterruptedException {
    try (Program dist = Product.start("dist")) {
      dist.await(LONG).expect(0);
    }
  }

  @Test
  void debian12BootsDebianFromAnArchive() throws IOException, InterruptedException {
    bootsIn("bookworm");
  }

  @Test
  void debian13BootsDebianFromAnArchive() throws IOException, InterruptedException {
    bootsIn("trixie");
  }

  private void bootsIn(String suite) throws IOException, InterruptedException {
    assertTrue(System.getProperty("user.name").equals("root"), "only root can make a bare root file system and go into it");
    double before = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    Map<String, Double> figures = figures(script("releng/archive/try-archive", archive.toString(), suite).expect(0));
    System.out.println(suite + " " + figures + " at load " + before);
    assertTrue(figures.get("archive") + figures.get("guest") <= MOST_BYTES, figures::toString);
    if (before <= BUSY) {
      assertTrue(figures.get("first") <= FIRST, figures::toString);
      assertTrue(figures.get("stopwatch") <= FROM_THE_DOWNLOAD_ON, figures::toString);
      assertTrue(figures.get("second") <= figures.get("tree") + MORE_THAN_THE_TREE, figures::toString);
    }
  }

  private static Map<String, Double> figures(Outcome outcome) {
    Map<String, Double> figures = new HashMap<>();
    outcome.out().lines().map(line -> line.split(" ")).forEach(words -> figures.put(words[0], Double.valueOf(words[1])));
    return figures;
  }

  private static Outcome script(String path, String... arguments) throws InterruptedException {
    ProcessBuilder script = new ProcessBuilder(Product.root().resolve(path).toString());
    script.command().addAll(List.of(arguments));
    try (Program program = Program.start(script.redirectInput(new File("/dev/null")))) {
      return program.await(LONG);
    }
  }
}
