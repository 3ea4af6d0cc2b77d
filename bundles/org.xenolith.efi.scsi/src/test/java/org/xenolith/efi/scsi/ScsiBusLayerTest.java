// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.scsi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.efi.boot.kit.ScsiPacket;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** A test's host of 4 targets with 3 LUNs each; units are what INQUIRY says of them. */
class ScsiBusLayerTest {
  private static final int TARGETS = 4;
  private static final int LUNS = 3;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  final ScsiBusLayer layer = new ScsiBusLayer();
  private final List<String> asked = new ArrayList<>();
  private final long room = firmware.room(256);
  private final long host = firmware.room(64);
  int pools;
  long controller;
  /** First byte of INQUIRY's data by target and LUN. */
  private Map<String, Integer> units = Map.of("0.0", 0, "0.2", 5, "2.0", 0x7F, "3.1", 0);

  private void put(int at, EfiFunction function) {
    memory.put64(host + at, firmware.guest(function));
  }

  @BeforeEach
  void begin() {
    hardware();
    layer.begin(firmware);
  }

  void hardware() {
    memory.put64(host, firmware.room(16)); // its mode
    put(8, call -> {
      String unit = memory.get8(call.argument(1)) + "." + call.argument(2);
      long packet = call.argument(3);
      asked.add(unit);
      if (!units.containsKey(unit)) {
        return EfiStep.done(EfiStatus.TIMEOUT);
      }
      if (memory.get8(memory.get64(packet + ScsiPacket.COMMAND)) == 0x12) {
        memory.put8(memory.get64(ScsiPacket.data(packet, 0)), units.get(unit));
      }
      return EfiStep.done();
    });
    put(16, call -> {
      long target = memory.get64(call.argument(1));
      boolean first = memory.get8(target + 15) == 0xFF;
      int next = first ? 0 : memory.get8(target) * LUNS + (int) memory.get64(call.argument(2)) + 1;
      memory.clear(target, 16);
      memory.put8(target, next / LUNS);
      memory.put64(call.argument(2), next % LUNS);
      return EfiStep.done(next < TARGETS * LUNS ? EfiStatus.SUCCESS : EfiStatus.NOT_FOUND);
    });
    put(24, call -> {
      long node = firmware.room(16);
      memory.write(node, new byte[] {3, 2, 8, 0, (byte) memory.get8(call.argument(1)), 0, (byte) call.argument(2), 0});
      memory.put64(call.argument(3), node);
      pools++;
      return EfiStep.done();
    });
    put(56, call -> {
      long target = memory.get64(call.argument(1));
      memory.put8(target, memory.get8(target) + 1);
      return EfiStep.done(memory.get8(target) < TARGETS ? EfiStatus.SUCCESS : EfiStatus.NOT_FOUND);
    });
    firmware.service(BootService.FREE_POOL, call -> {
      pools--;
      return EfiStep.done();
    });
    controller = firmware.handles().install(0, Protocol.EXT_SCSI_PASS_THRU, host);
  }

  private List<Long> connected() {
    assertEquals(0, firmware.connect(layer, controller));
    return firmware.handles().handles(Protocol.SCSI_IO);
  }

  private String path(long handle) {
    return DevicePathText.of(DevicePath.read(memory, firmware.handles().find(handle, Protocol.DEVICE_PATH)));
  }

  @Test
  void unitsThatAnswerGetHandles() {
    List<Long> children = connected();
    assertEquals(List.of("Scsi(0x0,0x0)", "Scsi(0x0,0x2)"), children.stream().map(this::path).toList());
    assertEquals(List.of("0.0", "0.1", "0.2", "1.0", "2.0", "3.0"), asked, "a target without LUN 0 is asked for no other");
    assertEquals(0, pools, "what the host allocated for paths is free");
    long unit = firmware.handles().find(children.get(1), Protocol.SCSI_IO);
    assertEquals(0, firmware.call(memory.get64(unit), unit, room));
    assertEquals(5, memory.get8(room));
    memory.put64(room, room + 32);
    assertEquals(0, firmware.call(memory.get64(unit + 8), unit, room, room + 8));
    assertEquals(2, memory.get64(room + 8));
    asked.clear();
    memory.clear(room, 64);
    memory.put64(room + ScsiPacket.COMMAND, room + 128);
    assertEquals(0, firmware.call(memory.get64(unit + 32), unit, room, 0));
    assertEquals(List.of("0.2"), asked, "its commands are its own");
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(memory.get64(unit), unit + 8, room)));
    assertEquals(0, firmware.disconnect(layer, controller, children.stream().mapToLong(each -> each).toArray()));
    assertEquals(2, firmware.allocated(), "the driver's binding and its name");
    assertTrue(firmware.handles().handles(Protocol.SCSI_IO).isEmpty());
  }

  @Test
  void aHostWithoutUnitsIsManagedAndLeft() {
    units = Map.of();
    assertTrue(connected().isEmpty());
    assertEquals(EfiStatus.ALREADY_STARTED, EfiStatus.of(firmware.connect(layer, controller)));
    assertEquals(0, firmware.disconnect(layer, controller));
    assertEquals(2, firmware.allocated());
  }
}
