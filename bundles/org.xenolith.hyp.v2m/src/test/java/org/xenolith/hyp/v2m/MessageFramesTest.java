// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.v2m;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostBridge;
import org.xenolith.hyp.api.HostBridgeDriver;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.MessageShares.Frame;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVirtualGic.Routing;

class MessageFramesTest {
  private static final long FRAME = 0x0802_0000L;
  private static final int PHANDLE = 7;
  private static final int FIRST = 128;
  private static final Frame SHARE = new Frame(new AddressWindow(0x0808_0000L, 0x1000), FIRST, 16);

  private FakeHypervisor hypervisor = new FakeHypervisor(1, Map.of("unsafe-msi", "true"));
  private MessageSharesPort port;

  private static FakeNode frame() {
    return FakeNode.at("/intc/v2m").compatible("arm,gic-v2m-frame").window(FRAME, 0x1000).cells("phandle", PHANDLE);
  }

  /** A frame of 64 interrupts from 80 on, as its own tree says. */
  private void start() {
    start(frame().cells("arm,msi-base-spi", 80).cells("arm,msi-num-spis", 64).build());
  }

  private void start(PlatformNode node) {
    hypervisor.beside(node);
    hypervisor.install("v2m", new MessageFramesComponent());
    port = hypervisor.port(MessageSharesPort.class);
  }

  @Test
  void aGuestGetsTheLastInterruptsAndTheFrame() {
    start();
    assertEquals(IntStream.range(FIRST, FIRST + 16).boxed().toList(), port.kept());
    FakeDomain guest = hypervisor.domU(2, 1);
    assertNull(port.facts(guest));
    assertEquals(SHARE, port.share(guest));
    assertEquals(SHARE, port.facts(guest));
    assertEquals(SHARE, port.share(guest));
    assertEquals(PageType.DEVICE, hypervisor.p2m().type(guest, 0x0808_0000L >>> 12));
    assertEquals(IntStream.range(FIRST, FIRST + 16).mapToObj(i -> new Routing(guest, i, true)).toList(), hypervisor.gic().routings());
  }

  @Test
  void aSecondGuestGetsItWhenTheFirstIsGone() {
    start();
    FakeDomain first = hypervisor.domU(2, 1);
    FakeDomain second = hypervisor.domU(3, 1);
    port.share(first);
    assertNull(port.share(second));
    assertNull(port.facts(second));
    hypervisor.destroy(first);
    assertEquals(SHARE, port.share(second));
  }

  @Test
  void theHardwareDomainGetsNone() {
    start();
    assertNull(port.share(hypervisor.dom0(1)));
  }

  @Test
  void withoutThePolicyNothingIsKept() {
    hypervisor = new FakeHypervisor(1);
    start();
    assertFalse(port.present());
    assertEquals(List.of(), port.kept());
    assertNull(port.share(hypervisor.domU(2, 1)));
  }

  @Test
  void aFrameThatIsTooSmallOrSaysNothingIsLeftAlone() {
    start(frame().cells("arm,msi-base-spi", 80).cells("arm,msi-num-spis", 16).build());
    assertFalse(port.present());
    hypervisor = new FakeHypervisor(1, Map.of("unsafe-msi", "true"));
    start(frame().cells("arm,msi-base-spi", 1019).cells("arm,msi-num-spis", 64).build());
    assertFalse(port.present());
  }

  @Test
  void itsFunctionsAreThoseWhoseMessagesGoThere() {
    hypervisor.beside(FakeNode.at("/its").cells("phandle", 8).build(), bridge("/pcie@1", "msi-map", 0x100, PHANDLE, 0, 0x100),
        bridge("/pcie@2", "msi-map", 0, 8, 0, 0x1_0000), bridge("/pcie@3", "msi-parent", PHANDLE), bridge("/pcie@4", "msi-parent", 99),
        bridge("/pcie@5", "other", 0));
    start();
    hypervisor.install("pcihost.test", new NoDriver());
    List<HostBridgePort> bridges = hypervisor.port(HostBridgesPort.class).all();
    assertEquals(5, bridges.size());
    assertTrue(port.covers(bridges.get(0), 0x1FF));
    assertFalse(port.covers(bridges.get(0), 0x200));
    assertFalse(port.covers(bridges.get(1), 0x100));
    assertTrue(port.covers(bridges.get(2), 0));
    assertFalse(port.covers(bridges.get(3), 0), "a phandle that nobody has");
    assertFalse(port.covers(bridges.get(4), 0));
  }

  private static PlatformNode bridge(String path, String property, int... cells) {
    return FakeNode.at(path).property(FdtProperty.ofStrings("device_type", "pci")).cells(property, cells).build();
  }

  /** Has the machine's bridges counted, and drives none. */
  private static final class NoDriver implements DeviceModelFactory, HostBridgeDriver {
    @Override
    public ModelDescription description() {
      return new ModelDescription("no driver", "", "");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      context.port(HostBridgesPort.class).claim(this, context);
      return new DeviceModel() {
        @Override
        public DeviceState state() {
          return new DeviceState();
        }

        @Override
        public void reset() {}
      };
    }

    @Override
    public List<String> compatible() {
      return List.of();
    }

    @Override
    public HostBridge open(PlatformNode node, PhysicalBus bus) {
      throw new AssertionError("drives none");
    }
  }

  @Test
  void aHandOverKeepsTheShare() {
    start();
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    hypervisor.replace("v2m", new MessageFramesComponent());
    assertEquals(SHARE, port.facts(guest));
    assertNull(port.share(hypervisor.domU(3, 1)));
  }

  @Test
  void whoWentMeanwhileHasItNoMore() {
    start();
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    StateRecord record = hypervisor.remove("v2m");
    assertNull(port.facts(guest));
    hypervisor.destroy(guest);
    hypervisor.bringBack("v2m", new MessageFramesComponent(), record);
    assertEquals(SHARE, port.share(hypervisor.domU(3, 1)));
  }
}
