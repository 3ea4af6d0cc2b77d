// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;

class DomainWordsTest {
  @Test
  void numbersAreDecimalWhateverZerosAreInFrontOfThemOrHexadecimal() {
    assertEquals(10, DomainWords.number("010", "port", 11));
    assertEquals(9, DomainWords.number("09", "port", 11));
    assertEquals(0x40200000L, DomainWords.number("0x40200000", "address", Long.MAX_VALUE));
  }

  @Test
  void whatIsNoneOrTooMuchIsRefused() {
    for (String word : List.of("", "-1", "11", "0xb", "x", "#1", "9223372036854775808")) {
      String message = assertThrows(BadInput.class, () -> DomainWords.number(word, "port", 11), word).getMessage();
      assertEquals("'" + word + "' is no port", message);
    }
  }
}
