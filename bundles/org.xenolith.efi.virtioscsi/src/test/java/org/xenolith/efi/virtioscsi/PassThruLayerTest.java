// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.virtioscsi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.ScsiPacket;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;
import org.xenolith.testkit.efi.FakeVirtioDevice;
import org.xenolith.testkit.efi.FakeVirtioDevice.Buffer;
import org.xenolith.testkit.efi.FakeVirtioDevice.Lie;

/** A host with a unit that echoes, at target 3. */
class PassThruLayerTest {
  private final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  private final PassThruLayer layer = new PassThruLayer();
  // One request queue, 64 sectors at most, 64 targets, 16384 LUNs.
  private final FakeVirtioDevice device = new FakeVirtioDevice(firmware, 8, FakeVirtioDevice.configuration(1, 126, 64, 1, 16, 96, 32,
      63 << 16, 16383));
  private final long room = firmware.room(4096);
  private final long packet = room + 1024;
  private byte[] request;
  private int result;
  private int status;
  private int residual;

  @BeforeEach
  void begin() {
    device.serve((queue, buffers) -> serve(buffers));
    firmware.service(BootService.ALLOCATE_POOL, call -> {
      memory.put64(call.argument(2), firmware.room(64));
      return EfiStep.done();
    });
    layer.begin(firmware);
  }

  private int serve(List<Buffer> buffers) {
    request = memory.read(buffers.getFirst().address(), buffers.getFirst().length());
    boolean there = request[1] == 3 && request[3] == 0;
    Buffer response = buffers.stream().filter(Buffer::writes).findFirst().orElseThrow();
    memory.put32(response.address(), status == 0 ? 0 : 18);
    memory.put32(response.address() + 4, residual);
    memory.put8(response.address() + 10, status);
    memory.put8(response.address() + 11, there ? result : 3);
    memory.put8(response.address() + 12, status == 0 ? 0 : 0x70);
    Buffer last = buffers.getLast();
    if (last.writes() && last != response) {
      byte[] data = new byte[last.length()];
      Arrays.fill(data, (byte) 0x5A);
      memory.write(last.address(), data);
    }
    return response.length();
  }

  private long connected() {
    assertEquals(0, firmware.connect(layer, device.handle()));
    return firmware.handles().find(device.handle(), Protocol.EXT_SCSI_PASS_THRU);
  }

  private EfiStatus pass(long host, int target, long lun, int direction, int length) {
    memory.clear(room, 16);
    memory.put8(room, target);
    memory.write(room + 64, new byte[] {0x28, 1, 2, 3, 4, 5, 6, 7, 8, 9});
    memory.clear(packet, ScsiPacket.SIZE);
    memory.put64(packet + ScsiPacket.COMMAND, room + 64);
    memory.put8(packet + ScsiPacket.COMMAND_LENGTH, 10);
    memory.put8(packet + ScsiPacket.DIRECTION, direction);
    memory.put64(ScsiPacket.data(packet, direction & 1), room + 2048);
    memory.put32(ScsiPacket.length(packet, direction & 1), length);
    memory.put64(packet + ScsiPacket.SENSE, room + 128);
    memory.put8(packet + ScsiPacket.SENSE_LENGTH, 18);
    return EfiStatus.of(firmware.call(memory.get64(host + 8), host, room, lun, packet, 0));
  }

