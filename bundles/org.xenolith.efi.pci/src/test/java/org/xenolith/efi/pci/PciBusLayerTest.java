// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DevicePath;
import org.xenolith.efi.boot.kit.DevicePathText;
import org.xenolith.efi.boot.kit.PciAccess;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.testkit.efi.FakeFirmware;

/** Buses are numbered, BARs placed, windows opened, and functions have handles. */
class PciBusLayerTest {
  private static final int BRIDGE = 0x06_0400;

  final FakeFirmware firmware = new FakeFirmware(Fdt.of(new FdtNode("", List.of(), List.of())));
  private final EfiRam memory = firmware.memory();
  final PciBusLayer layer = new PciBusLayer();
  private FakeRoot root;
  long controller;

  private FakeRoot root(int lastBus, long below) {
    hardware(lastBus, below);
    layer.begin(firmware);
    return root;
  }

  void hardware(int lastBus, long below) {
    root = new FakeRoot(firmware, lastBus, below);
    controller = firmware.handles().install(0, Protocol.PCI_ROOT_BRIDGE_IO, root.protocol);
    byte[] path = new DevicePath().bytes();
    long at = firmware.room(path.length);
    memory.write(at, path);
    firmware.handles().install(controller, Protocol.DEVICE_PATH, at);
  }

  FakeRoot.Function put(int bus, int device, int function, FakeRoot.Function what) {
    root.functions.put(bus << 8 | device << 3 | function, what);
    return what;
  }

  private List<String> paths() {
    return firmware.handles().handles(Protocol.PCI_IO).stream().map(handle -> DevicePathText.of(DevicePath.read(memory, firmware.handles()
        .find(handle, Protocol.DEVICE_PATH)))).toList();
  }

  @Test
  void whatIsBehindBridgesIsReachable() {
    root(255, 0x1000_0000);
    FakeRoot.Function first = put(0, 0, 0, new FakeRoot.Function(0x1111_1AF4, 0x010000, 0x80)).bar(0, 0x1000, 0).bar(1, 0x20, 1);
    put(0, 0, 3, new FakeRoot.Function(0x2222_1AF4, 0x020000, 0)).bar(0, 0x10_0000, 0);
    FakeRoot.Function outer = put(0, 5, 0, new FakeRoot.Function(0x3333_1B36, BRIDGE, 1));
    FakeRoot.Function inner = put(1, 0, 0, new FakeRoot.Function(0x4444_1B36, BRIDGE, 1));
    FakeRoot.Function far = put(2, 7, 0, new FakeRoot.Function(0x5555_8086, 0x010802, 0)).bar(0, 0x8000, 4).bar(4, 0x100, 1);
    FakeRoot.Function huge = put(0, 6, 0, new FakeRoot.Function(0x6666_10DE, 0x030000, 0)).bar(0, 1L << 33, 4);
    put(0, 7, 0, new FakeRoot.Function(0x7777_1AF4, 0x010000, 0)).bar(0, 0x1000, 0);
    assertEquals(0, firmware.connect(layer, controller));
    assertEquals(List.of("Pci(0x0,0x0)", "Pci(0x0,0x3)", "Pci(0x5,0x0)", "Pci(0x5,0x0)/Pci(0x0,0x0)",
        "Pci(0x5,0x0)/Pci(0x0,0x0)/Pci(0x7,0x0)",
        "Pci(0x6,0x0)", "Pci(0x7,0x0)"), paths());
    assertEquals(List.of(0x1000_0000L, 0x1001L), List.of(first.get(0x10, 4), first.get(0x14, 4)));
    assertEquals(List.of(0x02_01_00L, 0x02_02_01L), List.of(outer.get(0x18, 4), inner.get(0x18, 4)), "primary, secondary, subordinate");
    long at = far.get(0x10, 8) & ~15L;
    long window = (outer.get(0x20, 4) & 0xFFF0) << 16;
    long limit = (outer.get(0x20, 4) >>> 16 & 0xFFF0) << 16 | 0xF_FFFF;
    assertTrue(at >= window && at + 0x7FFF <= limit && at % 0x8000 == 0, Long.toHexString(at));
    assertEquals(outer.get(0x20, 4), inner.get(0x20, 4));
    assertTrue((far.get(0x20, 4) & ~3L) >= (outer.get(0x1C, 1) & 0xF0) << 8, "I/O, too");
    assertEquals(List.of(7L, 7L), List.of(outer.get(4, 2), inner.get(4, 2)));
    assertEquals(0x80_0000_0000L, huge.get(0x10, 8) & ~15L, "more than there is below 4 GiB");
    assertTrue(root.functions.get(7 << 3).get(0x10, 4) > limit, "behind the windows");
    assertEquals(List.of(), firmware.reports());
  }

