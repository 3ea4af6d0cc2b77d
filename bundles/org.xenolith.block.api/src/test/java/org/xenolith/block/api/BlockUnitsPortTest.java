// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Several disks at one node, and the texts that say which. */
class BlockUnitsPortTest {
  private final BlockUnitsPort units = new BlockUnitsPort();
  private final BlockPort alone = new BlockPort();

  private <T> T port(String node, Class<T> type) {
    assertEquals("/flash@0", node);
    return type.cast(type == BlockUnitsPort.class ? units : alone);
  }

  @Test
  void aUnitStaysTheSamePlace() {
    assertSame(units.unit(3), units.unit(3));
    assertThrows(IllegalArgumentException.class, () -> units.unit(-1));
    assertThrows(IllegalArgumentException.class, () -> units.unit(BlockUnitsPort.LAST + 1));
  }

  @Test
  void whoeverHasTheUnitsHearsOfEachDiskThatComesAndGoes() {
    List<Set<Integer>> told = new ArrayList<>();
    units.unit(7);
    units.onChange(() -> told.add(Set.copyOf(units.attached().keySet())));
    units.unit(1).attach(new PlainDisk(), "");
    units.unit(7).attach(new PlainDisk(), "", Medium.CD_ROM);
    units.unit(1).attach(null, "");
    assertEquals(List.of(Set.of(1), Set.of(1, 7), Set.of(7)), told);
    assertEquals(Medium.CD_ROM, units.unit(7).medium());
    assertEquals(Medium.DISK, units.unit(1).medium());
  }

  @Test
  void aTextSaysNodeAndUnit() {
    assertSame(alone, BlockPlace.of("/flash@0").port(this::port));
    assertSame(units.unit(1), BlockPlace.of("/flash@0#1").port(this::port));
    assertEquals("/flash@0#1", BlockPlace.of("/flash@0", 1).toString());
    assertThrows(IllegalArgumentException.class, () -> BlockPlace.of("/flash@0#one"));
  }
}
