// SPDX-License-Identifier: EPL-2.0
package org.xenolith.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnumerationMeasurementTest {
  @Test
  void thereAreAsManyFunctionsAsItSays() {
    List<String> slots = EnumerationMeasurement.slots();
    assertEquals(EnumerationMeasurement.FUNCTIONS, slots.size());
    assertEquals(EnumerationMeasurement.FUNCTIONS, new HashSet<>(slots).size());
  }
}
