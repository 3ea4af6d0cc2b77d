// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Descriptors cover memory without holes and overlaps. */
class EfiMemoryMapTest {
  private final EfiMemoryMap map = new EfiMemoryMap().ram(0x8000_0000L, 0x10000).ram(0x4000_0000L, 0x10000);

  @Test
  void whatIsClaimedIsCutOutOfFreeMemory() {
    map.claim(EfiMemoryType.ACPI_RECLAIM, 0x4000_4000L, 0x2000, 0);
    map.claim(EfiMemoryType.RUNTIME_SERVICES_CODE, 0x4000_0000L, 0x1000, 0x2000_0000L);
    assertEquals(List.of("RUNTIME_SERVICES_CODE 40000000 1000", "CONVENTIONAL 40001000 3000", "ACPI_RECLAIM 40004000 2000",
        "CONVENTIONAL 40006000 a000", "CONVENTIONAL 80000000 10000"), map.ranges().stream().map(r -> r.type() + " "
            + Long.toHexString(r.base()) + " " + Long.toHexString(r.size())).toList());
  }

  @Test
  void descriptorsHaveTheirFields() {
    map.claim(EfiMemoryType.RUNTIME_SERVICES_DATA, 0x4000_0000L, 0x2000, 0x2000_0000L);
    ByteBuffer bytes = ByteBuffer.wrap(map.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(3 * 40, bytes.capacity());
    assertEquals(6, bytes.getInt(0));
    assertEquals(0x4000_0000L, bytes.getLong(8));
    assertEquals(0x2000_0000L, bytes.getLong(16));
    assertEquals(2, bytes.getLong(24));
    assertEquals(1L << 63 | 8, bytes.getLong(32));
    assertEquals(8, bytes.getLong(40 + 32));
  }

  @Test
  void memoryThatIsntFreeIsRefused() {
    map.claim(EfiMemoryType.ACPI_RECLAIM, 0x4000_4000L, 0x2000, 0);
    assertThrows(IllegalArgumentException.class, () -> map.claim(EfiMemoryType.ACPI_NVS, 0x4000_5000L, 0x2000, 0));
    assertThrows(IllegalArgumentException.class, () -> map.claim(EfiMemoryType.ACPI_NVS, 0x4000_0800L, 0x1000, 0));
    assertThrows(IllegalArgumentException.class, () -> map.ram(0x4000_f000L, 0x2000));
  }
}
