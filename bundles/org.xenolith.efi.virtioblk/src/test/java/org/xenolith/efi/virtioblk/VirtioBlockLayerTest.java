// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioblk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.kit.BlockMedia;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** A disk behind a queue that a test's device works through, honestly or not. */
class VirtioBlockLayerTest {
  private static final int QUEUE = 8;
  private static final long VERSION_1 = 1L << 32;

  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final VirtioBlockLayer layer = new VirtioBlockLayer();
  private final byte[] bytes = new byte[4 << 20];
  private long features = VERSION_1 | VirtioBlockLayer.FLUSH;
  private long handle;
  private long status;
  private long ring;
  private int served;
  private int flushes;
  private int most = QUEUE;
  private long event;
  /** What the device says instead of the truth. */
  private Lie lie = Lie.NONE;

  private enum Lie {
    NONE, SILENT, INDEX, ENTRY, STATUS
  }

  private long put(long at, EfiFunction function) {
    firmware.memory().put64(at, firmware.guest(function));
    return at + 8;
  }

  @BeforeEach
  void device() {
    new Random(1).nextBytes(bytes);
    EfiRam memory = firmware.memory();
    long device = firmware.room(8 + 17 * 8);
    memory.put32(device + 4, 2);
    long at = device + 8;
    at = put(at, call -> {
      memory.put64(call.argument(1), features);
      return EfiStep.done();
    });
    at = put(at, call -> EfiStep.done());
    at = put(at, call -> {
      ring = call.argument(1);
      return EfiStep.done();
    });
    at = put(at, call -> EfiStep.done());
    at = put(at, call -> {
      serve();
      return EfiStep.done();
    });
    at = put(at, call -> EfiStep.done());
    at = put(at, call -> EfiStep.done());
    at = put(at, call -> {
      memory.put16(call.argument(1), most);
      return EfiStep.done();
    });
    at = put(at, call -> EfiStep.done());
    at = put(at, call -> {
      memory.put8(call.argument(1), status);
      return EfiStep.done();
    });
    at = put(at, call -> {
      status = call.argument(1);
      return EfiStep.done();
    });
    at = put(at, call -> EfiStep.done());
    put(at, call -> {
      memory.put64(call.argument(4), call.argument(1) == 0 ? bytes.length / 512 : 512);
      return EfiStep.done();
    });
    firmware.service(BootService.CREATE_EVENT, call -> {
      memory.put64(call.argument(4), 0x77);
      return EfiStep.done(event);
    });
    firmware.service(BootService.CLOSE_EVENT, call -> EfiStep.done(call.argument(0) == 0x77 ? EfiStatus.SUCCESS
        : EfiStatus.INVALID_PARAMETER));
    handle = firmware.handles().install(0, Protocol.VIRTIO_DEVICE, device);
    layer.begin(firmware);
  }

  /** The chain that was made available last. */
  private void serve() {
    EfiRam memory = firmware.memory();
    long descriptors = memory.get64(ring + 16);
    long used = memory.get64(ring + 56);
    int head = memory.get16(memory.get64(ring + 40) + 2 * (served % QUEUE));
    long header = memory.get64(descriptors + 16L * head);
    int at = (int) memory.get64(header + 8) * 512;
    int next = memory.get16(descriptors + 16L * head + 14);
    long last = descriptors + 16L * next;
    if (memory.get32(header) == 4) {
      flushes++;
    } else {
      byte[] piece = new byte[(int) memory.get32(last + 8)];
      if (memory.get32(header) == 0) {
        System.arraycopy(bytes, at, piece, 0, piece.length);
        memory.write(memory.get64(last), piece);
      } else {
        System.arraycopy(memory.read(memory.get64(last), piece.length), 0, bytes, at, piece.length);
      }
      last = descriptors + 16L * memory.get16(last + 14);
    }
    memory.put8(memory.get64(last), lie == Lie.STATUS ? 1 : 0);
    memory.put32(used + 4 + 8 * (served % QUEUE), lie == Lie.ENTRY ? 5 : head);
    if (lie != Lie.SILENT) {
      served++;
      memory.put16(used + 2, lie == Lie.INDEX ? served + 3 : served);
    }
  }

  private long connected() {
    assertEquals(0, firmware.connect(layer, handle));
    assertEquals((features & VERSION_1) != 0 ? 0xF : 7, status);
    return firmware.handles().find(handle, Protocol.BLOCK_IO);
  }

  private long transfer(long block, int function, long first, long size, long buffer) {
    return firmware.call(firmware.memory().get64(block + function), block, 0, first, size, buffer);
  }

