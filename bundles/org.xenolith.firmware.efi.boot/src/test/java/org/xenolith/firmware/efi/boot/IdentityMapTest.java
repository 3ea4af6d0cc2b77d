// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.testkit.efi.FakeRam;

/** What kind of memory an address is translated to: itself, as RAM or as a device. */
class IdentityMapTest {
  private static final long GIB = 1L << 30;
  private static final long BLOCK = 2L << 20;

  private final EfiRam memory = new FakeRam();
  private final IdentityMap map = new IdentityMap(memory, FakeRam.BASE);

  /** Attribute index of the descriptor that translates an address, which must be itself; 0: a device; 3: RAM. */
  private long kind(long address) {
    long entry = memory.get64((memory.get64(map.base() + 8 * (address >>> 39)) & -4096L) + 8 * (address / GIB % 512));
    long block = GIB;
    if ((entry & 3) == 3) {
      entry = memory.get64((entry & -4096L & (1L << 48) - 1) + 8 * (address / BLOCK % 512));
      block = BLOCK;
    }
    assertEquals(1, entry & 3);
    assertEquals(address & -block, entry & (1L << 48) - 1 & -block, "itself");
    return entry >>> 2 & 7;
  }

  @Test
  void ramIsRamAndAllElseADevice() {
    map.ram(GIB + 3 * BLOCK, 2 * BLOCK);
    assertEquals(0, kind(0));
    assertEquals(0, kind(GIB + 2 * BLOCK));
    assertEquals(3, kind(GIB + 3 * BLOCK));
    assertEquals(3, kind(GIB + 4 * BLOCK + 12345));
    assertEquals(0, kind(GIB + 5 * BLOCK));
    assertEquals(0, kind(300 * GIB));
  }

  @Test
  void aPieceOfWhatIsRamChangesNothing() {
    map.ram(GIB, GIB);
    map.ram(GIB + BLOCK, 4096);
    for (long at = GIB; at < 2 * GIB; at += BLOCK) {
      assertEquals(3, kind(at));
    }
    assertEquals(0, kind(2 * GIB));
  }
}
