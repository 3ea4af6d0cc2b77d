// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.journal.JournalEntry.Input;

class JournalContentsTest {
  private static Input input(long at, int length, int seed, int head) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    for (int i = 0; i < Math.min(length, JournalContents.HEAD); i++) {
      bytes[i] = (byte) (head + i);
    }
    return new Input(at, at, "share", "/node", bytes);
  }

  @Test
  void contentThatComesAgainIsWrittenOnce() {
    List<Input> inputs = List.of(input(1, 5000, 1, 0), input(2, 5000, 2, 0), input(3, 5000, 1, 0), input(4, 5000, 1, 9), input(5, 500, 3,
        0),
        input(6, 500, 3, 0), input(7, 0, 0, 0), input(8, 4999, 1, 0));
    JournalContents writer = new JournalContents();
    List<String> lines = new ArrayList<>();
    inputs.forEach(each -> lines.add(writer.line(each)));
    for (int i = 0; i < lines.size(); i++) {
      boolean again = i == 2 || i == 3;
      assertEquals(again, lines.get(i).contains("#"), lines.get(i));
      assertTrue(!again || lines.get(i).length() < 200, lines.get(i));
    }
    JournalContents reader = new JournalContents();
    for (int i = 0; i < lines.size(); i++) {
      assertArrayEquals(inputs.get(i).bytes(), ((Input) JournalEntry.of(lines.get(i), reader)).bytes(), "input " + i);
    }
  }

  @Test
  void contentThatStandsNowhereAboveIsRefused() {
    JournalContents writer = new JournalContents();
    writer.line(input(1, 5000, 1, 0));
    String again = writer.line(input(2, 5000, 1, 0));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> JournalEntry.of(again)).getMessage().contains("nowhere above"));
  }
}
