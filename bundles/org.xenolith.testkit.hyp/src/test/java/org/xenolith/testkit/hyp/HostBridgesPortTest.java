// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.hyp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.pci.kit.EcamBridge;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.FakeNode;

/** Which of several drivers a host bridge has: the order in which they come and go doesn't matter. */
class HostBridgesPortTest {
  private static final String SPECIFIC = "acme,bridge";
  private static final String GENERAL = "acme,old-bridge";

  private final FakeHypervisor hyp = new FakeHypervisor();
  private final Driver specific = new Driver("specific", SPECIFIC);
  private final Driver general = new Driver("general", GENERAL);

  HostBridgesPortTest() {
    hyp.beside(FakeNode.at("/pcie").compatible(SPECIFIC, GENERAL).property(FdtProperty.ofStrings("device_type", "pci"))
        .window(0x1000_0000, 0x10_0000).build());
  }

  /** A driver that serves these, and remembers what it opened. */
  private static final class Driver implements DeviceModelFactory, HostBridgeDriver {
    private final String role;
    private final List<String> compatible;
    private final List<HostBridge> opened = new ArrayList<>();
    private boolean refuses;

    Driver(String role, String... compatible) {
      this.role = role;
      this.compatible = List.of(compatible);
    }

    @Override
    public ModelDescription description() {
      return new ModelDescription(role, "", "");
    }

    @Override
    public List<String> compatible() {
      return compatible;
    }

    @Override
    public HostBridge open(PlatformNode node, PhysicalBus bus) {
      if (refuses) {
        throw new HypervisorException(22, "the node has no phase of the moon");
      }
      opened.add(new EcamBridge(node, bus, EcamBridge.ECAM, rid -> true));
      return opened.getLast();
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      HostBridgesPort bridges = context.port(HostBridgesPort.class);
      HostBridgeDriver driver = this;
      bridges.claim(driver, context);
      return new DeviceModel() {
        @Override
        public DeviceState state() {
          return new DeviceState();
        }

        @Override
        public void reset() {}

        @Override
        public void removed() {
          bridges.release(driver);
        }
      };
    }
  }

  private HostBridgePort bridge() {
    return hyp.port(HostBridgesPort.class).all().getFirst();
  }

  private void install(Driver... drivers) {
    for (Driver driver : drivers) {
      hyp.install(driver.role, driver);
    }
  }

  private void assertDrivenBy(Driver driver) {
    assertSame(driver.opened.getLast(), bridge().provider(), driver.role);
  }

  @Test
  void theFirstCompatibleWinsWhoeverComesFirst() {
    install(general, specific);
    assertDrivenBy(specific);
  }

  @Test
  void theFirstCompatibleWinsWhoeverComesLast() {
    install(specific, general);
    assertDrivenBy(specific);
  }

  @Test
  void aDriverIsTakenByTheBestOfWhatItServes() {
    Driver both = new Driver("both", GENERAL, SPECIFIC);
    install(both, general);
    assertDrivenBy(both);
  }

  @Test
  void ofEqualsTheLastOneWinsThoughAnotherIsReplaced() {
    Driver other = new Driver("other", GENERAL);
    install(general, other);
    assertDrivenBy(other);
    hyp.replace(general.role, new Driver(general.role, GENERAL));
    assertDrivenBy(other);
  }

  @Test
  void whatIsReplacedKeepsItsBridge() {
    install(specific, general);
    Driver next = new Driver(specific.role, SPECIFIC);
    hyp.replace(specific.role, next);
    assertDrivenBy(next);
    hyp.port(HostBridgesPort.class).release(specific);
    assertDrivenBy(next);
  }

  @Test
  void whenItGoesTheNextBestFollowsAndThenNobody() {
    install(specific, general);
    hyp.remove(specific.role);
    assertDrivenBy(general);
    install(specific);
    assertDrivenBy(specific);
    hyp.remove(general.role);
    assertDrivenBy(specific);
    hyp.remove(specific.role);
    assertFalse(bridge().present());
  }

  @Test
  void whatTheBestCannotDriveIsLeftToTheOthers() {
    specific.refuses = true;
    install(general, specific);
    assertDrivenBy(general);
    String said = hyp.context(specific.role).reportedEvents().getFirst().text();
    assertTrue(said.contains("/pcie") && said.contains("phase of the moon"), said);
  }

  @Test
  void whoServesNothingHereGetsNothing() {
    install(new Driver("stranger", "acme,other"));
    assertEquals(1, hyp.port(HostBridgesPort.class).all().size());
    assertFalse(bridge().present());
  }
}
