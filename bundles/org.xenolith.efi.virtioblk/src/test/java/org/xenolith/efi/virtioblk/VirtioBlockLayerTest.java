// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioblk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;
import org.xenolith.testkit.efi.FakeVirtioDevice.Buffer;
import org.xenolith.testkit.efi.FakeVirtioDevice.Lie;

/** A disk behind a queue that a test's device works through, honestly or not. */
class VirtioBlockLayerTest {
  private static final long VERSION_1 = 1L << 32;
  private static final int BYTES = 4 << 20;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  final VirtioBlockLayer layer = new VirtioBlockLayer();
  final FakeVirtioDevice device = new FakeVirtioDevice(firmware, 2, FakeVirtioDevice.configuration(BYTES / 512, 0, 0, 0, 0, 512));
  final byte[] bytes = new byte[BYTES];
  private int flushes;
  /** What the device says of a request. */
  private int answer;

  @BeforeEach
  void begin() {
    hardware();
    layer.begin(firmware);
  }

  void hardware() {
    new Random(1).nextBytes(bytes);
    device.features(VERSION_1 | VirtioBlockLayer.FLUSH);
    device.serve((queue, buffers) -> serve(buffers));
  }

  private int serve(List<Buffer> buffers) {
    EfiRam memory = firmware.memory();
    long header = buffers.getFirst().address();
    int at = (int) memory.get64(header + 8) * 512;
    Buffer data = buffers.get(1);
    if (memory.get32(header) == 4) {
      flushes++;
    } else if (memory.get32(header) == 0) {
      memory.write(data.address(), Arrays.copyOfRange(bytes, at, at + data.length()));
    } else {
      System.arraycopy(memory.read(data.address(), data.length()), 0, bytes, at, data.length());
    }
    memory.put8(buffers.getLast().address(), answer);
    return 1;
  }

  private long connected(boolean modern) {
    assertEquals(0, firmware.connect(layer, device.handle()));
    assertEquals(modern ? 0xF : 7, device.status());
    return firmware.handles().find(device.handle(), Protocol.BLOCK_IO);
  }

  private long transfer(long block, int function, long first, long size, long buffer) {
    return firmware.call(firmware.memory().get64(block + function), block, 0, first, size, buffer);
  }

  @Test
  void blocksAreReadAndWritten() {
    for (long features : new long[] {VERSION_1 | VirtioBlockLayer.FLUSH, 0}) {
      device.features(features);
      long block = connected(features != 0);
      assertEquals(bytes.length / 512, BlockMedia.blocks(firmware.memory(), block));
      long buffer = firmware.room(3 << 20);
      assertEquals(0, transfer(block, BlockMedia.READ, 7, 3 << 20, buffer));
      assertArrayEquals(Arrays.copyOfRange(bytes, 7 * 512, 7 * 512 + (3 << 20)), firmware.memory().read(buffer, 3 << 20));
      assertEquals(3, device.served(0), "requests of a megabyte");
      firmware.memory().put8(buffer + 512, 0x5A);
      assertEquals(0, transfer(block, BlockMedia.WRITE, 100, 1024, buffer));
      assertEquals(0x5A, bytes[101 * 512]);
      assertEquals(0, firmware.call(firmware.memory().get64(block + BlockMedia.FLUSH), block));
      assertEquals(1, flushes);
      for (int i = 0; i < 20; i++) {
        assertEquals(0, transfer(block, BlockMedia.READ, i, 512, buffer));
      }
      assertEquals(0, firmware.disconnect(layer, device.handle()));
      assertEquals(0, device.status(), "the device is reset");
      assertEquals(2, firmware.allocated(), "the driver's binding and its name");
      assertEquals(List.of(), firmware.reports());
    }
  }

