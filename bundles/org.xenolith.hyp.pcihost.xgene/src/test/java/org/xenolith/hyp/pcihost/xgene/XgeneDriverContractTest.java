// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pcihost.xgene;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.HostBridgeDriverContract;

class XgeneDriverContractTest extends HostBridgeDriverContract {
  private final FakePort port = new FakePort(behind);

  @Override
  protected DeviceModelFactory factory() {
    return new XgeneDriverComponent();
  }

  @Override
  protected String role() {
    return "pcihost.xgene";
  }

  @Override
  protected PlatformNode node() {
    return FakePort.node();
  }

  @Override
  protected PhysicalBus hardware() {
    return port;
  }

  @Override
  protected long aim(HostBridgePort bridge, FakeConfiguration seen, int rid, int register) {
    bridge.trappedWrite(seen, FakePort.REGISTERS + FakePort.RTDID, 4, rid);
    return FakePort.WINDOW + 0x1_0000 + register;
  }

  private List<String> events() {
    return hyp.context(role()).reportedEvents().stream().map(e -> e.kind()).toList();
  }

  @Test
  void theRootPortIsAloneOnItsBus() {
    assertEquals(0xE004_10E8, bridge().read(0, 0, 4));
    for (int devfn = 1; devfn < 256; devfn++) {
      assertEquals(-1, bridge().read(devfn, 0, 4));
    }
    bridge().write(8, 4, 2, 6);
    assertEquals(0, behind.at(0).get(4, 2));
  }

  @Test
  void nobodyReachesTheRootPortsBars() {
    behind.at(0).put(0x10, 4, 0xC).put(0x14, 4, 0x80);
    assertEquals(0, bridge().read(0, 0x10, 4));
    assertEquals(0, bridge().read(0, 0x16, 2));
    bridge().write(0, 0x10, 4, -1);
    bridge().write(0, 0x14, 4, -1);
    assertEquals(0xC, behind.at(0).get(0x10, 4));
    assertEquals(0x80, behind.at(0).get(0x14, 4));
  }

  @Test
  void crsSoftwareVisibilityIsNotThereAndNotTurnedOn() {
    assertEquals(0, bridge().read(0, 0x5C, 4));
    assertEquals(0, bridge().read(0, 0x5E, 2));
    bridge().write(0, 0x5C, 2, 0x1F);
    assertEquals(0xF, behind.at(0).get(0x5C, 2));
    assertEquals(-1, bridge().read(0x100, 0, 4));
  }

  @Test
  void withoutClockReadsAreAllOnesAndOneEventSaysSo() {
    behind.add(0x100, 0x1234_1DED);
    port.clock = false;
    assertEquals(-1, bridge().read(0x100, 0, 4));
    assertEquals(0xFFFF, bridge().read(0x100, 2, 2));
    bridge().write(0x100, 4, 2, 6);
    assertEquals(List.of("pci-bridge"), events());
    port.clock = true;
    assertEquals(0x1234_1DED, bridge().read(0x100, 0, 4));
    assertEquals(List.of("pci-bridge"), events());
    port.clock = false;
    assertEquals(-1, bridge().read(0x100, 0, 4));
    assertEquals(List.of("pci-bridge", "pci-bridge"), events());
  }

  @Test
  void ofTheHardwareDomainsRegistersOnlyTheSelectorIsKept() {
    FakeConfiguration seen = new FakeConfiguration();
    assertEquals(0xC0DE, bridge().trappedRead(seen, FakePort.REGISTERS + FakePort.STATUS, 4));
    bridge().trappedWrite(seen, FakePort.REGISTERS + 0x100, 4, 0xBEEF);
    assertEquals(0xBEEF, port.other);
    bridge().trappedWrite(seen, FakePort.REGISTERS + FakePort.RTDID, 4, 0x108);
    bridge().read(0x100, 0, 4);
    assertEquals(0x108, bridge().trappedRead(seen, FakePort.REGISTERS + FakePort.RTDID, 4));
    assertEquals(List.of(), seen.cycles());
  }

  @Test
  void theSelectorDoesntStayWithoutClock() {
    FakeConfiguration seen = new FakeConfiguration();
    port.clock = false;
    bridge().trappedWrite(seen, FakePort.REGISTERS + FakePort.RTDID, 4, 0x108);
    assertEquals(0, bridge().trappedRead(seen, FakePort.REGISTERS + FakePort.RTDID, 4));
  }

  @Test
  void theHardwareDomainSeesTheRootPortInTheFirstPartOfTheWindow() {
    FakeConfiguration seen = new FakeConfiguration();
    seen.add(0, 0xE004_10E8);
    seen.add(0x100, 0x1234_1DED);
    aim(bridge(), seen, 0x100, 0);
    assertEquals(0xE004_10E8, (int) bridge().trappedRead(seen, FakePort.WINDOW, 4));
    assertEquals(0x1234_1DED, (int) bridge().trappedRead(seen, FakePort.WINDOW + 0x1_0000, 4));
    seen.cycles().clear();
    assertEquals(-1, (int) bridge().trappedRead(seen, FakePort.WINDOW + 0x2_0000, 4));
    aim(bridge(), seen, 0x4000, 0);
    assertEquals(-1, (int) bridge().trappedRead(seen, FakePort.WINDOW + 0x1_0000, 4), "a bus that isn't behind the port");
    assertEquals(List.of(), seen.cycles());
  }
}