  /** Of a bridge's register 0x24 on: base, limit and their upper halves as one. */
  private static List<Long> prefetchable(FakeRoot.Function bridge) {
    long register = bridge.get(0x24, 4);
    return List.of(bridge.get(0x28, 4) << 32 | (register & 0xFFF0) << 16, bridge.get(0x2C, 4) << 32 | (register >>> 16 & 0xFFF0) << 16
        | 0xF_FFFF);
  }

  @Test
  void whatIsPrefetchableBehindBridgesGoesAbove4GiBIfThereIsNoRoomBelow() {
    root(255, 0x1000_0000);
    FakeRoot.Function outer = put(0, 1, 0, new FakeRoot.Function(0x3333_1B36, BRIDGE, 1)).wideWindow();
    FakeRoot.Function inner = put(1, 0, 0, new FakeRoot.Function(0x4444_1B36, BRIDGE, 1)).wideWindow();
    FakeRoot.Function card = put(2, 0, 0, new FakeRoot.Function(0x6666_10DE, 0x030000, 0)).bar(0, 0x1000, 0).bar(2, 1L << 33, 12).bar(4,
        0x20_0000,
        12);
    FakeRoot.Function second = put(1, 1, 0, new FakeRoot.Function(0x6666_10DE, 0x030000, 0)).bar(0, 1L << 29, 12);
    FakeRoot.Function empty = put(0, 2, 0, new FakeRoot.Function(0x3333_1B36, BRIDGE, 1)).wideWindow();
    FakeRoot.Function last = put(0, 3, 0, new FakeRoot.Function(0x6666_10DE, 0x030000, 0)).bar(0, 1L << 30, 4);
    assertEquals(0, firmware.connect(layer, controller));
    assertEquals(List.of(), firmware.reports());
    assertEquals(0x80_0000_0000L, card.get(0x18, 8) & ~15L);
    assertEquals(0x1020_0000L, card.get(0x20, 8) & ~15L, "below, where there is room");
    assertEquals(0x82_0000_0000L, second.get(0x10, 8) & ~15L);
    assertEquals(List.of(0x80_0000_0000L, 0x81_FFFF_FFFFL), prefetchable(inner));
    assertEquals(List.of(0x80_0000_0000L, 0x82_1FFF_FFFFL), prefetchable(outer));
    assertEquals(1, outer.get(0x24, 4) & 15, "what it can is its own to say");
    assertEquals(0x82_4000_0000L, last.get(0x10, 8) & ~15L, "behind the windows");
    assertTrue(prefetchable(empty).get(0) > prefetchable(empty).get(1), "closed");
  }

  @Test
  void behindABridgeOf32BitsOrNotPrefetchableNothingGoesAbove() {
    root(255, 0x1000_0000);
    put(0, 1, 0, new FakeRoot.Function(0x3333_1B36, BRIDGE, 1));
    put(1, 0, 0, new FakeRoot.Function(0x4444_1B36, BRIDGE, 1)).wideWindow();
    FakeRoot.Function card = put(2, 0, 0, new FakeRoot.Function(0x6666_10DE, 0x030000, 0)).bar(0, 1L << 33, 12);
    FakeRoot.Function wide = put(0, 2, 0, new FakeRoot.Function(0x3333_1B36, BRIDGE, 1)).wideWindow();
    put(3, 0, 0, new FakeRoot.Function(0x6666_10DE, 0x030000, 0)).bar(0, 1L << 33, 4);
    assertEquals(0, firmware.connect(layer, controller));
    assertEquals(List.of("PCI: 0x200000000 bytes for BAR 0 of 02:00.0 find no room",
        "PCI: 0x200000000 bytes for BAR 0 of 03:00.0 find no room"),
        firmware.reports());
    assertEquals(0, card.get(0x10, 8) & ~15L);
    assertTrue((wide.get(0x24, 4) & 0xFFF0) > (wide.get(0x24, 4) >>> 16 & 0xFFF0), "its window stays closed");
  }

