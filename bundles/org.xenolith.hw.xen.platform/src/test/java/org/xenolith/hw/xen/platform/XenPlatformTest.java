// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.xen.platform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

class XenPlatformTest {
  private static final int DEVFN = 2 << 3;
  private static final long ROOM = 0x1100_0000L;
  private static final PlatformNode NODE = FakeNode.at("/pcie/xen-platform@2,0").cells("reg", 2 << 11, 0, 0, 0, 0).build();

  private final FakeContext bus = new FakeContext(FakeNode.at("/pcie")
      .cells("ranges", 0x0200_0000, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x1000_0000).build());
  private PciHost host;
  private DeviceModel model;

  @BeforeEach
  void plug() {
    host = new PciHost(bus);
    host.claimRanges();
    model = bus.at(NODE).create(new XenPlatformComponent());
    host.writeConfig(0, DEVFN, 0x14, 4, (int) ROOM);
    host.writeConfig(0, DEVFN, ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MEMORY);
  }

  /** What drivers of edk2, Linux and Windows look for. */
  @Test
  void isWhatDriversLookFor() {
    assertEquals(0x0001_5853, host.readConfig(0, DEVFN, 0, 4));
    assertEquals(0xFF80_0001, host.readConfig(0, DEVFN, 8, 4));
    assertEquals(0x0001_5853, host.readConfig(0, DEVFN, 0x2C, 4));
    assertEquals(1, host.readConfig(0, DEVFN, 0x10, 4), "BAR 0 is I/O");
    host.writeConfig(0, DEVFN, 0x14, 4, -1);
    assertEquals(0xFF00_0000, host.readConfig(0, DEVFN, 0x14, 4), "BAR 1 is 16 MiB of memory");
    assertEquals(0, host.readConfig(0, DEVFN, 0x34, 1), "no capabilities");
  }

  @Test
  void nothingIsInItsRoom() {
    bus.writeAt(ROOM + 0x1000, 8, -1);
    assertEquals(0, bus.readAt(ROOM + 0x1000, 8));
    assertEquals(0, bus.readAt(ROOM + (16 << 20) - 1, 1));
  }

  @Test
  void itsPlaceIsHandedOver() {
    var record = model.state().save();
    DeviceModel next = new XenPlatform(bus.at(NODE));
    next.state().restore(record);
    next.restored();
    assertEquals((int) ROOM, host.readConfig(0, DEVFN, 0x14, 4));
    assertEquals(0, bus.readAt(ROOM, 4));
  }

  @Test
  void itIsPulledOutAndPutBack() {
    var record = model.state().save();
    model.removed();
    assertEquals(-1, host.readConfig(0, DEVFN, 0, 4));
    assertEquals(-1, (int) bus.readAt(ROOM, 4));
    DeviceModel next = new XenPlatform(bus.at(NODE));
    next.state().restore(record);
    next.restored();
    assertEquals(0x0001_5853, host.readConfig(0, DEVFN, 0, 4));
    assertEquals(0, bus.readAt(ROOM, 4));
  }
}
