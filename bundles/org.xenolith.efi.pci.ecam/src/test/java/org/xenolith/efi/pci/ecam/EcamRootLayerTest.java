// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci.ecam;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;

/** A host with 16 buses and three windows: which register is touched for an access. */
class EcamRootLayerTest {
  private static final long ECAM = 0x40_1000_0000L;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withProperty(FdtProperty.ofCells(
      "#address-cells", 2)).withProperty(FdtProperty.ofCells("#size-cells", 2)).withChild(new FdtNode("pcie@0", List.of(), List.of())
          .withProperty(FdtProperty.ofStrings("compatible", "pci-host-ecam-generic")).withProperty(FdtProperty.ofU64("reg", ECAM, 16L
              << 20))
          .withProperty(FdtProperty.ofCells("linux,pci-domain", 2)).withProperty(FdtProperty.ofCells("bus-range", 0, 15)).withProperty(
              FdtProperty.ofCells("ranges", 0x0100_0000, 0, 0, 0, 0x3EFF_0000, 0, 0x1_0000, 0x0200_0000, 0, 0x1000_0000, 0, 0x1000_0000, 0,
                  0x2EFF_0000, 0x0300_0000, 0x80, 0, 0x80, 0, 0x80, 0)))));
  private final EfiRam memory = firmware.memory();
  final EcamRootLayer layer = new EcamRootLayer();
  private final List<String> touched = new ArrayList<>();
  private long handle;
  private long root;

  @BeforeEach
  void start() {
    firmware.registers(access -> {
      touched.add(access.kind() + " " + access.size() + " " + Long.toHexString(access.address()) + " " + Long.toHexString(access.value()));
      return touched.size();
    });
    layer.begin(firmware);
    handle = firmware.handles().handles(EcamRootLayer.HOST).getFirst();
    assertEquals(0, firmware.connect(layer, handle));
    root = firmware.handles().find(handle, Protocol.PCI_ROOT_BRIDGE_IO);
  }

  private EfiStatus access(int function, int width, long address, long count, long buffer) {
    return EfiStatus.of(firmware.call(memory.get64(root + function), root, width, address, count, buffer));
  }

  @Test
  void addressesOfConfigurationAreEcams() {
    long room = firmware.room(64);
    assertEquals(EfiStatus.SUCCESS, access(56, PciAccess.WIDTH_32, 3L << 24 | 4 << 16 | 5 << 8 | 0x10, 2, room));
    assertEquals(EfiStatus.SUCCESS, access(56, PciAccess.WIDTH_16, 1L << 24 | 0x104L << 32, 1, room + 8));
    memory.put8(room + 16, 0xAB);
    assertEquals(EfiStatus.SUCCESS, access(64, PciAccess.WIDTH_8, 0x3C, 1, room + 16));
    assertEquals(List.of("READ 4 4010325010 0", "READ 4 4010325014 0", "READ 2 4010100104 0", "WRITE 1 401000003c ab"), touched);
    assertEquals(List.of(1L, 2L, 3), List.of(memory.get32(room), memory.get32(room + 4), memory.get16(room + 8)));
    for (long wrong : new long[] {16L << 24, 32 << 16, 8 << 8, 4096L << 32}) {
      assertEquals(EfiStatus.INVALID_PARAMETER, access(56, PciAccess.WIDTH_32, wrong, 1, room));
    }
    assertEquals(EfiStatus.INVALID_PARAMETER, access(56, 12, 0, 1, room));
  }

  @Test
  void windowsAreThoseOfTheTree() {
    long room = firmware.room(2048);
    assertEquals(EfiStatus.SUCCESS, access(24, PciAccess.WIDTH_32, 0x1000_0100, 1, room));
    assertEquals(EfiStatus.SUCCESS, access(24, PciAccess.WIDTH_32, 0x80_0000_0000L, 1, room));
    assertEquals(EfiStatus.SUCCESS, access(48, PciAccess.WIDTH_16, 0x1002, 1, room));
    assertEquals(List.of("READ 4 10000100 0", "READ 4 8000000000 0", "WRITE 2 3eff1002 2"), touched);
    assertEquals(EfiStatus.INVALID_PARAMETER, access(24, PciAccess.WIDTH_32, 0x4000_0000, 1, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, access(24, PciAccess.WIDTH_32, 0x1000_0000 + 0x2EFF_0000L - 4, 2, room));
    assertEquals(EfiStatus.INVALID_PARAMETER, access(40, PciAccess.WIDTH_32, 0x1_0000, 1, room));
    touched.clear();
    assertEquals(EfiStatus.SUCCESS, access(24, PciAccess.WIDTH_32 + 4, 0x1000_0100, 100, room), "one register a hundred times");
    assertEquals(100, touched.size());
    assertEquals(1, touched.stream().distinct().count());
    assertEquals(100, memory.get32(room + 396));
    assertEquals(EfiStatus.SUCCESS, access(32, PciAccess.WIDTH_32 + 8, 0x1000_0100, 2, room), "one value twice");
    assertEquals(List.of("WRITE 4 10000100 1", "WRITE 4 10000104 1"), touched.subList(100, 102));
  }

  @Test
  void whatThereIsToGiveIsTold() {
    long room = firmware.room(16);
    assertEquals(0, firmware.call(memory.get64(root + 136), root, room));
    long at = memory.get64(room);
    List<String> said = new ArrayList<>();
    for (; memory.get8(at) == 0x8A; at += 46) {
      said.add(memory.get8(at + 3) + " " + Long.toHexString(memory.get64(at + 14)) + " " + Long.toHexString(memory.get64(at + 22)));
    }
    assertEquals(List.of("2 0 f", "0 10000000 3efeffff", "0 8000000000 ffffffffff", "1 0 ffff"), said);
    assertEquals(2, memory.get32(root + 144));
    assertEquals("PciRoot(0x2)", DevicePathText.of(DevicePath.read(memory, firmware.handles().find(handle, Protocol.DEVICE_PATH))));
    assertEquals(0, firmware.disconnect(layer, handle));
  }
}