  @Test
  void registersOfAFunctionAreItsOwn() {
    root(0, 0x1000_0000);
    FakeRoot.Function function = put(0, 3, 0, new FakeRoot.Function(0x1111_1AF4, 0x010000, 0)).bar(0, 0x1000, 0);
    assertEquals(0, firmware.connect(layer, controller));
    long pci = firmware.handles().find(firmware.handles().handles(Protocol.PCI_IO).getFirst(), Protocol.PCI_IO);
    long room = firmware.room(64);
    assertEquals(0, firmware.call(memory.get64(pci + 48), pci, PciAccess.WIDTH_16, 0, 2, room));
    assertEquals(0x1111_1AF4L, memory.get32(room));
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.call(memory.get64(pci + 48), pci, PciAccess.WIDTH_32, 4094, 1, room)));
    assertEquals(EfiStatus.INVALID_PARAMETER, EfiStatus.of(firmware.call(memory.get64(pci + 48), pci, 12, 0, 1, room)));
    assertEquals(0, firmware.call(memory.get64(pci + 120), pci, 2, 0x600, 0));
    assertEquals(6, function.get(4, 2));
    assertEquals(0, firmware.call(memory.get64(pci + 120), pci, 3, 0x400, 0));
    assertEquals(0, firmware.call(memory.get64(pci + 120), pci, 0, 0, room));
    assertEquals(0x200, memory.get64(room));
    assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.call(memory.get64(pci + 120), pci, 2, 1, 0)));
    assertEquals(0, firmware.call(memory.get64(pci + 112), pci, room, room + 8, room + 16, room + 24));
    assertEquals(List.of(0L, 3L, 0L), List.of(memory.get64(room + 8), memory.get64(room + 16), memory.get64(room + 24)));
    for (long[] wrong : new long[][] {{1, 0, 1}, {0, 0x1000, 1}, {0, 0xFFC, 2}, {0, -4, 1}, {6, 0, 1}}) {
      assertEquals(EfiStatus.UNSUPPORTED, EfiStatus.of(firmware.call(memory.get64(pci + 16), pci, PciAccess.WIDTH_32, wrong[0], wrong[1],
          wrong[2], room)));
    }
  }

  @Test
  void nothingIsLeftWhenItStops() {
    root(3, 0x1000_0000);
    put(0, 1, 0, new FakeRoot.Function(0x3333_1B36, BRIDGE, 1));
    put(1, 0, 0, new FakeRoot.Function(0x1111_1AF4, 0x010000, 0)).bar(0, 0x1000, 0);
    int before = firmware.allocated();
    for (int i = 0; i < 3; i++) {
      assertEquals(0, firmware.connect(layer, controller));
      assertEquals(List.of("Pci(0x1,0x0)", "Pci(0x1,0x0)/Pci(0x0,0x0)"), paths());
      assertEquals(0, firmware.disconnect(layer, controller, firmware.handles().handles(Protocol.PCI_IO).stream().mapToLong(Long::longValue)
          .toArray()));
      assertEquals(before, firmware.allocated());
    }
  }

  @Test
  void whatFindsNoRoomIsTold() {
    root(0, 0x20_0000);
    put(0, 0, 0, new FakeRoot.Function(0x1111_1AF4, 0x010000, 0)).bar(0, 0x40_0000, 0).bar(1, 0x1000, 0);
    put(0, 1, 0, new FakeRoot.Function(0x3333_1B36, BRIDGE, 1));
    assertEquals(0, firmware.connect(layer, controller));
    assertEquals(List.of("PCI: there is no bus number left for what is behind a bridge",
        "PCI: 0x400000 bytes for BAR 0 of 00:00.0 find no room"), firmware.reports());
    assertEquals(0x1000_0000L, root.functions.get(0).get(0x14, 4), "the others have theirs");
  }
}
