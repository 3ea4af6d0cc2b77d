// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory for code, as the host's list of mappings has it (proc(5)). */
class HostCodeTest {
  private static final int SIZE = 1 << 20;

  @Test
  void codeLiesBetweenPagesThatNobodyMayTouch() throws IOException {
    HostCode code = HostCode.map(SIZE);
    List<String> maps = Files.readAllLines(Path.of("/proc/self/maps"));
    assertEquals("r-xs", rights(maps, code.executed()));
    assertEquals("---p", rights(maps, code.executed() - 1));
    assertEquals("r-xs", rights(maps, code.executed() + SIZE - 1));
    assertEquals("---p", rights(maps, code.executed() + SIZE));
  }

  private static String rights(List<String> maps, long address) {
    for (String line : maps) {
      String[] words = line.split("[- ]", 3);
      if (Long.compareUnsigned(address, Long.parseUnsignedLong(words[0], 16)) >= 0 && Long.compareUnsigned(address, Long
          .parseUnsignedLong(words[1], 16)) < 0) {
        return words[2].substring(0, 4);
      }
    }
    return "nothing";
  }
}
