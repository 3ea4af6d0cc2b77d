// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.EnumSet;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.a64.isa.Feature;
import org.xenolith.a64.isa.Insn;

/** HotSpot compiles no method of more than 8,000 bytes: it would be interpreted for ever. */
class MethodSizeTest {
  private static final Decoder DECODER = new Decoder(EnumSet.allOf(Feature.class));

  @Test
  void noRegionIsTooBigForTheJvmsCompilers() {
    int largest = 0;
    for (int seed = 1; seed <= 300; seed++) {
      largest = Math.max(largest, size(seed));
    }
    System.out.println("largest region: " + largest + " bytes");
    assertTrue(largest > Translation.MOST_BYTES / 2 && largest <= Translation.MOST_BYTES, "largest region: " + largest + " bytes");
  }

  /** A page of which all is one region, of the costliest kinds: everything leaves somewhere and all registers are used. */
  private static int size(int seed) {
    Random random = new Random(seed);
    Insn[] forms = random.nextInt(3) == 0 ? new Insn[] {Insn.LDP_PRE, Insn.STP_PRE, Insn.LDXR, Insn.STP_FP_PRE, Insn.LDP_FP_POST}
        : random.nextBoolean() ? Insn.values()
        : new Insn[] {Insn.CCMP_REG, Insn.ADCS, Insn.B_COND, Insn.TBZ, Insn.SUBS_SHIFTED, Insn.FCMP, Insn.CSEL};
    int[] words = new int[1024];
    for (int i = 0; i < words.length; i++) {
      Insn form;
      do {
        form = forms[random.nextInt(forms.length)];
        words[i] = random.nextInt() & ~form.mask() | form.match();
      } while (!form.matches(words[i]) || form != Insn.B_COND && form != Insn.TBZ && !Translated.covers(form, words[i]));
      if (form == Insn.B_COND) {
        words[i] = words[i] & ~(0x7_FFFF << 5) | (random.nextInt(40) - 20 & 0x7_FFFF) << 5;
      }
    }
    BitSet all = new BitSet();
    all.set(0, words.length);
    Flow flow = new Flow(words, DECODER, 100, Translator.MOST_COST, all, new BitSet());
    int[] blocks = flow.blocks.keySet().stream().mapToInt(Integer::intValue).filter(at -> at != 100).limit(random.nextInt(60)).toArray();
    int[] entries = IntStream.concat(IntStream.of(100), IntStream.of(blocks)).toArray();
    return Translation.codeLength(Translation.of(flow, entries, false).classFile());
  }
}
