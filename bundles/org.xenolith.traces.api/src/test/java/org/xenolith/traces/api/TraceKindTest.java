// SPDX-License-Identifier: EPL-2.0
package org.xenolith.traces.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.traces.api.TraceField.Form;

class TraceKindTest {
  private static final TraceField ADDRESS = new TraceField("address", Form.BITS);

  @Test
  void namesThatAFormatCantHaveAreRefused() {
    for (String name : new String[] {"", "Grant", "grant_map", "grant-", "1st"}) {
      assertThrows(IllegalArgumentException.class, () -> TraceKind.of(name, "x"), name);
    }
    for (String name : new String[] {"", "Address", "an-address", "1st"}) {
      assertThrows(IllegalArgumentException.class, () -> new TraceField(name, Form.TEXT), name);
    }
    assertEquals("grant-map", TraceKind.of("grant-map", "x").name());
  }

  @Test
  void aFieldIsOnceThereAndIsNoneThatEveryEventHas() {
    assertThrows(IllegalArgumentException.class, () -> TraceKind.of("dma", "x", ADDRESS, ADDRESS));
    assertThrows(IllegalArgumentException.class, () -> TraceKind.of("dma", "x", new TraceField("cpu", Form.NUMBER)));
  }

  @Test
  void fieldsAreACopy() {
    List<TraceField> fields = new ArrayList<>(List.of(ADDRESS));
    TraceKind kind = new TraceKind("dma", "x", fields);
    TraceFormat.Head head = new TraceFormat.Head("board", 1, new ArrayList<>(List.of(kind)));
    fields.clear();
    assertEquals(List.of(ADDRESS), kind.fields());
    assertThrows(UnsupportedOperationException.class, () -> head.kinds().clear());
  }

  @Test
  void aFieldTakesValuesOfItsFormOnly() {
    assertTrue(ADDRESS.takes(5L) && new TraceField("n", Form.NUMBER).takes(-5L) && new TraceField("t", Form.TEXT).takes("")
        && new TraceField(
            "b", Form.BYTES).takes(new byte[0]));
    assertFalse(ADDRESS.takes(5) || new TraceField("t", Form.TEXT).takes(5L) || new TraceField("b", Form.BYTES).takes(""));
  }
}
