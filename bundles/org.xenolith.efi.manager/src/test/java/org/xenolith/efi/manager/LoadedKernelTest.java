// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeRam;

class LoadedKernelTest {
  private static final long END = FakeRam.BASE + FakeRam.SIZE;
  private static final byte FILL = (byte) 0xA5;
  /** LINUX_EFI_INITRD_MEDIA_GUID, as a node of vendors' media and the end. */
  private static final byte[] PATH = {4, 3, 20, 0, 0x27, (byte) 0xE4, 0x68, 0x55, (byte) 0xFC, 0x68, 0x3D, 0x4F, (byte) 0xAC, 0x74,
      (byte) 0xCA, 0x55, 0x52, 0x31, (byte) 0xCC, 0x68, 0x7F, -1, 4, 0};

  private static EfiStatus load(KernelStart start, long self, long path, long size, long buffer) {
    return EfiStatus.of(start.firmware.call(start.memory.get64(start.loadFile()), self, path, 0, size, buffer));
  }

  private static long end(KernelStart start) {
    long at = start.firmware.room(4);
    start.memory.write(at, new DevicePath().bytes());
    return at;
  }

  @Test
  void theKernelIsStartedWithItsOptions() {
    KernelStart start = new KernelStart(KernelStart.chosen()).running();
    assertEquals(List.of("quiet\0"), start.started);
    assertEquals(List.of(KernelStart.KERNEL, (long) KernelStart.KERNEL_SIZE), start.loaded);
    assertEquals(List.of(), start.firmware.handles().handles(Protocol.LOAD_FILE2), "there is no initrd");
  }

  @Test
  void withoutAKernelNothingIsStarted() {
    KernelStart start = new KernelStart(new FdtNode("chosen", List.of(), List.of()).withChild(KernelStart.initrd(KernelStart.INITRD, 10)));
    assertEquals(EfiStatus.NOT_FOUND, start.back());
    assertEquals(List.of(), start.started);
    assertEquals(List.of(), start.firmware.handles().handles(null));
  }

  @Test
  void theInitrdIsAtThePathThatLinuxAsksFor() {
    KernelStart start = new KernelStart(KernelStart.chosen(KernelStart.initrd(KernelStart.INITRD, 10))).running();
    long handle = start.firmware.handles().handles(Protocol.LOAD_FILE2).getFirst();
    assertArrayEquals(PATH, DevicePath.read(start.memory, start.firmware.handles().find(handle, Protocol.DEVICE_PATH)));
  }

  @Test
  void initrdsOfAllSizesAreLoaded() {
    for (int size : new int[] {1, (1 << 20) - 1, 1 << 20, (1 << 20) + 1}) {
      byte[] bytes = new byte[size];
      new Random(size).nextBytes(bytes);
      KernelStart start = new KernelStart(KernelStart.chosen(KernelStart.initrd(KernelStart.INITRD, size))).running();
      start.memory.write(KernelStart.INITRD, bytes);
      long room = start.firmware.room(8);
      long buffer = start.firmware.room(size + 1);
      start.memory.put64(room, size);
      start.memory.put8(buffer + size, FILL);
      assertEquals(EfiStatus.SUCCESS, load(start, start.loadFile(), end(start), room, buffer), size + " bytes");
      assertArrayEquals(bytes, start.memory.read(buffer, size), size + " bytes");
      assertEquals(FILL, (byte) start.memory.get8(buffer + size), size + " bytes");
    }
  }

  @Test
  void otherInterfacesAreRefused() {
    KernelStart start = new KernelStart(KernelStart.chosen(KernelStart.initrd(KernelStart.INITRD, 10))).running();
    long handle = start.firmware.handles().handles(Protocol.LOAD_FILE2).getFirst();
    long size = start.firmware.room(8);
    start.memory.put64(size, 10);
    for (long self : new long[] {0, 0x10, END, size, start.firmware.handles().find(handle, Protocol.DEVICE_PATH)}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, load(start, self, end(start), size, start.firmware.room(10)), "0x" + Long.toHexString(
          self));
    }
  }

  @Test
  void aBufferThatOnlyBeginsInMemoryStaysAsItIs() {
    int size = 3 << 20;
    KernelStart start = new KernelStart(KernelStart.chosen(KernelStart.initrd(KernelStart.INITRD, size))).running();
    long room = start.firmware.room(8);
    start.memory.put64(room, size + 1L);
    byte[] before = new byte[size - 1];
    Arrays.fill(before, FILL);
    start.memory.write(END - before.length, before);
    assertEquals(EfiStatus.INVALID_PARAMETER, load(start, start.loadFile(), end(start), room, END - before.length));
    assertArrayEquals(before, start.memory.read(END - before.length, before.length));
    assertEquals(size + 1L, start.memory.get64(room), "nothing was loaded");
  }
}
