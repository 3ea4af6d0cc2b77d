// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What was there before the firmware, whatever it says of its size. */
class PageMapTest {
  private static final int CONVENTIONAL = 7;
  private static final int RESERVED = 0;
  private static final int ACPI_RECLAIM = 9;

  private final PageMap pages = new PageMap();

  private String kinds(long... addresses) {
    StringBuilder kinds = new StringBuilder();
    for (long address : addresses) {
      kinds.append(pages.type(address)).append(' ');
    }
    return kinds.toString().strip();
  }

  @Test
  void whatIsFreeOfAClaimBecomesItsKind() {
    pages.add(0x10000, 0x10000, CONVENTIONAL);
    pages.add(0x40000, 0x10000, CONVENTIONAL);
    pages.claim(0x18001, 0x2000, RESERVED);
    assertEquals("7 0 0 0 7", kinds(0x17FFF, 0x18000, 0x19000, 0x1A000, 0x1B000));
    pages.claim(0x17000, 0x4000_0000_0000_0000L, ACPI_RECLAIM);
    assertEquals("7 9 0 9 -1 9", kinds(0x16000, 0x17000, 0x18000, 0x1B000, 0x30000, 0x4F000));
    pages.claim(0x10000, -1, RESERVED);
    pages.claim(-0x1000, 0x800, RESERVED);
    pages.claim(Long.MAX_VALUE, Long.MAX_VALUE, RESERVED);
    assertEquals(7, pages.type(0x10000));
  }

  /** Of kinds that differ, too, but not across a gap. */
  @Test
  void aRangeIsMemoryIfAllOfItIs() {
    pages.add(0x10000, 0x10000, CONVENTIONAL);
    pages.add(0x40000, 0x10000, CONVENTIONAL);
    pages.claim(0x14000, 0x2000, RESERVED);
    for (long[] range : new long[][] {{0x10000, 0x10000}, {0x13FFF, 0x2002}, {0x1FFFF, 1}, {0x40000, 0}, {0x4FFFF, 1}}) {
      assertTrue(pages.isMemory(range[0], range[1]), () -> Arrays.toString(range));
    }
    for (long[] range : new long[][] {{0x10000, 0x10001}, {0x1FFFF, 0x20002}, {0xFFFF, 2}, {0x20000, 1}, {0x4FFFF, 2}, {0, 1}, {0x10000,
        0x40000}, {0x10000, -1}, {-1, 1}, {0x10000, Long.MAX_VALUE}, {Long.MAX_VALUE, Long.MAX_VALUE}, {Long.MIN_VALUE, Long.MIN_VALUE}}) {
      assertFalse(pages.isMemory(range[0], range[1]), () -> Arrays.toString(range));
    }
  }

  @Test
  void whatIsNoRamIsAddedWhereItHasToBe() {
    pages.add(0x10000, 0x2000, CONVENTIONAL);
    pages.claimOrAdd(0x11800, 0x2000, ACPI_RECLAIM);
    assertEquals("7 9 9 9 -1", kinds(0x10000, 0x11000, 0x12000, 0x13000, 0x14000));
    assertEquals(2 * PageMap.DESCRIPTOR, pages.length());
  }
}
