// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class MemorySizeTest {
  private final MemorySize size = new MemorySize();

  @ParameterizedTest
  @CsvSource({"512M, 536870912", "512, 536870912", "2G, 2147483648", "2GiB, 2147483648", "64k, 65536", "1mb, 1048576"})
  void unitsAreBinary(String text, long bytes) {
    assertEquals(bytes, size.convert(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "M", "-1M", "0", "1.5G", "5T", "99999999999G", "G2"})
  void whatIsNoAmountIsRefusedWithAnExample(String text) {
    String says = assertThrows(TypeConversionException.class, () -> size.convert(text)).getMessage();
    assertTrue(says.contains("'" + text + "'") && says.contains("512M"), says);
  }

  @Test
  void theLargestAmountDoesNotOverflow() {
    assertThrows(TypeConversionException.class, () -> size.convert("4503599627370496M"));
  }
}