  @Test
  void commandsGoToTheirUnitAndDataComesBack() {
    long host = connected();
    assertEquals(EfiStatus.SUCCESS, pass(host, 3, 0, ScsiPacket.READ, 512));
    assertArrayEquals(new byte[] {1, 3, 0x40, 0, 0, 0, 0, 0}, Arrays.copyOf(request, 8), "the LUN's form (Virtio 1.2, 5.6.6.1)");
    assertArrayEquals(new byte[] {0x28, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0}, Arrays.copyOfRange(request, 19, 30));
    assertEquals(0x5A, memory.get8(room + 2048 + 511));
    assertEquals(0, memory.get8(room + 2048 + 512));
    assertEquals(512, memory.get32(ScsiPacket.length(packet, 0)));
    residual = 12;
    assertEquals(EfiStatus.SUCCESS, pass(host, 3, 0, ScsiPacket.WRITE, 512));
    assertEquals(500, memory.get32(ScsiPacket.length(packet, 1)));
    assertEquals(EfiStatus.SUCCESS, pass(host, 3, 0, ScsiPacket.READ, 0), "no data at all");
    status = 2;
    assertEquals(EfiStatus.SUCCESS, pass(host, 3, 0, ScsiPacket.READ, 0), "a unit's status is none of the host's");
    assertEquals(2, memory.get8(packet + ScsiPacket.TARGET_STATUS));
    assertEquals(18, memory.get8(packet + ScsiPacket.SENSE_LENGTH));
    assertEquals(0x70, memory.get8(room + 128));
    status = 0;
    residual = 0;
    assertEquals(EfiStatus.TIMEOUT, pass(host, 4, 0, ScsiPacket.READ, 0));
    assertEquals(ScsiPacket.HOST_SELECTION_TIMEOUT, memory.get8(packet + ScsiPacket.HOST_STATUS));
    result = 5;
    assertEquals(EfiStatus.NOT_READY, pass(host, 3, 0, ScsiPacket.READ, 512));
    assertEquals(512, memory.get32(ScsiPacket.length(packet, 0)), "its caller may send the packet again");
    result = 9;
    assertEquals(EfiStatus.DEVICE_ERROR, pass(host, 3, 0, ScsiPacket.READ, 512));
    assertEquals(0, memory.get32(ScsiPacket.length(packet, 0)), "nothing was moved, whatever the device says is left");
    assertEquals(0, firmware.disconnect(layer, device.handle()));
    assertEquals(2, firmware.allocated());
  }

  @Test
  void whatCallersGetWrongHasAStatus() {
    long host = connected();
    assertEquals(EfiStatus.INVALID_PARAMETER, pass(host, 64, 0, ScsiPacket.READ, 0));
    assertEquals(EfiStatus.INVALID_PARAMETER, pass(host, 3, 8, ScsiPacket.READ, 0));
    assertEquals(EfiStatus.UNSUPPORTED, pass(host, 3, 0, 2, 0), "reads and writes");
    assertEquals(EfiStatus.BAD_BUFFER_SIZE, pass(host, 3, 0, ScsiPacket.READ, 65 * 512));
    assertEquals(64 * 512, memory.get32(ScsiPacket.length(packet, 0)), "what would fit");
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(memory.get64(host + 8), host, room, 0, 0, 0)));
    assertEquals(0, device.served(2));
  }

  @Test
  void unitsAreCountedAndNamed() {
    long host = connected();
    memory.put64(room + 32, room);
    for (int i = 0; i < 16; i++) {
      memory.put8(room + i, 0xFF);
    }
    int units = 0;
    while (firmware.call(memory.get64(host + 16), host, room + 32, room + 40) == 0) {
      assertEquals(units / 8, memory.get8(room));
      assertEquals(units % 8, memory.get64(room + 40));
      units++;
    }
    assertEquals(64 * 8, units);
    memory.put8(room, 63);
    assertEquals(EfiStatus.NOT_FOUND, EfiStatus.of(firmware.call(memory.get64(host + 56), host, room + 32)));
    memory.put8(room, 3);
    assertEquals(0, firmware.call(memory.get64(host + 24), host, room, 5, room + 48));
    long node = memory.get64(room + 48);
    assertArrayEquals(new byte[] {3, 2, 8, 0, 3, 0, 5, 0}, memory.read(node, 8));
    memory.clear(room, 16);
    assertEquals(0, firmware.call(memory.get64(host + 32), host, node, room + 32, room + 40));
    assertEquals(3, memory.get8(room));
    assertEquals(5, memory.get64(room + 40));
    memory.put8(node + 1, 3);
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.call(memory.get64(host + 32), host, node, room + 32, room + 40)));
  }

  @Test
  void aHostThatLiesIsUsedNoMore() {
    long host = connected();
    device.lie(Lie.ENTRY);
    assertEquals(EfiStatus.DEVICE_ERROR, pass(host, 3, 0, ScsiPacket.READ, 512));
    assertEquals(ScsiPacket.HOST_OTHER, memory.get8(packet + ScsiPacket.HOST_STATUS));
    device.lie(Lie.NONE);
    assertEquals(EfiStatus.DEVICE_ERROR, pass(host, 3, 0, ScsiPacket.READ, 512));
    assertTrue(firmware.reports().getLast().contains("virtio SCSI host"), firmware.reports()::toString);
  }
}
