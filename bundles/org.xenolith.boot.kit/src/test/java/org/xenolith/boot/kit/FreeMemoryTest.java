// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.MemoryRange;

class FreeMemoryTest {
  private final FreeMemory free = new FreeMemory(List.of(new MemoryRange(0x8000, 0x1000), new MemoryRange(0x1000, 0x3000)), List.of(
      new MemoryRange(0x2000, 0x800)));

  @Test
  void whatIsTakenAndReservedIsGone() {
    assertEquals("[0x1000-0x1fff, 0x2800-0x3fff, 0x8000-0x8fff]", free.ranges().toString());
    free.take(new MemoryRange(0x1800, 0x7000));
    assertEquals("[0x1000-0x17ff, 0x8800-0x8fff]", free.ranges().toString());
    assertTrue(free.contains(0x1000, 0x800));
    assertFalse(free.contains(0x1000, 0x801));
    assertFalse(free.contains(0x1800, 1));
  }

  @Test
  void lowestPlaceThatIsAlignedAndLargeEnoughIsFound() {
    assertEquals(OptionalLong.of(0x1000), free.find(0x1000, 0x1000, 0, Long.MAX_VALUE));
    assertEquals(OptionalLong.of(0x3000), free.find(0x1000, 0x1000, 0x1001, Long.MAX_VALUE), "not where the address space has a hole");
    assertEquals(OptionalLong.of(0x8000), free.find(0x10, 0x8000, 0, Long.MAX_VALUE));
    assertEquals(OptionalLong.empty(), free.find(0x1801, 1, 0, Long.MAX_VALUE));
    assertEquals(OptionalLong.empty(), free.find(0x1000, 0x1000, 0, 0x1fff), "it would end behind the limit");
    assertEquals(0x3000, FreeMemory.alignUp(0x2001, 0x1000));
    assertEquals(0x2000, FreeMemory.alignUp(0x2000, 0x1000));
  }
}
