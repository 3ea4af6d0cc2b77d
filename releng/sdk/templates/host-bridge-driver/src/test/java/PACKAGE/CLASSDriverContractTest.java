// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeConfiguration;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.HostBridgeDriverContract;

/** What the driver of every host bridge must do, with hardware that has the defect; and what is seen without the workaround. */
class @CLASS@DriverContractTest extends HostBridgeDriverContract {
  private static final String ROLE = "pcihost.@NAME@";
  private static final AddressWindow ECAM = new AddressWindow(Fake@CLASS@.ECAM, 4 << 20);

  @Override protected DeviceModelFactory factory() {
    return new @CLASS@DriverComponent();
  }

  @Override protected String role() {
    return ROLE;
  }

  @Override protected PlatformNode node() {
    return FakeNode.at("/pcie@10000000").compatible("@VENDOR@,@NAME@").property(FdtProperty.ofStrings("device_type", "pci"))
        .window(ECAM.base(), ECAM.size()).cells("bus-range", Fake@CLASS@.FIRST_BUS, Fake@CLASS@.LAST_BUS).build();
  }

  @Override protected PhysicalBus hardware() {
    return new Fake@CLASS@(behind);
  }

  /** The hardware domain's driver accesses the function's place in the ECAM, nothing before. */
  @Override protected long aim(HostBridgePort bridge, FakeConfiguration seen, int rid, int register) {
    return ECAM.base() + ((rid & 0xFFFFL) - (Fake@CLASS@.FIRST_BUS << 8) << 12) + register;
  }

  /** The header type is the third byte of the word at 0x0C. */
  @Test void withoutTheWorkaroundBytesAreOfTheWrongLane() {
    FakeConfiguration cards = new FakeConfiguration();
    cards.add(0x300, 0x1000_1DED).put(0x0C, 4, 0x0001_0040);
    FakeHypervisor without = new FakeHypervisor(1, Map.of(@CLASS@DriverComponent.WORD_READS, "false"));
    without.beside(node());
    without.machine().window(ECAM, window(ECAM, new Fake@CLASS@(cards)));
    without.install(ROLE, factory());
    assertEquals(0x40, without.port(HostBridgesPort.class).all().getFirst().read(0x300, 0x0E, 1));
  }
}