  @Test
  void whatCallersGetWrongHasAStatus() {
    device.features(VERSION_1 | VirtioBlockLayer.FLUSH | VirtioBlockLayer.READ_ONLY);
    long block = connected(true);
    long buffer = firmware.room(4096);
    assertEquals(EfiStatus.WRITE_PROTECTED, EfiStatus.of(transfer(block, BlockMedia.WRITE, 0, 512, buffer)));
    assertEquals(EfiStatus.BAD_BUFFER_SIZE, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 100, buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(block, BlockMedia.READ, bytes.length / 512 - 1, 1024, buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(block, BlockMedia.READ, -1, 512, buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 512, 0)));
    assertEquals(EfiStatus.MEDIA_CHANGED, EfiStatus.of(firmware.call(firmware.memory().get64(block + BlockMedia.READ), block, 9, 0, 512,
        buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(firmware.memory().get64(block + BlockMedia.READ), block + 8, 0, 0,
        512, buffer)));
    assertEquals(0, transfer(block, BlockMedia.READ, 0, 0, 0));
    assertEquals(0, device.served(0));
  }

  /** It lies in the guest's memory. */
  @Test
  void aMediumWhoseDescriptionIsOverwrittenIsAnError() {
    long block = connected(true);
    long media = firmware.memory().get64(block + 8);
    for (long size : new long[] {0, 1, 513, 0xFFFF_FFFFL}) {
      firmware.memory().put32(media + 12, size);
      assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 512, firmware.room(512))));
    }
    firmware.memory().put32(media + 12, 512);
    firmware.memory().put64(block + 8, 0x10);
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 512, firmware.room(512))));
  }

  @Test
  void aDeviceThatLiesIsUsedNoMore() {
    for (Lie each : new Lie[] {Lie.SILENT, Lie.INDEX, Lie.ENTRY}) {
      long block = connected(true);
      long buffer = firmware.room(4096);
      device.lie(each);
      long before = firmware.counter();
      assertEquals(each == Lie.SILENT ? EfiStatus.TIMEOUT : EfiStatus.DEVICE_ERROR, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 512,
          buffer)));
      assertTrue(firmware.reports().getLast().contains("it is used no more"), firmware.reports()::toString);
      assertEquals(each == Lie.SILENT, firmware.counter() - before > 10 * firmware.frequency());
      assertEquals(0, device.status(), "it is reset, and writes to no buffer any more");
      device.lie(Lie.NONE);
      assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 512, buffer)));
      assertEquals(0, firmware.disconnect(layer, device.handle()));
      assertEquals(0, transfer(connected(true), BlockMedia.READ, 0, 512, buffer));
      assertEquals(0, firmware.disconnect(layer, device.handle()));
    }
    assertEquals(3, firmware.reports().size());
  }

  @Test
  void aRequestThatFailsIsTheCallersError() {
    long block = connected(true);
    long buffer = firmware.room(4096);
    answer = 1;
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 512, buffer)));
    answer = 0;
    assertEquals(0, transfer(block, BlockMedia.READ, 0, 512, buffer));
  }

  /** As when the layer's bundle was taken away in the middle of a read: the buffers of its request are the device's until it is over. */
  @Test
  void aRequestThatWasLeftBehindIsOverBeforeTheNextOne() {
    long block = connected(true);
    long buffer = firmware.room(4096);
    device.serve((queue, buffers) -> {
      throw new IllegalStateException("nobody waits any more");
    });
    assertThrows(IllegalStateException.class, () -> transfer(block, BlockMedia.READ, 0, 512, buffer));
    device.serve((queue, buffers) -> serve(buffers));
    assertEquals(0, transfer(block, BlockMedia.READ, 9, 512, firmware.room(4096)));
    assertEquals(2, device.served(0), "the device was told again");
    assertArrayEquals(Arrays.copyOfRange(bytes, 0, 512), firmware.memory().read(buffer, 512), "the first one, by its own descriptors");
  }

  @Test
  void aDiskThatRefusesIsToldOnceInARow() {
    long block = connected(true);
    long buffer = firmware.room(4096);
    answer = 1;
    transfer(block, BlockMedia.READ, 3, 512, buffer);
    transfer(block, BlockMedia.READ, 4, 512, buffer);
    assertEquals(List.of("virtio block device: a request at sector 3 ends with status 1, an error of the disk"), firmware.reports());
    answer = 0;
    transfer(block, BlockMedia.READ, 3, 512, buffer);
    answer = 1;
    transfer(block, BlockMedia.READ, 5, 512, buffer);
    assertEquals(2, firmware.reports().size());
  }

  @Test
  void aStartThatFailsLeavesNothing() {
    device.most(6);
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, device.handle())), "no power of two");
    assertEquals(2, firmware.allocated(), "the driver's binding and its name");
    device.most(FakeVirtioDevice.SIZE);
    device.event(EfiStatus.OUT_OF_RESOURCES);
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(firmware.connect(layer, device.handle())), "no event for the end of boot services");
    assertEquals(2, firmware.allocated(), "its ring, too");
    assertEquals(0, device.status(), "the device is reset");
    device.event(EfiStatus.SUCCESS);
    assertEquals(0, transfer(connected(true), BlockMedia.READ, 0, 512, firmware.room(4096)));
  }
}
