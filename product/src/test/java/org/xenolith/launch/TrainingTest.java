// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrainingTest {
  private final List<List<String>> run = new ArrayList<>();

  private int code(String[] words) {
    run.add(List.of(words));
    return words.length;
  }

  @Test
  void oneCommandLineAfterTheOtherIsRun() {
    assertEquals(2, Training.run(this::code, new String[] {"boot", "--version", "then", "run"}));
    assertEquals(List.of(List.of("boot", "--version"), List.of("run")), run);
  }

  @Test
  void theFirstFailureIsWhatItEndsWith() {
    assertEquals(1, Training.run(this::code, new String[] {"then", "one", "then", "one", "two"}));
    assertEquals(3, run.size());
  }

  @Test
  void aKernelOfTheUsersIsAmongThem(@TempDir Path folder) throws IOException {
    List<String> words = Training.withKernel(List.of("boot"), folder);
    assertEquals(List.of("boot", "then", "boot", "--kernel"), words.subList(0, 4));
    assertTrue(Files.size(Path.of(words.get(4))) > 64);
    assertTrue(String.join(" ", words).contains(" then boot pc-pvh --kernel "), words::toString);
    assertTrue(String.join(" ", words).contains(" then boot --firmware xenolith --disk "), words::toString);
  }
}
