// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xgene.msi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.MessageShares.Frame;
import org.xenolith.hyp.api.MessageSharesPort;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVirtualGic.Injection;

class MessageShareTest {
  private static final int FIRST_SPI = 80;
  private static final int INTID = 32 + FIRST_SPI + 15;
  private static final long FRAME = 0x0808_0000L;
  /** The last interrupts of a guest's controller with 288 lines. */
  private static final int FIRST = 272;
  private static final Frame SHARE = new Frame(new AddressWindow(FRAME, 0x1000), FIRST, 16, 0x0808_1000L, 0);

  private FakeHypervisor hypervisor = new FakeHypervisor(1, Map.of("unsafe-msi", "true"));
  private final SmallController hardware = new SmallController();
  private MessageSharesPort port;

  private static PlatformNode controller(long size, int groups) {
    FakeNode node = FakeNode.at("/msi@c000000").compatible("apm,xgene1-msi").window(SmallController.BASE, size).cells("phandle", 7);
    for (int i = 0; i < groups; i++) {
      node.interrupt("/intc", 0, FIRST_SPI + i, 4);
    }
    return node.build();
  }

  private void start(PlatformNode node) {
    hypervisor.machine().window(new AddressWindow(SmallController.BASE, 0x90_0000), hardware);
    hypervisor.beside(node);
    hypervisor.install("xgenemsi", new MessageShareComponent());
    port = hypervisor.port(MessageSharesPort.class);
  }

  private void start() {
    start(controller(0x90_0000, 16));
  }

  /** The group's interrupt comes. @return whether the hardware domain needn't hear of it */
  private boolean interrupt() {
    Cpu cpu = hypervisor.processors().getFirst();
    return hypervisor.port(VirtualGicPort.class).serveShared(cpu, INTID);
  }

  private List<Injection> injections(FakeDomain guest, int... intids) {
    return Arrays.stream(intids).mapToObj(i -> new Injection(guest.vcpu(0), i)).toList();
  }

  private GuestMmio window(FakeDomain domain, long address) {
    GuestTrapsPort.Claim<GuestMmio> claim = hypervisor.port(GuestTrapsPort.class).window(domain, address);
    return claim == null ? null : claim.handler();
  }

  @Test
  void aGuestGetsTheLastRegister() {
    start();
    FakeDomain guest = hypervisor.domU(2, 1);
    assertNull(port.facts(guest));
    assertEquals(SHARE, port.share(guest));
    assertEquals(SHARE, port.facts(guest));
    assertEquals(SHARE, port.share(guest));
    assertEquals(PageType.DEVICE, hypervisor.p2m().type(guest, 0x0808_1000L >>> 12));
    assertEquals(PageType.NONE, hypervisor.p2m().type(guest, FRAME >>> 12), "the frame that it sees is a made-up one");
    assertEquals(List.of(), hypervisor.gic().routings());
    assertEquals(List.of(), port.kept());
    assertEquals(3, SHARE.data(FIRST + 3));
    assertEquals(-1, SHARE.data(FIRST + 16));
  }

  @Test
  void messagesBecomeInterruptsOfTheGuest() {
    start();
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    hardware.pending[7] = 0x8005;
    assertTrue(interrupt());
    assertEquals(injections(guest, FIRST, FIRST + 2, FIRST + 15), hypervisor.gic().injections());
    assertEquals(0, hardware.pending[7]);
  }

  @Test
  void whatElseCameIsForTheHardwareDomain() {
    start();
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    hardware.pending[7] = 2;
    hardware.pending[3] = 1;
    assertFalse(interrupt());
    assertEquals(injections(guest, FIRST + 1), hypervisor.gic().injections());
    assertEquals(1, hardware.pending[3]);
  }

  @Test
  void whatCameForNobodyIsDropped() {
    start();
    hardware.pending[7] = 1;
    assertTrue(interrupt());
    assertEquals(0, hardware.pending[7]);
    hardware.pending[7] = 1;
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    assertTrue(interrupt());
    assertEquals(List.of(), hypervisor.gic().injections(), "it was sent before the guest was there");
  }

  /** Its driver would read the guest's messages away, or wait for them to go. */
  @Test
  void theHardwareDomainSeesNothingOfTheShare() {
    start();
    FakeDomain dom0 = hypervisor.dom0(1);
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    assertEquals(List.of(new AddressWindow(SmallController.REGISTER, 0x1_0000), new AddressWindow(SmallController.SUMMARY, 0x1_0000)),
        port.withheld());
    hardware.pending[7] = 1;
    hardware.pending[0] = 4;
    GuestMmio summary = window(dom0, SmallController.SUMMARY);
    assertEquals(0x01, summary.read(dom0.vcpu(0), SmallController.SUMMARY, 4));
    assertEquals(injections(guest, FIRST), hypervisor.gic().injections(), "they don't wait for Dom0");
    hardware.pending[7] = 1;
    GuestMmio register = window(dom0, SmallController.REGISTER);
    assertEquals(0, register.read(dom0.vcpu(0), SmallController.REGISTER, 4));
    assertEquals(1, hardware.pending[7]);
    register.write(dom0.vcpu(0), SmallController.REGISTER, 4, 3);
    assertEquals(1, hardware.pending[7]);
    assertNull(window(guest, SmallController.SUMMARY));
    assertNull(window(dom0, FRAME));
  }

