// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import java.util.EnumSet;
import java.util.HexFormat;

/** Prints random encodings of every form in hexadecimal: {@code GoldenBytes mode samples seed}. What golden.py feeds to objdump. */
final class GoldenBytes {
  private GoldenBytes() {}

  public static void main(String[] args) {
    X64Decoder decoder = new X64Decoder(EnumSet.allOf(X64Feature.class));
    X64RandomInstructions random = new X64RandomInstructions(Long.parseLong(args[2]), decoder, X64Mode.valueOf(args[0]),
        X64RandomInstructions.ANYTHING);
    StringBuilder out = new StringBuilder();
    for (X64Insn insn : X64Insn.values())
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        byte[] code = random.next(insn, false);
        if (code != null)
          out.append(HexFormat.of().formatHex(code)).append('\n');
      }
    System.out.print(out);
  }
}
