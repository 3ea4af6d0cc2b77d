// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.xenolith.efi.boot.api.BootNode;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeMemory;
import org.xenolith.testkit.FakeNode;

/** A walk of the tables, as the AMD64 manual, volume 2, 5.3 has it, ends where it began. */
class X64IdentityMapTest {
  private static final long ROOT = FakeMemory.BASE;
  private final MachineRam memory = new MachineRam(new FakeContext(FakeNode.at(BootNode.PATH).compatible(BootNode.COMPATIBLE).build())
      .memory().dma());
  private long given;

  private long walk(long root, long address) {
    long table = root;
    for (int shift = 39; shift >= 21; shift -= 9) {
      long entry = memory.get64(table + 8 * (address >>> shift & 511));
      if ((entry & 1) == 0) {
        return -1;
      }
      if ((entry & 0x80) != 0) {
        return entry & -(1L << shift) | address & (1L << shift) - 1;
      }
      table = entry & -4096;
    }
    return -2;
  }

  private long map(long end) {
    return X64IdentityMap.write(memory, pages -> {
      given = pages;
      memory.clear(ROOT, 4096 * pages);
      return ROOT;
    }, end);
  }

  @Test
  void everyAddressIsItself() {
    long root = map(0x1000_0000);
    assertEquals(ROOT, root);
    assertEquals(6, given);
    for (long at : new long[] {0, 0x1234, 0x1F_FFFF, 0x20_0000, 0x3FFF_FFFF, 0x4000_0000, 0xFC00_8000L, 0xFFFF_FFFFL}) {
      assertEquals(at, walk(root, at));
    }
    assertEquals(-1, walk(root, 1L << 32));
  }

  @Test
  void whatIsAbove4GibIsThereIfItIsRam() {
    long root = map((1L << 32) + 0x2000);
    assertEquals(7, given);
    assertEquals((1L << 32) + 0x1234, walk(root, (1L << 32) + 0x1234));
    assertEquals(-1, walk(root, 5L << 30));
  }

  @Test
  void moreThanATableReachesIsRefused() {
    assertThrows(EfiError.class, () -> map((512L << 30) + 1));
  }
}
