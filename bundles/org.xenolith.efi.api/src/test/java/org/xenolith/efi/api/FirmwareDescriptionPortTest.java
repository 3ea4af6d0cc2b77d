// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What firmware tells of itself, and when it doesn't. */
class FirmwareDescriptionPortTest {
  private static final FirmwareDescription OURS = new FirmwareDescription(2 << 16 | 100, 0, "Xenolith", 1, 0x4800_0000L, 2,
      new ArrayList<>(List.of(new FirmwareMemory(7, 0x4000_0000L, 16, 8))));

  @Test
  void withoutAProviderNothingIsTold() {
    FirmwareDescriptionPort port = new FirmwareDescriptionPort();
    assertNull(port.description());
    DescribedFirmware firmware = () -> OURS;
    port.attach(firmware, null);
    assertEquals(OURS, port.description());
    port.detach(firmware);
    assertNull(port.description());
  }

  @Test
  void aRangeKnowsItsAddressesToTheLastByte() {
    FirmwareMemory range = OURS.memory().getFirst();
    assertEquals(0x1_0000, range.size());
    assertTrue(range.contains(0x4000_0000L));
    assertTrue(range.contains(0x4000_FFFFL));
    assertFalse(range.contains(0x4001_0000L));
    assertFalse(range.contains(0x3FFF_FFFFL));
    assertFalse(range.contains(-1));
    assertTrue(new FirmwareMemory(11, -0x1000, 1, 1).contains(-1), "the last page of all");
  }
}
