// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.DataMove.InMemory;
import org.xenolith.inspect.api.DataMove.InRegister;

/** A copy is of one place with as many bytes. */
class DataMoveTest {
  @Test
  void aCopyOfAnotherNumberOfBytesIsRefused() {
    InRegister to = new InRegister("X1", 0, 8);
    assertEquals(List.of(new InMemory(16, 8)), DataMove.copy(to, new InMemory(16, 8)).from());
    assertThrows(IllegalArgumentException.class, () -> DataMove.copy(to, new InMemory(16, 4)));
    assertThrows(IllegalArgumentException.class, () -> new DataMove(to, List.of(), true));
    assertFalse(DataMove.computed(to, List.of()).copied());
  }
}
