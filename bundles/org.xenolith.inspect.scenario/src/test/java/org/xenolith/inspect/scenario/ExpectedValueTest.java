// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExpectedValueTest {
  private static ExpectedValue of(String... values) {
    Map<String, String> said = values.length == 2 ? Map.of(values[0], values[1]) : Map.of(values[0], values[1], values[2], values[3]);
    return ExpectedValue.of(new Arguments(null, said));
  }

  private static void refused(String part, String... values) {
    String message = assertThrows(IllegalArgumentException.class, () -> of(values)).getMessage();
    assertTrue(message.contains(part), message);
  }

  @Test
  void whatIsAsExpectedIsNoComplaint() {
    assertEquals(Optional.empty(), of("value", "5").complaint("X0", 5));
    assertEquals(Optional.empty(), of("value", "0x4", "mask", "0xc").complaint("X0", 0x37));
    assertEquals(Optional.empty(), of("at-least", "4", "at-most", "0xffffffffffffffff").complaint("X0", -1));
  }

  @Test
  void aComplaintNamesWhatIsThereAndWhatWasExpected() {
    assertEquals("X0 is 0x6, expected 0x5", of("value", "5").complaint("X0", 6).orElseThrow());
    assertEquals("X0 is 0x38, 0x8 with mask 0xc, expected 0x4", of("value", "4", "mask", "0xc").complaint("X0", 0x38).orElseThrow());
    assertEquals("X0 is 0xb, expected at least 0x4 and at most 0xa", of("at-least", "4", "at-most", "10").complaint("X0", 11)
        .orElseThrow());
    assertEquals("X0 is 0xffffffffffffffff, expected at most 0x1", of("at-most", "1").complaint("X0", -1).orElseThrow());
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    refused("expected 'value', or 'at-least'", "mask", "1");
    refused("expected 'value', or 'at-least'", "value", "1", "at-most", "3");
    refused("has bits that the mask 0x1 lacks", "value", "2", "mask", "1");
    refused("'five' is no number", "value", "five");
  }

  @Test
  void sizesAreThoseOfNumbers() {
    Arguments of3 = new Arguments(null, Map.of("size", "3"));
    assertTrue(assertThrows(IllegalArgumentException.class, () -> of3.size(8)).getMessage().contains("expected 1, 2, 4 or 8"));
    assertEquals(4, new Arguments(null, Map.of()).size(4));
  }
}
