// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.pvh.codec.StartInfo.Layout;

/** What QEMU 7.2 gives a kernel on its machine q35 with 512 MiB: start_info, list of modules, memory map, as they were in its memory. */
class StartInfoTest {
  private static final byte[] QEMU = HexFormat.of().parseHex(
      "78c56e33010000000000000001000000c021000000000000c011000000000000e0590f0000000000a8050000000000000900000000000000" +
          "00c0ed1f0000000052b40f000000000000000000000000000000000000000000000000000000000000fc0900000000000100000000000000" +
          "00fc0900000000000004000000000000020000000000000000000f0000000000000001000000000002000000000000000000100000000000" +
          "00f0ed1f00000000010000000000000000f0fd1f0000000000100200000000000200000000000000000000b0000000000000001000000000" +
          "020000000000000000c0d1fe00000000004000000000000002000000000000000000fcff0000000000000400000000000200000000000000" +
          "00000000fd00000000000000030000000200000000000000");
  private static final int MODULES = 56;
  private static final int MAP = MODULES + 32;

  /** The three pieces where QEMU had them. */
  private static byte[] memory(long address, int length) {
    int from = address >= 0x21e0 ? (int) (address - 0x21e0) : address >= 0x21c0 ? MODULES : MAP + (int) (address - 0x5a8);
    return Arrays.copyOfRange(QEMU, from, from + length);
  }

  @Test
  void bytesAreThoseOfQemu() {
    StartInfo info = StartInfo.parse(StartInfoTest::memory, 0x21e0);
    assertEquals(Layout.VERSION_1, info.layout());
    assertEquals(List.of(new StartInfo.Module(0x1fedc000, 0xfb452, 0)), info.modules());
    assertEquals(0xf59e0, info.rootPointer());
    assertEquals(9, info.memoryMap().size());
    assertEquals(new StartInfo.MemoryEntry(0, 0x9fc00, StartInfo.MemoryEntry.RAM), info.memoryMap().getFirst());
    assertArrayEquals(Arrays.copyOf(QEMU, MODULES), info.bytes(0x21c0, 0x5a8));
    assertArrayEquals(Arrays.copyOfRange(QEMU, MODULES, MAP), info.modulesBytes());
    assertArrayEquals(Arrays.copyOfRange(QEMU, MAP, QEMU.length), info.mapBytes());
  }

  @Test
  void theDraftSaysNothingAbove4GiB() {
    StartInfo fits = new StartInfo(Layout.DRAFT, 0, List.of(new StartInfo.Module(0xFFFF_F000L, 16, 0)), 0x1000, 0, List.of());
    assertEquals(16, fits.modulesBytes().length);
    assertEquals(24, fits.bytes(0x2000, 0).length);
    StartInfo above = new StartInfo(Layout.DRAFT, 0, List.of(new StartInfo.Module(1L << 32, 16, 0)), 0x1000, 0, List.of());
    assertTrue(assertThrows(PvhFault.class, above::modulesBytes).getMessage().contains("module 0 is at or has 0x100000000"));
    StartInfo version0 = new StartInfo(Layout.VERSION_0, 0, above.modules(), 0x1000, 0, List.of());
    assertEquals(40, version0.bytes(0x2000, 0).length);
    assertEquals(32, version0.modulesBytes().length);
  }

  @Test
  void whatIsNoneIsRefused() {
    assertTrue(assertThrows(PvhFault.class, () -> StartInfo.parse((address, length) -> new byte[length], 0x1000)).getMessage().contains(
        "0x336ec578"));
    assertTrue(assertThrows(PvhFault.class, () -> PvhKernel.parse(new byte[100])).getMessage().contains("no ELF file"));
    assertTrue(assertThrows(PvhFault.class, () -> BzImage.parse(new byte[1000])).getMessage().contains("HdrS"));
  }
}
