// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DisassemblerTest {
  private static final long BASE = 0x4000_0000L;

  private static List<String> lines(String name) throws IOException {
    try (var stream = DisassemblerTest.class.getResourceAsStream(name)) {
      assertNotNull(stream, name + " is missing from the test's resources");
      try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        return reader.lines().filter(line -> !line.startsWith("#")).toList();
      }
    }
  }

  @Test
  void everyFormReadsAsGnuObjdumpWritesIt() throws IOException {
    Disassembler disassembler = new Disassembler();
    Decoder decoder = new Decoder();
    Set<Insn> seen = EnumSet.noneOf(Insn.class);
    long pc = BASE;
    for (String line : lines("disassembly.txt")) {
      int word = Integer.parseUnsignedInt(line.substring(0, 8), 16);
      assertEquals(line, line.substring(0, 9) + disassembler.disassemble(pc, word));
      seen.add(decoder.decode(word));
      pc += 4;
    }
    assertEquals(EnumSet.allOf(Insn.class), seen);
  }

  @Test
  void wordsThatAnotherToolRefusesAreUnallocated() throws IOException {
    Decoder decoder = new Decoder();
    int count = 0;
    for (String line : lines("unallocated.txt"))
      for (String hex : line.split(" ")) {
        assertNull(decoder.decode(Integer.parseUnsignedInt(hex, 16)), hex);
        count++;
      }
    assertEquals(1000, count);
  }

  @Test
  void unallocatedWordsAreShownAsData() {
    assertEquals(".inst 0x00000000", new Disassembler().disassemble(0, 0));
  }

  @Test
  void missingFeaturesAreShownAsData() {
    Disassembler base = new Disassembler(new Decoder(Set.of()));
    assertEquals(".inst 0x4e20d400", base.disassemble(0, 0x4E20D400));
    assertTrue(new Disassembler().disassemble(0, 0x4E20D400).startsWith("fadd v0.4s"));
  }

  @Test
  void systemRegistersHaveTheirNames() {
    assertEquals("sp_el0", SystemRegisterName.of(0xC208));
    assertEquals(0xC208, SystemRegisterName.encoding("sp_el0"));
    assertEquals("s3_3_c15_c2_1", SystemRegisterName.of(SystemRegisterName.encoding("s3_3_c15_c2_1")));
    assertEquals(-1, SystemRegisterName.encoding("nonsense"));
    assertEquals("tlbi vaale1is", SystemOperationName.of(SystemOperationName.encoding("tlbi", "vaale1is")));
  }
}
