// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.control.Machine;
import org.xenolith.pci.api.PciAddress;
import org.xenolith.pci.api.PciBar;
import org.xenolith.pci.api.PciBridgeWindows;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciCapability;
import org.xenolith.pci.api.PciFunctionFacts;
import org.xenolith.pci.api.PciHostFacts;
import org.xenolith.pci.api.PciInterrupt;
import org.xenolith.pci.api.PciLink;
import org.xenolith.pci.api.PciRange;
import org.xenolith.pci.api.PciSlot;
import org.xenolith.pci.api.PciState;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciBridge;
import org.xenolith.pci.kit.PciHost;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What is told of a root port and an endpoint behind it, before and after software has numbered and placed them. */
class BusInventoryTest {
  private static final int PORT = 1 << 3;
  private static final PciAddress CARD = new PciAddress(4, 3, 0, 0);
  private final PlatformNode host = FakeNode.at("/pcie").property(FdtProperty.ofStrings("device_type", "pci")).cells("linux,pci-domain", 4)
      .cells("ranges", 0x0200_0000, 0, 0x1000_0000, 0, 0x1000_0000, 0, 0x1000_0000).build();
  private final PlatformNode port = FakeNode.at("/pcie/port@1,0").cells("reg", PORT << 8, 0, 0, 0, 0).build();
  private final PlatformNode card = FakeNode.at("/pcie/port@1,0/card@0,0").cells("reg", 0, 0, 0, 0, 0).build();
  private final PlatformNode other = FakeNode.at("/other").property(FdtProperty.ofStrings("device_type", "pci")).build();
  private final BusInventory inventory = new BusInventory();
  private FakeContext context;
  private PciHost bridge;
  private Machine machine;

