// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.dap.Numbers.Reference;

class NumbersTest {
  @Test
  void numbersAreThoseOf64Bits() {
    assertEquals(-1, Numbers.of("0xFFFFFFFFFFFFFFFF"));
    assertEquals(-1, Numbers.of(" 18446744073709551615 "));
    assertEquals(-8, Numbers.of("-8"));
    for (String bad : List.of("", "0x", "here", "0x10000000000000000", "1.5")) {
      assertThrows(RequestRefused.class, () -> Numbers.of(bad), bad);
    }
  }

  @Test
  void aReferenceIsWrittenAsItIsRead() {
    for (String text : List.of("0x40", "physical:0x40", "0xffff800000000000")) {
      assertEquals(text, Numbers.reference(text).toString());
    }
    assertEquals(new Reference(true, 0x3C), Numbers.reference("physical:0x40").plus(-4));
    assertEquals(new Reference(false, 64), Numbers.reference("64").plus(null));
  }
}
