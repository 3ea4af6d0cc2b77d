// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import java.util.EnumSet;
import java.util.HexFormat;

/** Prints random encodings of every form in hexadecimal: {@code GoldenBytes mode samples seed}. What golden.py feeds to objdump. */
final class GoldenBytes {
  private GoldenBytes() {}

  public static void main(String[] args) {
    Decoder decoder = new Decoder(EnumSet.allOf(Feature.class));
    RandomInstructions random = new RandomInstructions(Long.parseLong(args[2]), decoder, DecodeMode.valueOf(args[0]),
        RandomInstructions.ANYTHING);
    StringBuilder out = new StringBuilder();
    for (Insn insn : Insn.values())
      for (int i = 0; i < Integer.parseInt(args[1]); i++) {
        byte[] code = random.next(insn, false);
        if (code != null)
          out.append(HexFormat.of().formatHex(code)).append('\n');
      }
    System.out.print(out);
  }
}