  @BeforeEach
  void build() {
    context = new FakeContext(host);
    bridge = new PciHost(context);
    new PciBridge(context.at(port), new DeviceState(), ConfigTable.bridge(0x1B36, 0xC, 0x06_0400, 1).pin(1)
        .capability(Capability.express(Capability.Express.ROOT_PORT)).capability(Capability.accessControl()).build());
    new TestFunction(context.at(card));
    PlatformNode root = new PlatformNode("/", "", "", List.of(), List.of(), true, List.of(), List.of(), Map.of());
    Platform platform = new Platform("test", null, List.of(root, other, host, port, card), Platform.Timing.STANDARD);
    machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class},
        (self, method, words) -> switch (method.getName()) {
          case "platform" -> platform;
          case "devices" -> List.of(new Machine.DeviceFact("/pcie", "Bridge", "acme.bridge", "1"), new Machine.DeviceFact(card.path(),
              "Card",
              "acme.card", "1"), new Machine.DeviceFact("/other", "", "", ""));
          case "port" -> context.port((String) words[0], (Class<?>) words[1]);
          default -> throw new AssertionError(method.getName());
        });
  }

  private void enumerate() {
    bridge.writeConfig(0, PORT, 0x18, 4, 0x04_0300);
    bridge.writeConfig(0, PORT, 0x20, 4, 0x1010_1000);
    bridge.writeConfig(0, PORT, ConfigTable.COMMAND, 2, 6);
    bridge.writeConfig(3, 0, 0x10, 4, 0x1000_4000);
    bridge.writeConfig(3, 0, ConfigTable.COMMAND, 2, 2 | ConfigTable.COMMAND_INTX_DISABLE);
  }

  private PciHostFacts facts() {
    List<PciHostFacts> hosts = inventory.hosts(machine);
    assertEquals(1, hosts.size(), "nobody serves the other one");
    return hosts.getFirst();
  }

  @Test
  void aHostBridgeHasItsSegmentAndWindows() {
    PciHostFacts facts = facts();
    assertEquals("/pcie  acme.bridge", facts.summary());
    assertEquals(4, facts.segment());
    assertEquals(List.of(new PciRange(false, new AddressWindow(0x1000_0000L, 0x1000_0000L), 0x1000_0000L)), facts.ranges());
  }

  @Test
  void aBridgeTellsWhatPassesIt() {
    PciFunctionFacts before = facts().functions().getFirst();
    assertEquals(Optional.of(new PciBridgeWindows(0, 0, 0, Optional.empty(), Optional.empty(), Optional.empty())), before.bridge());
    assertEquals(Optional.empty(), inventory.config(machine, new PciAddress(4, 0, 0, 0)), "nothing leads there yet");
    enumerate();
    PciFunctionFacts after = facts().functions().getFirst();
    assertEquals(Optional.of(new PciBridgeWindows(0, 3, 4, Optional.empty(), Optional.of(new AddressWindow(0x1000_0000L, 0x20_0000L)),
        Optional.empty())), after.bridge());
    assertEquals(Optional.of(new PciLink(1, 1, 1, 1)), after.link());
    assertEquals(new PciInterrupt(PciInterrupt.Mode.PIN, 1, 0, 0), after.interrupt());
    assertTrue(after.capabilities().contains(new PciCapability(0x0D, true, 1, 0x100)), () -> after.capabilities().toString());
    assertEquals(Optional.empty(), after.bundle(), "its bundle is gone");
  }

  @Test
  void anEndpointTellsWhatSoftwareHasMadeOfIt() {
    enumerate();
    PciFunctionFacts found = inventory.function(machine, CARD).orElseThrow();
    assertEquals(Optional.of("acme.card"), found.bundle());
    assertEquals(Optional.of(card.path()), found.node());
    assertEquals("[4660, 22136, 6900, 4352, 67586, 3]", List.of(found.ids().vendor(), found.ids().device(), found.ids().subsystemVendor(),
        found.ids().subsystem(), found.ids().classCode(), found.ids().revision()).toString());
    assertEquals(new PciState(false, true, false, 0), found.state());
    assertEquals(List.of(new PciBar(0, PciBar.Kind.MEMORY64, 0x1000_4000, 0x4000), new PciBar(2, PciBar.Kind.IO, 0, 16), new PciBar(3,
        PciBar.Kind.MEMORY32, 0, 0x1000)), found.bars());
    assertEquals(List.of(0x01, 0x05, 0x11, 0x10, 0x01), found.capabilities().stream().map(PciCapability::id).toList());
    assertEquals(new PciInterrupt(PciInterrupt.Mode.NONE, 1, 0, 0), found.interrupt());
    int msi = found.capabilities().get(1).offset();
    bridge.writeConfig(3, 0, msi + 2, 2, 0x11);
    assertEquals(new PciInterrupt(PciInterrupt.Mode.MSI, 1, 0, 2), inventory.function(machine, CARD).orElseThrow().interrupt());
    int msix = found.capabilities().get(2).offset();
    bridge.writeConfig(3, 0, msix + 2, 2, 0x8000);
    assertEquals(new PciInterrupt(PciInterrupt.Mode.MSIX, 1, 0, 4), inventory.function(machine, CARD).orElseThrow().interrupt());
    int power = found.capabilities().getFirst().offset();
    bridge.writeConfig(3, 0, power + 4, 2, 3);
    assertEquals(3, inventory.function(machine, CARD).orElseThrow().state().power());
  }

  @Test
  void bytesAreThoseOfTheFunction() {
    enumerate();
    byte[] config = inventory.config(machine, CARD).orElseThrow();
    assertEquals(4096, config.length);
    for (int at = 0; at < config.length; at++) {
      assertEquals(bridge.readConfig(3, 0, at, 1), config[at] & 0xFF, "byte " + at);
    }
    assertEquals(Optional.empty(), inventory.config(machine, new PciAddress(0, 3, 0, 0)), "another segment");
  }

  /** The root bus of some bridges is within them; what is at their node is the bus behind the port. */
  @Test
  void aRootPortWithinItsBridgeIsAboveTheBusAtTheNode() {
    FakeContext within = new FakeContext(host);
    PciHost around = new PciHost(within, new PciBusPort());
    new PciBridge(new PciSlot(around.root(), 0), within.port(PciBusPort.class), new DeviceState(), ConfigTable.bridge(0x10E8, 0xE004,
        0x06_0400,
        4).build());
    new TestFunction(within.at(FakeNode.at("/pcie/card@0,0").cells("reg", 0, 0, 0, 0, 0).build()));
    context = within;
    PciFunctionFacts root = facts().functions().getFirst();
    assertEquals("00:00.0 10e8:e004 class 060400 to bus 00..00", root.summary());
    assertEquals(0x5678, root.below().getFirst().ids().device());
  }
}
