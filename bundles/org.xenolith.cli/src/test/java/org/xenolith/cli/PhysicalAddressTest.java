// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class PhysicalAddressTest {
  private final PhysicalAddress address = new PhysicalAddress();

  @Test
  void digitsAreHexadecimal() {
    assertEquals(0x4020_0000L, address.convert("40200000"));
    assertEquals(0xFFC0_0000L, address.convert("0xffc00000"));
    assertEquals(0xFFF_FFFF_FFFF_FFFFL, address.convert("0XFFFFFFFFFFFFFFF"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0x", "-1", "512M", "0x1_0", "ffffffffffffffff"})
  void whatIsNoAddressIsRefusedWithAnExample(String text) {
    String says = assertThrows(TypeConversionException.class, () -> address.convert(text)).getMessage();
    assertTrue(says.contains("'" + text + "'") && says.contains("40080000"), says);
  }
}
