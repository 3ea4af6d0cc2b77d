// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Lengths and texts of random encodings of every form are those of GNU objdump 2.40. The resources are made of {@link GoldenBytes}'s bytes by golden.py beside
 * them; a line has an instruction, its length and its text, and stands at the address that is sixteen times its number.
 */
class GoldenTest {
  /**
   * Forms that are spelt otherwise: sizes that say more or less (descriptor tables, far pointers, stack and returns, LDDQU), XLAT's operand, the second operand of a
   * NOP and hints that were made of some, undocumented aliases of the x87 and its 8087's instructions, which objdump calls bad or marks, and MOVSXD with 16 bits.
   */
  private static final Pattern SPELT = Pattern.compile(
      "XLAT|PUSH_IZ|PUSH_IBS|IRETW|SYSEXIT|SYSRET|[SL][GI]DT_MS|NOP_EV_(GV|0F_18).*|FCOM2_STI|FCOMP[35]_STI|FSTPNCE_STI|FN(ENI|DISI|SETPM)"
          + "|FXCH[47]_STI|FSTP[89]_STI|LDDQU_.*|(PUSH|POP)[AF]|L[FGS]S_GV_MP|(CALL|JMP)_MP|MOVSXD_GV_ED");

  /** Without what an index that is none (riz) is shown by, and with addresses relative to eip in 32 bits. */
  private static String plain(String text) {
    return text.replaceAll("\\+[re]iz\\*\\d", "").replaceAll("eip\\+0xf{8}(?=\\p{XDigit}{8})", "eip+0x");
  }

  @ParameterizedTest
  @EnumSource(value = DecodeMode.class, names = {"LONG_64", "PROTECTED_32", "PROTECTED_16"})
  void lengthsAndTextsAreThoseOfObjdump(DecodeMode mode) throws IOException {
    Decoder decoder = new Decoder(EnumSet.allOf(Feature.class));
    Disassembler disassembler = new Disassembler(decoder);
    Instruction into = new Instruction();
    List<String> wrong = new ArrayList<>();
    int line = 0;
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(GoldenTest.class.getResourceAsStream(
        "objdump-" + mode + ".txt.gz")), StandardCharsets.US_ASCII))) {
      for (String next; (next = lines.readLine()) != null; line++) {
        String[] said = next.split("\t", -1);
        byte[] code = HexFormat.of().parseHex(said[0]);
        int length = decoder.decode(code, 0, code.length, mode, into);
        String text = length < 0 ? "undefined" : disassembler.text(16L * line, into);
        boolean same = SPELT.matcher(into.insn().name()).matches() || said[2].matches(".*\\[[re]iz.*") || text.equals(plain(said[2]));
        if (length < 0 || length != Integer.parseInt(said[1]) && !said[2].contains("(bad)") || !same && !said[2].contains("(bad)")) {
          wrong.add(said[0] + ": " + length + " " + text + ", objdump " + said[1] + " " + said[2] + "; " + into.insn());
        }
      }
    }
    assertTrue(line > 7000, line + " lines");
    assertEquals("", String.join("\n", wrong));
  }
}
