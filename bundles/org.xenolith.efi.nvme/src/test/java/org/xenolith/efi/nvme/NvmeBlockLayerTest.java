// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.nvme;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** A controller's namespace is read and written; one that lies isn't used any more. */
class NvmeBlockLayerTest {
  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  final NvmeBlockLayer layer = new NvmeBlockLayer();
  final FakeController nvme = new FakeController(firmware);
  long controller;

  @BeforeEach
  void begin() {
    hardware();
    layer.begin(firmware);
  }

  void hardware() {
    controller = firmware.handles().install(0, Protocol.PCI_IO, nvme.protocol);
    byte[] path = new DevicePath().bytes();
    long at = firmware.room(path.length);
    memory.write(at, path);
    firmware.handles().install(controller, Protocol.DEVICE_PATH, at);
  }

  private long[] children() {
    return firmware.handles().handles(Protocol.BLOCK_IO).stream().mapToLong(Long::longValue).toArray();
  }

  private long connected() {
    assertEquals(0, firmware.connect(layer, controller));
    return firmware.handles().find(children()[0], Protocol.BLOCK_IO);
  }

  private EfiStatus transfer(long block, int function, long first, long size, long buffer) {
    return EfiStatus.of(firmware.call(memory.get64(block + function), block, 0, first, size, buffer));
  }

