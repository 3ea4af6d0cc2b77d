// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
  private static final List<Integer> FROM_WORST = List.of(4, 2, 1, 3, 5, 0);

  @Test
  void eachCodeIsInTheTableOnce() throws IllegalAccessException {
    Set<Integer> codes = new TreeSet<>();
    for (Field field : ExitCode.class.getFields()) {
      if (Modifier.isStatic(field.getModifiers()) && field.getType() == int.class) {
        assertTrue(codes.add(field.getInt(null)), field.getName());
      }
    }
    assertEquals(codes, ExitMeaning.table().keySet());
    assertEquals(Set.of(0, 1, 2, 3, 4, 5), codes);
    assertEquals(codes.size(), Set.copyOf(ExitMeaning.table().values()).size());
  }

  @Test
  void ofTwoTheWorseCounts() {
    for (int i = 0; i < FROM_WORST.size(); i++) {
      for (int j = i; j < FROM_WORST.size(); j++) {
        assertEquals(FROM_WORST.get(i), ExitMeaning.worst(FROM_WORST.get(i), FROM_WORST.get(j)));
        assertEquals(FROM_WORST.get(i), ExitMeaning.worst(FROM_WORST.get(j), FROM_WORST.get(i)));
      }
    }
  }
}
