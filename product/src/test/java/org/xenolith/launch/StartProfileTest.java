// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartProfileTest {
  private static final int MILLISECONDS = 200;

  @TempDir
  Path folder;

  private static long busy(long until) {
    long sum = 0;
    while (System.nanoTime() < until) {
      sum += Long.toString(sum).hashCode();
    }
    return sum;
  }

  @Test
  void aLineSaysWhatWasMostOftenDone() throws Exception {
    StartProfile profile = StartProfile.of(Thread.currentThread());
    assertTrue(busy(System.nanoTime() + MILLISECONDS * 1_000_000L) != 1);
    Path file = folder.resolve("start");
    profile.write(file);
    List<String> lines = Files.readAllLines(file);
    assertTrue(lines.size() > 2, lines::toString);
    for (String line : lines) {
      String[] words = line.split("\t", -1);
      assertEquals(4, words.length, line);
      assertEquals(0, Integer.parseInt(words[0]) % 10, line);
    }
    assertTrue(lines.stream().filter(line -> line.contains("StartProfileTest.busy\t")).count() > lines.size() / 2, lines::toString);
  }
}