  @Test
  void theGuestSeesAMessageFrame() {
    start();
    FakeDomain guest = hypervisor.domU(2, 1);
    assertNull(window(guest, FRAME));
    port.share(guest);
    GuestMmio frame = window(guest, FRAME);
    assertEquals(FIRST << 16 | 16, frame.read(guest.vcpu(0), FRAME + 8, 4));
    assertEquals(0, frame.read(guest.vcpu(0), FRAME + 0xFCC, 4));
    frame.write(guest.vcpu(0), FRAME + 0x40, 4, FIRST + 4);
    frame.write(guest.vcpu(0), FRAME + 0x40, 4, FIRST + 16);
    frame.write(guest.vcpu(0), FRAME + 0x44, 4, FIRST);
    assertEquals(injections(guest, FIRST + 4), hypervisor.gic().injections());
    assertNull(window(hypervisor.domU(3, 1), FRAME));
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
    hardware.pending[7] = 1;
    assertTrue(interrupt());
    assertEquals(List.of(), hypervisor.gic().injections());
    assertEquals(SHARE, port.share(second));
    assertNull(port.share(hypervisor.dom0(1)));
  }

  @Test
  void withoutThePolicyOrAControllerNothingIsShared() {
    start(controller(0x90_0000, 15));
    assertFalse(port.present());
    hypervisor = new FakeHypervisor(1, Map.of("unsafe-msi", "true"));
    start(controller(0x1000, 16));
    assertFalse(port.present());
    hypervisor = new FakeHypervisor(1);
    start();
    assertFalse(port.present());
    assertNull(port.share(hypervisor.domU(2, 1)));
    assertEquals(List.of(), port.withheld());
    assertFalse(interrupt());
    hypervisor.remove("xgenemsi");
  }

  private List<PageType> mappedForDom0(FakeDomain dom0) {
    return IntStream.range(0, 32).mapToObj(i -> (i < 16 ? SmallController.REGISTER : SmallController.SUMMARY - 0x1_0000) + i * 0x1000L)
        .map(at -> hypervisor.p2m().type(dom0, at >>> 12)).distinct().toList();
  }

  @Test
  void addedLaterItTakesFromTheHardwareDomainWhatItWithholds() {
    FakeDomain dom0 = hypervisor.dom0(1);
    hypervisor.p2m().map(dom0, SmallController.BASE >>> 12, SmallController.BASE >>> 12, 0x900, PageType.DEVICE);
    assertEquals(List.of(PageType.DEVICE), mappedForDom0(dom0));
    start();
    assertEquals(List.of(PageType.NONE), mappedForDom0(dom0));
    assertEquals(SHARE, port.share(hypervisor.domU(2, 1)));
  }

  @Test
  void aHandOverKeepsTheShare() {
    start();
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    hypervisor.replace("xgenemsi", new MessageShareComponent());
    assertEquals(SHARE, port.facts(guest));
    assertNull(port.share(hypervisor.domU(3, 1)));
    hardware.pending[7] = 1;
    assertTrue(interrupt());
    assertEquals(injections(guest, FIRST), hypervisor.gic().injections());
    assertEquals(FIRST << 16 | 16, window(guest, FRAME).read(guest.vcpu(0), FRAME + 8, 4));
  }

  @Test
  void theCoresReplacementKeepsTheShare() {
    start();
    port.share(hypervisor.domU(2, 1));
    hypervisor.renew();
    hardware.pending[7] = 1;
    assertTrue(interrupt());
    assertEquals(injections(hypervisor.byId(2), FIRST), hypervisor.gic().injections());
  }

  /** Without it the hardware domain has all of the controller: its driver must find it. */
  @Test
  void removedItGivesBackWhatItWithheld() {
    start();
    FakeDomain dom0 = hypervisor.dom0(1);
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    StateRecord record = hypervisor.remove("xgenemsi");
    assertEquals(List.of(PageType.DEVICE), mappedForDom0(dom0));
    assertFalse(interrupt());
    assertNull(window(dom0, SmallController.SUMMARY));
    hypervisor.bringBack("xgenemsi", new MessageShareComponent(), record);
    assertEquals(List.of(PageType.NONE), mappedForDom0(dom0));
    assertEquals(SHARE, port.facts(guest));
  }

  @Test
  void whoWentMeanwhileHasItNoMore() {
    start();
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    StateRecord record = hypervisor.remove("xgenemsi");
    hypervisor.destroy(guest);
    hypervisor.bringBack("xgenemsi", new MessageShareComponent(), record);
    assertEquals(SHARE, port.share(hypervisor.domU(3, 1)));
  }

  private boolean served() {
    return hypervisor.port(VirtualGicPort.class).serveHost(hypervisor.processors().getFirst(), INTID);
  }

  /** As one by ACPI: no table has the controller. */
  @Test
  void forAHardwareDomainThatHasntTheInterruptItIsServed() {
    start();
    FakeDomain dom0 = hypervisor.dom0(1);
    hypervisor.port(DomainsPort.class).tell(DomainListener::started, dom0);
    FakeDomain guest = hypervisor.domU(2, 1);
    port.share(guest);
    hardware.pending[7] = 2;
    assertTrue(served());
    assertEquals(injections(guest, FIRST + 1), hypervisor.gic().injections());
    StateRecord record = hypervisor.remove("xgenemsi");
    assertFalse(served());
    hypervisor.bringBack("xgenemsi", new MessageShareComponent(), record);
    hardware.pending[7] = 1;
    assertTrue(served());
    assertEquals(injections(guest, FIRST + 1, FIRST), hypervisor.gic().injections());
    hardware.pending[3] = 1;
    assertTrue(served());
    assertFalse(served(), "nobody would ever read them");
  }

  @Test
  void aHardwareDomainThatHasTheInterruptHearsOfIt() {
    start();
    FakeDomain dom0 = hypervisor.dom0(1);
    dom0.permissions().interrupt(INTID, true);
    hypervisor.port(DomainsPort.class).tell(DomainListener::started, dom0);
    port.share(hypervisor.domU(2, 1));
    assertFalse(served());
  }
}
