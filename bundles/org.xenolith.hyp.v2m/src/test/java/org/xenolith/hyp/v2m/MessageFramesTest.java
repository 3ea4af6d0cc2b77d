package org.xenolith.hyp.v2m;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.MessageShares.Frame;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
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

  @Test void aGuestGetsTheLastInterruptsAndTheFrame() {
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

  @Test void aSecondGuestGetsItWhenTheFirstIsGone() {
    start();
    FakeDomain first = hypervisor.domU(2, 1);
    FakeDomain second = hypervisor.domU(3, 1);
    port.share(first);
    assertNull(port.share(second));
    assertNull(port.facts(second));
    hypervisor.destroy(first);
    assertEquals(SHARE, port.share(second));
  }

  @Test void theHardwareDomainGetsNone() {
    start();
    assertNull(port.share(hypervisor.dom0(1)));
  }

  @Test void withoutThePolicyNothingIsKept() {
    hypervisor = new FakeHypervisor(1);
    start();
    assertFalse(port.present());
    assertEquals(List.of(), port.kept());
    assertNull(port.share(hypervisor.domU(2, 1)));
  }

  @Test void aFrameThatIsTooSmallOrSaysNothingIsLeftAlone() {
    start(frame().cells("arm,msi-base-spi", 80).cells("arm,msi-num-spis", 16).build());
    assertFalse(port.present());
    hypervisor = new FakeHypervisor(1, Map.of("unsafe-msi", "true"));
    start(frame().cells("arm,msi-base-spi", 1019).cells("arm,msi-num-spis", 64).build());
    assertFalse(port.present());
  }

  @Test void itsFunctionsAreThoseWhoseMapEndsThere() {
    HostFrame frame = new HostFrame(frame().build(), FRAME, 80, 64);
    assertTrue(frame.takes(bridge("msi-map", 0x100, PHANDLE, 0, 0x100), 0x1FF));
    assertFalse(frame.takes(bridge("msi-map", 0x100, PHANDLE, 0, 0x100), 0x200));
    assertFalse(frame.takes(bridge("msi-map", 0, PHANDLE + 1, 0, 0x1_0000), 0));
    assertTrue(frame.takes(bridge("msi-parent", PHANDLE), 0));
    assertFalse(frame.takes(bridge("msi-parent", PHANDLE + 1), 0));
    assertFalse(frame.takes(bridge("other", 0), 0));
  }

  private static PlatformNode bridge(String property, int... cells) {
    return FakeNode.at("/pcie").cells(property, cells).build();
  }

  @Test void aHandOverKeepsTheShare() {
    start();
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    hypervisor.replace("v2m", new MessageFramesComponent());
    assertEquals(SHARE, port.facts(guest));
    assertNull(port.share(hypervisor.domU(3, 1)));
  }

  @Test void whoWentMeanwhileHasItNoMore() {
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
