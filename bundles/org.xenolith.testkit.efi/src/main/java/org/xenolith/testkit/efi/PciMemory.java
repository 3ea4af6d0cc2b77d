// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;

/**
 * Map, Unmap, AllocateBuffer, FreeBuffer and Flush of PCI protocols, and what they must keep (UEFI 2.10, 14.2 and 14.4).
 *
 * @param protocol   address of the interface
 * @param map        where Map is in it; the others follow
 * @param operations how many kinds of mapping there are
 * @param attributes of memory that a caller may ask for
 */
record PciMemory(FakeFirmware firmware, long protocol, int map, int operations, long... attributes) {
  private static final int ANY_PAGES = 0;
  private static final int BOOT_SERVICES_DATA = 4;
  private static final int RUNTIME_SERVICES_DATA = 6;

  private EfiStatus call(int index, long... arguments) {
    return ProtocolCall.status(firmware, protocol, map + 8 * index, arguments);
  }

  /** @param outside what is mapped elsewhere */
  void mapsAndUnmaps(java.util.function.Supplier<String> outside) {
    EfiRam memory = firmware.memory();
    long host = firmware.room(4096);
    long room = firmware.room(64);
    String before = FirmwareState.of(firmware) + outside.get();
    for (int operation = 0; operation < operations; operation++) {
      memory.put64(room, 512);
      assertEquals(EfiStatus.SUCCESS, call(0, operation, host, room, room + 8, room + 16), "Map of operation " + operation);
      assertEquals(512, memory.get64(room), "bytes that are mapped");
      assertEquals(host, memory.get64(room + 8), "where a device sees it");
      assertEquals(EfiStatus.SUCCESS, call(1, memory.get64(room + 16)), "Unmap of operation " + operation);
      assertEquals(before, FirmwareState.of(firmware) + outside.get(), "after Unmap");
    }
    assertEquals(EfiStatus.SUCCESS, call(4), "Flush");
    for (long[] wrong : new long[][] {{operations, host, room, room + 8, room + 16}, {0xFFFF_FFFFL, host, room, room + 8, room + 16}, {0, 0,
        room, room + 8, room + 16}, {0, host, 0, room + 8, room + 16}, {0, host, room, 0, room + 16}, {0, host, room, room + 8, 0}}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(0, wrong), () -> "Map of " + Arrays.toString(wrong));
      assertEquals(before, FirmwareState.of(firmware) + outside.get(), () -> "Map of " + Arrays.toString(wrong));
    }
  }

  /** Places that aren't memory, or not all of it; afterwards what is memory is mapped still. */
  void mapsNothingElse() {
    EfiRam memory = firmware.memory();
    long host = firmware.room(4096);
    long room = firmware.room(64);
    String before = FirmwareState.of(firmware);
    long end = FakeRam.BASE + FakeRam.SIZE;
    long gap = firmware.gap(4096);
    for (long[] wrong : new long[][] {{gap - 256, 4096 + 512}, {gap - 256, 512}, {gap, 8}, {0x10, 512}, {FakeRam.BASE - 256, 512}, {end, 1},
        {end - 256, 512}, {host, FakeRam.SIZE}, {host, 1L << 32}, {host, Long.MAX_VALUE}, {host, -1}, {host, -512}, {-512, 1024}, {-512,
            512}}) {
      for (int operation = 0; operation < operations; operation++) {
        memory.put64(room, wrong[1]);
        if (call(0, operation, wrong[0], room, room + 8, room + 16) == EfiStatus.SUCCESS) {
          // Less may be mapped than was asked for.
          long most = wrong[0] < FakeRam.BASE ? 0 : (wrong[0] <= gap ? gap : end) - wrong[0];
          assertTrue(Long.compareUnsigned(memory.get64(room) - 1, most) < 0 && most > 0, "0x" + Long.toHexString(memory.get64(room))
              + " bytes are mapped at 0x" + Long.toHexString(wrong[0]));
          call(1, memory.get64(room + 16));
        }
      }
    }
    memory.put64(room, 512);
    for (long[] wrong : new long[][] {{0x10, room + 8, room + 16}, {room, 0x10, room + 16}, {room, room + 8, 0x10}}) {
      assertNotEquals(EfiStatus.SUCCESS, call(0, 0, host, wrong[0], wrong[1], wrong[2]), () -> "Map to " + Arrays.toString(wrong));
    }
    assertEquals(before, FirmwareState.of(firmware), "nothing is mapped");
    memory.put64(room, 4096);
    assertEquals(EfiStatus.SUCCESS, call(0, 0, host, room, room + 8, room + 16), "Map afterwards");
    assertEquals(EfiStatus.SUCCESS, call(1, memory.get64(room + 16)), "Unmap afterwards");
  }

  void allocatesAndFrees() {
    EfiRam memory = firmware.memory();
    long room = firmware.room(64);
    long others = firmware.pages(2);
    String before = FirmwareState.of(firmware);
    for (long kind : new long[] {BOOT_SERVICES_DATA, RUNTIME_SERVICES_DATA}) {
      for (long each : attributes) {
        assertEquals(EfiStatus.SUCCESS, call(2, ANY_PAGES, kind, 2, room, each), "AllocateBuffer of attributes " + each);
        long pages = memory.get64(room);
        assertEquals(0, pages & 4095, "pages");
        memory.write(pages, new byte[2 * 4096]);
        assertNotEquals(before, FirmwareState.of(firmware), "it is allocated");
        String allocated = FirmwareState.of(firmware);
        for (long[] wrong : new long[][] {{1, pages}, {3, pages}, {0, pages}, {-2, pages}, {(1L << 52) + 2, pages}, {(1L << 32) + 2,
            pages}, {1, pages + 4096}, {2, pages + 4096}, {2, pages + 8}, {2, 0}, {2, others}, {1, others}}) {
          assertEquals(EfiStatus.INVALID_PARAMETER, call(3, wrong), () -> "FreeBuffer of " + Arrays.toString(wrong));
          assertEquals(allocated, FirmwareState.of(firmware), () -> "FreeBuffer of " + Arrays.toString(wrong));
        }
        assertEquals(EfiStatus.SUCCESS, call(3, 2, pages), "FreeBuffer");
        assertEquals(before, FirmwareState.of(firmware));
        assertEquals(EfiStatus.INVALID_PARAMETER, call(3, 2, pages), "FreeBuffer of what was freed");
      }
    }
    long[] many = new long[20];
    for (int i = 0; i < many.length; i++) {
      assertEquals(EfiStatus.SUCCESS, call(2, ANY_PAGES, BOOT_SERVICES_DATA, 1 + i % 3, room, 0), "AllocateBuffer beside " + i);
      many[i] = memory.get64(room);
    }
    for (int i = 0; i < many.length; i++) {
      int each = (i * 7 + 3) % many.length;
      assertEquals(EfiStatus.SUCCESS, call(3, 1 + each % 3, many[each]), "FreeBuffer of buffer " + each);
    }
    assertEquals(before, FirmwareState.of(firmware), "all are freed");
    firmware.freePages(others, 2);
  }

  void allocatesNothingElse() {
    long room = firmware.room(64);
    String before = FirmwareState.of(firmware);
    for (long kind : new long[] {0, 1, 3, 5, 7, 11}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, call(2, ANY_PAGES, kind, 1, room, 0), "memory of kind " + kind);
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, call(2, ANY_PAGES, BOOT_SERVICES_DATA, 1, 0, 0), "nowhere to put the address");
    for (long each : new long[] {1, 0x700, 0x1_0000, 0x880 | 4}) {
      assertEquals(EfiStatus.UNSUPPORTED, call(2, ANY_PAGES, BOOT_SERVICES_DATA, 1, room, each), "attributes " + each);
    }
    for (long pages : new long[] {FakeRam.SIZE / 4096, 1L << 32, 1L << 52, (1L << 52) + 1, Long.MAX_VALUE, -1}) {
      assertEquals(EfiStatus.OUT_OF_RESOURCES, call(2, ANY_PAGES, BOOT_SERVICES_DATA, pages, room, 0), pages + " pages");
    }
    assertNotEquals(EfiStatus.SUCCESS, call(2, ANY_PAGES, BOOT_SERVICES_DATA, 1, 0x10, 0), "the address goes to where nothing is");
    assertEquals(before, FirmwareState.of(firmware));
    assertEquals(0, firmware.memory().get64(room), "no address");
  }
}