  @Test
  void blocksAreReadAndWritten() {
    for (long each : new long[] {VERSION_1 | VirtioBlockLayer.FLUSH, 0}) {
      features = each;
      served = 0;
      long block = connected();
      assertEquals(bytes.length / 512, BlockMedia.blocks(firmware.memory(), block));
      long buffer = firmware.room(3 << 20);
      assertEquals(0, transfer(block, BlockMedia.READ, 7, 3 << 20, buffer));
      assertArrayEquals(Arrays.copyOfRange(bytes, 7 * 512, 7 * 512 + (3 << 20)), firmware.memory().read(buffer, 3 << 20));
      assertEquals(3, served, "requests of a megabyte");
      firmware.memory().put8(buffer + 512, 0x5A);
      assertEquals(0, transfer(block, BlockMedia.WRITE, 100, 1024, buffer));
      assertEquals(0x5A, bytes[101 * 512]);
      assertEquals(0, firmware.call(firmware.memory().get64(block + BlockMedia.FLUSH), block));
      assertEquals(1, flushes);
      for (int i = 0; i < 20; i++) {
        assertEquals(0, transfer(block, BlockMedia.READ, i, 512, buffer));
      }
      assertEquals(0, firmware.disconnect(layer, handle));
      assertEquals(0, status, "the device is reset");
      assertEquals(2, firmware.allocated(), "the driver's binding and its name");
      assertEquals(List.of(), firmware.reports());
    }
  }

  @Test
  void whatCallersGetWrongHasAStatus() {
    features |= VirtioBlockLayer.READ_ONLY;
    long block = connected();
    long buffer = firmware.room(4096);
    assertEquals(EfiStatus.WRITE_PROTECTED, EfiStatus.of(transfer(block, BlockMedia.WRITE, 0, 512, buffer)));
    assertEquals(EfiStatus.BAD_BUFFER_SIZE, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 100, buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(block, BlockMedia.READ, bytes.length / 512 - 1, 1024, buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(block, BlockMedia.READ, -1, 512, buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 512, 0)));
    assertEquals(EfiStatus.MEDIA_CHANGED, EfiStatus.of(firmware.call(firmware.memory().get64(block + BlockMedia.READ), block, 9, 0, 512,
        buffer)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(firmware.memory().get64(block + BlockMedia.READ), block + 8, 0, 0,
        512,
        buffer)));
    assertEquals(0, transfer(block, BlockMedia.READ, 0, 0, 0));
    assertEquals(0, served);
  }

  @Test
  void aDeviceThatLiesIsUsedNoMore() {
    for (Lie each : new Lie[] {Lie.SILENT, Lie.INDEX, Lie.ENTRY}) {
      VirtioBlockLayerTest other = new VirtioBlockLayerTest();
      other.device();
      long block = other.connected();
      long buffer = other.firmware.room(4096);
      other.lie = each;
      long before = other.firmware.counter();
      assertEquals(each == Lie.SILENT ? EfiStatus.TIMEOUT : EfiStatus.DEVICE_ERROR, EfiStatus.of(other.transfer(block, BlockMedia.READ, 0,
          512,
          buffer)));
      assertTrue(other.firmware.reports().getFirst().contains("it is used no more"), other.firmware.reports()::toString);
      assertEquals(each == Lie.SILENT, other.firmware.counter() - before > 10 * other.firmware.frequency());
      other.lie = Lie.NONE;
      assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(other.transfer(block, BlockMedia.READ, 0, 512, buffer)));
      assertEquals(0, other.firmware.disconnect(other.layer, other.handle));
      other.served = 0;
      assertEquals(0, other.transfer(other.connected(), BlockMedia.READ, 0, 512, buffer));
    }
  }

  @Test
  void aRequestThatFailsIsTheCallersError() {
    long block = connected();
    long buffer = firmware.room(4096);
    lie = Lie.STATUS;
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(transfer(block, BlockMedia.READ, 0, 512, buffer)));
    lie = Lie.NONE;
    assertEquals(0, transfer(block, BlockMedia.READ, 0, 512, buffer));
  }

  @Test
  void aStartThatFailsLeavesNothing() {
    most = 6;
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, handle)), "no power of two");
    assertEquals(2, firmware.allocated(), "the driver's binding and its name");
    most = QUEUE;
    event = EfiStatus.OUT_OF_RESOURCES.code();
    assertEquals(EfiStatus.DEVICE_ERROR, EfiStatus.of(firmware.connect(layer, handle)), "no event for the end of boot services");
    assertEquals(2, firmware.allocated(), "its ring, too");
    assertEquals(0, status, "the device is reset");
    event = 0;
    assertEquals(0, transfer(connected(), BlockMedia.READ, 0, 512, firmware.room(4096)));
  }
}
