// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.OptionalLong;
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
  void aWordIsOf64BitsWithASignOrWithout() {
    assertEquals(-1, WrittenNumber.word("0xffffffffffffffff").orElseThrow());
    assertEquals(-1, WrittenNumber.word("18446744073709551615").orElseThrow());
    assertEquals(-7, WrittenNumber.word("-7").orElseThrow());
    for (String text : List.of("", "x", "0x", "-", "18446744073709551616", "0x10000000000000000", "-9223372036854775809", "ff")) {
      assertEquals(OptionalLong.empty(), WrittenNumber.word(text), text);
    }
  }

  @Test
  void whatIsNoNumberIsRefused() {
    for (String text : List.of("", "x", "0x", "-", "#10", "+5", "1e3", "10k", "0b1", " 1", "ff", "9223372036854775808", "--1", "0x-1")) {
      assertThrows(NumberFormatException.class, () -> WrittenNumber.number(text), text);
    }
  }
}
