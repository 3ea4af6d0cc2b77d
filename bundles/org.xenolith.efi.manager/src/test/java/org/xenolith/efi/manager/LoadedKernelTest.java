// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeRam;

class LoadedKernelTest {
  private static final long END = FakeRam.BASE + FakeRam.SIZE;
  private static final byte FILL = (byte) 0xA5;
  /** LINUX_EFI_INITRD_MEDIA_GUID, as a node of vendors' media and the end. */
  private static final byte[] PATH = {4, 3, 20, 0, 0x27, (byte) 0xE4, 0x68, 0x55, (byte) 0xFC, 0x68, 0x3D, 0x4F, (byte) 0xAC, 0x74,
      (byte) 0xCA, 0x55, 0x52, 0x31, (byte) 0xCC, 0x68, 0x7F, -1, 4, 0};

  private static FdtNode plain(String kind, int... reg) {
    return KernelStart.module(kind, FdtProperty.ofCells("reg", reg));
  }

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

  @Test
  void aKernelThatComesBackLeavesNothingBehind() {
    KernelStart start = new KernelStart(KernelStart.chosen(KernelStart.initrd(KernelStart.INITRD, 10)));
    assertEquals(EfiStatus.ABORTED, start.back());
    assertEquals(List.of(), start.firmware.handles().handles(Protocol.LOAD_FILE2), "the next would take it for its own");
    assertEquals(List.of(), start.firmware.handles().handles(Protocol.DEVICE_PATH));
    assertEquals(1, start.firmware.allocated(), "its options");
    assertEquals(List.of(), start.firmware.reports().stream().filter(each -> each.contains("stays")).toList());
  }

  @Test
  void anInitrdThatSomebodyHasTakenOrReplacedStays() {
    for (boolean replaced : new boolean[] {false, true}) {
      KernelStart start = new KernelStart(KernelStart.chosen(KernelStart.initrd(KernelStart.INITRD, 10)));
      HandleDatabase handles = start.firmware.handles();
      start.running = () -> {
        long handle = handles.handles(Protocol.LOAD_FILE2).getFirst();
        if (replaced) {
          handles.uninstall(handle, Protocol.LOAD_FILE2, start.loadFile());
          handles.install(handle, Protocol.LOAD_FILE2, start.firmware.room(8));
        } else {
          handles.open(handle, Protocol.LOAD_FILE2, start.firmware.image(), handle, HandleDatabase.BY_DRIVER);
        }
      };
      assertEquals(EfiStatus.ABORTED, start.back());
      assertEquals(1, handles.handles(Protocol.LOAD_FILE2).size());
    }
  }

  @Test
  void withoutMemoryNothingIsStartedAndNothingLeft() {
    for (int i = 1; i <= 3; i++) {
      KernelStart start = new KernelStart(KernelStart.chosen(KernelStart.initrd(KernelStart.INITRD, 10)));
      start.firmware.faults().allocation(i);
      assertEquals(EfiStatus.OUT_OF_RESOURCES, start.back());
      assertEquals(List.of(), start.started);
      assertEquals(List.of(), start.firmware.handles().handles(null));
      assertEquals(0, start.firmware.allocated());
    }
  }

  @Test
  void modulesAreFoundByTheCellsOfTheirParent() {
    int kernel = (int) KernelStart.KERNEL;
    int initrd = (int) KernelStart.INITRD;
    Map<List<Integer>, FdtNode> trees = Map.of(List.of(1, 1), new FdtNode("chosen", List.of(), List.of(plain("kernel", kernel, 100), plain(
        "ramdisk", initrd, 10))), List.of(1, 2), new FdtNode("chosen", List.of(), List.of(plain("kernel", kernel, 0, 100), plain("ramdisk",
            initrd, 0, 10))), List.of(2, 1), new FdtNode("chosen", List.of(), List.of(plain("kernel", 0, kernel, 100), plain("ramdisk", 0,
                initrd, 10))));
    trees.forEach((cells, tree) -> {
      KernelStart start = new KernelStart(tree.withProperty(FdtProperty.ofCells("#address-cells", cells.get(0))).withProperty(FdtProperty
          .ofCells("#size-cells", cells.get(1)))).running();
      assertEquals(List.of(KernelStart.KERNEL, 100L), start.loaded, cells::toString);
      long size = start.firmware.room(8);
      assertEquals(EfiStatus.BUFFER_TOO_SMALL, load(start, start.loadFile(), end(start), size, 0), cells::toString);
      assertEquals(10, start.memory.get64(size), cells::toString);
    });
  }

  @Test
  void aModuleThatMakesNoSenseIsALoadError() {
    FdtNode initrd = KernelStart.initrd(KernelStart.INITRD, 10);
    Map<String, FdtNode> broken = Map.of("no place", initrd.withoutProperty("reg"), "a short place", initrd.withProperty(FdtProperty
        .ofCells(
            "reg", 0, 1, 0)), "half a cell", initrd.withProperty(new FdtProperty("reg", new byte[18])), "before the memory", KernelStart
                .initrd(
                    FakeRam.BASE - 1, 10), "behind the memory", KernelStart.initrd(END - 9, 10), "more than there is", KernelStart.initrd(
                        KernelStart.INITRD, 1L << 32), "more than any memory", KernelStart.initrd(KernelStart.INITRD, -1));
    broken.forEach((what, module) -> refused(what, KernelStart.chosen(module)));
    FdtNode chosen = KernelStart.chosen(initrd);
    refused("an address of three cells", chosen.withProperty(FdtProperty.ofCells("#address-cells", 3)));
    refused("an address of no cell", chosen.withProperty(FdtProperty.ofCells("#address-cells", 0)));
    refused("a size of no cell", chosen.withProperty(FdtProperty.ofCells("#size-cells", 0)));
    refused("cells that are none", chosen.withProperty(FdtProperty.ofFlag("#address-cells")));
    refused("arguments that are none", KernelStart.chosen(KernelStart.module("kernel", FdtProperty.ofU64("reg", KernelStart.KERNEL, 10))
        .withProperty(new FdtProperty("bootargs", new byte[] {'a'}))));
  }

  private static void refused(String what, FdtNode chosen) {
    KernelStart start = new KernelStart(chosen);
    assertEquals(EfiStatus.LOAD_ERROR, start.back(), what);
    assertEquals(List.of(), start.started, what);
    assertEquals(0, start.firmware.allocated(), what);
  }
}
