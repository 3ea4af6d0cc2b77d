// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class WrittenNumberTest {

  @Test
  void aNumberIsDecimalWhateverItBeginsWith() {
    assertEquals(10, WrittenNumber.number("010"), "octal is nobody's meaning");
    assertEquals(9, WrittenNumber.number("09"));
    assertEquals(0, WrittenNumber.number("0"));
    assertEquals(0x10, WrittenNumber.number("0x10"));
    assertEquals(0x10, WrittenNumber.number("0X0010"));
    assertEquals(-3, WrittenNumber.number("-3"));
    assertEquals(Long.MAX_VALUE, WrittenNumber.number("0x7fffffffffffffff"));
  }

  @Test
  void whatIsNoNumberIsRefused() {
    for (String text : List.of("", "x", "0x", "-", "#10", "+5", "1e3", "10k", "0b1", " 1", "ff", "9223372036854775808", "--1", "0x-1")) {
      assertThrows(NumberFormatException.class, () -> WrittenNumber.number(text), text);
    }
  }
}
