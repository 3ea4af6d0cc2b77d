// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class InsnTest {
  @Test
  void patternHasThirtyTwoBits() {
    assertThrows(IllegalArgumentException.class, () -> new BitPattern("sf 0 Rd:5"));
    assertThrows(IllegalArgumentException.class, () -> new BitPattern("Rd:16 Rd:16"));
    for (Insn insn : Insn.values()) {
      int bits = insn.mask() | insn.shouldBeOnes();
      for (Field field : insn.fields()) {
        assertEquals(0, bits & field.mask(), insn + " " + field);
        bits |= field.mask();
      }
      assertEquals(0, insn.match() & ~insn.mask(), insn.name());
    }
  }

  /** Where two patterns can meet, every value of the bits that conditions look at is tried: exact, not sampled. */
  @Test
  void noWordBelongsToTwoForms() {
    Insn[] all = Insn.values();
    for (int i = 0; i < all.length; i++)
      for (int j = i + 1; j < all.length; j++) {
        Insn a = all[i];
        Insn b = all[j];
        if (((a.match() ^ b.match()) & a.mask() & b.mask()) != 0)
          continue;
        int base = a.match() | b.match();
        int open = (a.conditionBits() | b.conditionBits()) & ~(a.mask() | b.mask());
        int bits = 0;
        do {
          int word = base | bits;
          if (a.matches(word) && b.matches(word))
            throw new AssertionError(a + " and " + b + " both take " + Integer.toHexString(word));
          bits = bits - open & open;
        } while (bits != 0);
      }
  }

  @Test
  void everyFormHasAWordThatDecodesToIt() {
    SplittableRandom random = new SplittableRandom(1);
    Decoder decoder = new Decoder();
    for (Insn insn : Insn.values()) {
      int found = 0;
      for (int i = 0; i < 20_000 && found < 20; i++) {
        int word = random.nextInt() & ~insn.mask() | insn.match();
        if (insn.matches(word)) {
          assertSame(insn, decoder.decode(word), insn.name());
          found++;
        }
      }
      assertNotEquals(0, found, insn.name());
    }
  }

  @Test
  void decoderAgreesWithTheTableOnRandomWords() {
    SplittableRandom random = new SplittableRandom(2);
    Decoder decoder = new Decoder();
    for (int i = 0; i < 20_000; i++) {
      int word = random.nextInt();
      Insn expected = null;
      for (Insn insn : Insn.values())
        if (insn.matches(word))
          expected = insn;
      assertSame(expected, decoder.decode(word), Integer.toHexString(word));
    }
  }

  @Test
  void wordsOfAMissingFeatureAreUnallocated() {
    Decoder base = new Decoder(Set.of());
    int casal = 0xC8E0FC41;
    int crc32b = 0x1AC24020;
    int fadd = 0x1E622820;
    assertNull(base.decode(casal));
    assertNull(base.decode(crc32b));
    assertNull(base.decode(fadd));
    assertSame(Insn.CAS, new Decoder(EnumSet.of(Feature.LSE)).decode(casal));
    assertSame(Insn.CRC32, new Decoder(EnumSet.of(Feature.CRC32)).decode(crc32b));
    assertSame(Insn.FADD_SCALAR, new Decoder(EnumSet.of(Feature.FP)).decode(fadd));
    assertSame(Insn.HINT, base.decode(0xD503233F), "paciasp is a NOP where there is no pointer authentication");
  }

  @Test
  void reservedFieldValuesAreUnallocated() {
    Decoder decoder = new Decoder();
    assertNull(decoder.decode(0), "udf");
    assertNull(decoder.decode(0x0BC00000), "add with ror");
    assertNull(decoder.decode(0x0B008000), "add w with lsl #32");
    assertNull(decoder.decode(0x12400000), "and w with N set");
    assertNull(decoder.decode(0x9240FC00), "and x with a mask of all ones");
    assertNull(decoder.decode(0x52C00000), "movz w with lsl #32");
  }
}
