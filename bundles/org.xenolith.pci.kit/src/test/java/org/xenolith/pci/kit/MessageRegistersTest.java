// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.RegisterWords;

class MessageRegistersTest {
  @Test
  void aTableHasFourWordsOfEachVectorAndItsPendingBits() {
    List<String> rows = MessageRegisters.of(2, 1, 0x100, 0x800).stream().map(each -> Integer.toHexString(each.spec().offset()) + " " + each
        .name()).toList();
    assertEquals(List.of("100 Message Address 0", "104 Message Upper Address 0", "108 Message Data 0", "10c Vector Control 0",
        "110 Message Address 1", "114 Message Upper Address 1", "118 Message Data 1", "11c Vector Control 1", "800 Pending Bits 0"), rows);
    MessageRegisters.of(70, 2, 0, 0x800).forEach(each -> {
      RegisterWords words = each.words();
      assertNotEquals(RegisterWords.UNSAID, words, each::name);
      assertEquals(0, each.spec().rw() & ~words.named(), each::name);
    });
  }
}