  @Test
  void blocksAreReadAndWritten() {
    long block = connected();
    assertEquals(nvme.bytes.length / 512, BlockMedia.blocks(memory, block));
    assertEquals("NVMe(0x1,01-02-03-04-05-06-07-08)", DevicePathText.of(DevicePath.read(memory, firmware.handles().find(children()[0],
        Protocol.DEVICE_PATH))));
    long buffer = firmware.room(600_000) + 3;
    assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.READ, 9, 500_224, buffer), "to an odd address");
    assertArrayEquals(Arrays.copyOfRange(nvme.bytes, 9 * 512, 9 * 512 + 500_224), memory.read(buffer, 500_224));
    for (int size : new int[] {512, 4096, 4608, 8192, 8704}) {
      memory.put8(buffer + size - 1, size / 512);
      assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.WRITE, 40, size, buffer));
      assertEquals(size / 512, nvme.bytes[40 * 512 + size - 1]);
    }
    assertEquals(0, firmware.call(memory.get64(block + BlockMedia.FLUSH), block));
    assertEquals(1, nvme.flushes);
    for (int i = 0; i < 40; i++) {
      assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.READ, i, 512, buffer), "twice around the queue");
    }
    assertArrayEquals(Arrays.copyOfRange(nvme.bytes, 39 * 512, 40 * 512), memory.read(buffer, 512));
    assertEquals(List.of(), firmware.reports());
  }

  @Test
  void nothingIsLeftWhenItStops() {
    int before = firmware.allocated();
    for (int i = 0; i < 3; i++) {
      assertEquals(EfiStatus.SUCCESS, transfer(connected(), BlockMedia.READ, 0, 4096, firmware.room(4096)));
      assertEquals(0, firmware.disconnect(layer, controller, children()));
      assertEquals(before, firmware.allocated());
      assertFalse(nvme.isEnabled());
    }
  }

  @Test
  void whatCallersGetWrongHasAStatus() {
    long block = connected();
    long buffer = firmware.room(4096);
    int before = nvme.commands;
    assertEquals(EfiStatus.BAD_BUFFER_SIZE, transfer(block, BlockMedia.READ, 0, 100, buffer));
    assertEquals(EfiStatus.INVALID_PARAMETER, transfer(block, BlockMedia.READ, nvme.bytes.length / 512 - 1, 1024, buffer));
    assertEquals(EfiStatus.INVALID_PARAMETER, transfer(block, BlockMedia.READ, -1, 512, buffer));
    assertEquals(EfiStatus.INVALID_PARAMETER, transfer(block, BlockMedia.WRITE, 0, 512, 0));
    assertEquals(EfiStatus.MEDIA_CHANGED, EfiStatus.of(firmware.call(memory.get64(block + BlockMedia.READ), block, 9, 0, 512, buffer)));
    assertEquals(before, nvme.commands);
  }

  @Test
  void aControllerThatLiesIsUsedNoMore() {
    for (FakeController.Lie lie : List.of(FakeController.Lie.SILENT, FakeController.Lie.IDENTITY)) {
      NvmeBlockLayerTest other = new NvmeBlockLayerTest();
      other.begin();
      long block = other.connected();
      long buffer = other.firmware.room(4096);
      other.nvme.lie = lie;
      assertEquals(lie == FakeController.Lie.SILENT ? EfiStatus.TIMEOUT : EfiStatus.DEVICE_ERROR, other.transfer(block, BlockMedia.READ, 0,
          512,
          buffer));
      assertTrue(other.firmware.reports().getFirst().contains("it is used no more"), other.firmware.reports()::toString);
      other.nvme.lie = FakeController.Lie.NONE;
      assertEquals(EfiStatus.DEVICE_ERROR, other.transfer(block, BlockMedia.READ, 0, 512, buffer));
      assertEquals(0, other.firmware.disconnect(other.layer, other.controller, other.children()));
      assertEquals(EfiStatus.SUCCESS, other.transfer(other.connected(), BlockMedia.READ, 0, 512, buffer));
    }
  }

  @Test
  void aCommandThatFailsIsTheCallersError() {
    long block = connected();
    long buffer = firmware.room(4096);
    nvme.lie = FakeController.Lie.STATUS;
    assertEquals(EfiStatus.DEVICE_ERROR, transfer(block, BlockMedia.READ, 0, 512, buffer));
    nvme.lie = FakeController.Lie.NONE;
    assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.READ, 0, 512, buffer));
  }

  /** As when the layer's bundle was taken away in the middle of a read: its answer isn't taken for the next one's. */
  @Test
  void aCommandThatWasLeftBehindIsOverBeforeTheNextOne() {
    long block = connected();
    long buffer = firmware.room(4096);
    long bell = memory.get64(nvme.protocol + 24);
    memory.put64(nvme.protocol + 24, firmware.guest(call -> {
      firmware.call(bell, call.argument(0), call.argument(1), call.argument(2), call.argument(3), call.argument(4), call.argument(5));
      throw new IllegalStateException("nobody waits any more");
    }));
    assertThrows(IllegalStateException.class, () -> transfer(block, BlockMedia.READ, 0, 512, buffer));
    memory.put64(nvme.protocol + 24, bell);
    nvme.lie = FakeController.Lie.STATUS;
    assertEquals(EfiStatus.DEVICE_ERROR, transfer(block, BlockMedia.READ, 1, 512, buffer));
    assertEquals(List.of("NVMe controller: command 0x2 ends with status 0x82"), firmware.reports());
    nvme.lie = FakeController.Lie.NONE;
    assertEquals(EfiStatus.SUCCESS, transfer(block, BlockMedia.READ, 2, 512, buffer));
    assertArrayEquals(Arrays.copyOfRange(nvme.bytes, 1024, 1536), memory.read(buffer, 512));
  }

  @Test
  void aStartThatFailsLeavesNothing() {
    int before = firmware.allocated();
    for (FakeController.Lie lie : List.of(FakeController.Lie.NEVER_READY, FakeController.Lie.SILENT, FakeController.Lie.STATUS)) {
      nvme.lie = lie;
      assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(firmware.connect(layer, controller)), lie::toString);
      assertEquals(before, firmware.allocated());
      assertFalse(nvme.isEnabled(), "it writes into nobody's memory");
    }
    nvme.lie = FakeController.Lie.NO_NAMESPACES;
    assertEquals(0, firmware.connect(layer, controller));
    assertEquals(0, children().length);
    assertEquals(0, firmware.disconnect(layer, controller));
    assertEquals(before, firmware.allocated());
  }
}
