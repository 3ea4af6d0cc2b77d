// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.xenio.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.testkit.efi.FakeFirmware;

/** Xen's platform device becomes a XENIO where there is Xen, and nothing else does. */
class XenIoPciLayerTest {
  private static final long PLATFORM = 0x0001_5853;
  private static final long PLACE = 0x2300_0000L;
  private static final long SIZE = 16 << 20;

  FakeFirmware firmware;
  private EfiRam memory;
  private final XenIoPciLayer layer = new XenIoPciLayer();
  private final List<Long> freed = new ArrayList<>();
  private long described;
  long controller;
  private long identity = PLATFORM;
  private EfiStatus placed = EfiStatus.SUCCESS;
  private long pointer;

  @BeforeEach
  void begin() {
    begin("xen,xen-4.17", "xen,xen");
  }

  private void begin(String... compatible) {
    hardware(compatible);
    layer.begin(firmware);
  }

  void hardware(String... compatible) {
    firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of()).withChild(new FdtNode("firmware", List.of(), List.of())
        .withChild(
            new FdtNode("hypervisor", List.of(), List.of()).withProperty(FdtProperty.ofStrings("compatible", compatible))))));
    memory = firmware.memory();
    described = firmware.room(48);
    pointer = described;
    describe(0, PLACE, SIZE);
    firmware.service(BootService.FREE_POOL, call -> {
      freed.add(call.argument(0));
      return EfiStep.done();
    });
    long pci = firmware.room(160);
    memory.put64(pci + 48, firmware.guest(call -> {
      assertEquals(List.of((long) PciAccess.WIDTH_32, 0L, 1L), List.of(call.argument(1), call.argument(2), call.argument(3)));
      memory.put32(call.argument(4), identity);
      return EfiStep.done();
    }));
    memory.put64(pci + 128, firmware.guest(call -> {
      assertEquals(List.of(pci, 1L, 0L), List.of(call.argument(0), call.argument(1), call.argument(2)));
      memory.put64(call.argument(3), pointer);
      return EfiStep.done(placed);
    }));
    controller = firmware.handles().install(0, Protocol.PCI_IO, pci);
  }

  void describe(int kind, long base, long size) {
    memory.put8(described, 0x8A);
    memory.put8(described + 3, kind);
    memory.put64(described + 14, base);
    memory.put64(described + 38, size);
  }

  private EfiStatus connect() {
    return EfiStatus.of(firmware.connect(layer, controller));
  }

  private void refuses(String why) {
    assertEquals(EfiStatus.UNSUPPORTED, connect());
    assertFalse(firmware.handles().has(controller, Protocol.XEN_IO));
    assertEquals(List.of(), firmware.handles().uses(controller, Protocol.PCI_IO), "it is free for others");
    assertEquals("Xen platform device: its BAR 1 " + why, firmware.reports().getLast());
  }

  @Test
  void xenIoIsOnTheDevicesOwnHandle() {
    int before = firmware.allocated();
    int handles = firmware.handles().handles(null).size();
    for (int i = 1; i <= 3; i++) {
      assertEquals(EfiStatus.SUCCESS, connect());
      assertEquals(PLACE, memory.get64(firmware.handles().find(controller, Protocol.XEN_IO)));
      assertEquals(before + 1, firmware.allocated());
      assertEquals(handles, firmware.handles().handles(null).size(), "no handle is made");
      assertEquals(i, freed.stream().filter(each -> each == described).count());
      assertEquals(0, firmware.disconnect(layer, controller));
      assertFalse(firmware.handles().has(controller, Protocol.XEN_IO));
      assertEquals(before, firmware.allocated());
      assertEquals(List.of(), firmware.handles().uses(controller, Protocol.PCI_IO));
    }
    assertEquals(List.of(), firmware.reports());
  }

  @Test
  void startedTwiceItSaysSo() {
    assertEquals(EfiStatus.SUCCESS, connect());
    assertEquals(EfiStatus.ALREADY_STARTED, connect());
    assertEquals(EfiStatus.ALREADY_STARTED, EfiStatus.of(firmware.call(firmware.function(layer, "Start"), firmware.binding(layer),
        controller,
        0)));
    assertEquals(PLACE, memory.get64(firmware.handles().find(controller, Protocol.XEN_IO)));
    assertEquals(0, firmware.disconnect(layer, controller));
  }

  @Test
  void otherDevicesAreNotItsBusiness() {
    for (long other : new long[] {0x0002_5853, 0xC000_5853, 0x0001_1AF4, 0x5853_0001, -1}) {
      identity = other;
      assertEquals(EfiStatus.UNSUPPORTED, connect());
      assertEquals(List.of(), firmware.handles().uses(controller, Protocol.PCI_IO));
    }
    long bare = firmware.handles().install(0, Protocol.DEVICE_PATH, firmware.room(8));
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.connect(layer, bare)));
    assertEquals(List.of(), firmware.reports());
  }

  @Test
  void withoutXenTheDeviceIsLeftAlone() {
    begin("linux,something", "xen,xen-4.17");
    assertEquals(EfiStatus.UNSUPPORTED, connect());
    assertEquals(List.of(), firmware.handles().uses(controller, Protocol.PCI_IO));
    assertEquals(List.of(), firmware.reports());
  }

  @Test
  void aBarThatIsNoPlaceIsRefusedWithTheReason() {
    describe(1, 0x1000, 0x4000);
    refuses("is of kind 1; expected memory");
    describe(0, 0, SIZE);
    refuses("at 0x0 is no place for a grant table; expected whole pages");
    describe(0, PLACE + 0x10, SIZE);
    refuses("at 0x23000010 is no place for a grant table; expected whole pages");
    describe(0, PLACE, 0x3000);
    refuses("has 0x3000 bytes; expected 0x4000 for a grant table or more");
    assertEquals(List.of(described, described, described, described), freed);
    describe(0, PLACE, 0x4000);
    assertEquals(EfiStatus.SUCCESS, connect(), "four frames are enough");
  }

  @Test
  void aBarWithoutAPlaceIsRefused() {
    placed = EfiStatus.UNSUPPORTED;
    refuses("has no place: UNSUPPORTED");
    assertEquals(List.of(), freed);
  }

  /** Whoever the interface of PciIo is. */
  @Test
  void aDescriptionThatIsNoneIsRefused() {
    memory.put8(described, 0x79);
    refuses("is described by 0x79; expected an address space descriptor");
    for (long nowhere : new long[] {0, 0x10, -8, Long.MIN_VALUE}) {
      pointer = nowhere;
      refuses("is described at 0x" + Long.toHexString(nowhere) + ", where there is no memory");
    }
    pointer = described;
    describe(0, PLACE, SIZE);
    assertEquals(EfiStatus.SUCCESS, connect());
  }

  @Test
  void whoMakesUpABindingOrHandleGetsNothing() {
    long start = firmware.function(layer, "Start");
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(start, firmware.room(48), controller, 0)));
    assertTrue(EfiStatus.of(firmware.call(start, firmware.binding(layer), 0x1234_5678, 0)) != EfiStatus.SUCCESS);
    assertTrue(EfiStatus.of(firmware.call(firmware.function(layer, "Stop"), firmware.binding(layer), controller, 0, 0))
        != EfiStatus.SUCCESS,
        "it doesn't manage it");
    assertEquals(List.of(), firmware.handles().uses(controller, Protocol.PCI_IO));
    assertEquals(EfiStatus.SUCCESS, connect());
  }
}
