// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannels;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypercall;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.ConsoleIo;
import org.xenolith.xen.abi.ConsoleRing;
import org.xenolith.xen.abi.HvmParam;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

class ConsoleTest {
  private static final String ROLE = "console";
  private static final long GFN = FakeHypervisor.GUEST_RAM >>> 12;
  private static final long TEXT = FakeHypervisor.GUEST_RAM + 0x3000;

  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final EventChannels channels = hypervisor.eventChannels();
  private final ConsolesPort consoles = hypervisor.port(ConsolesPort.class);
  private final FakeDomain dom0 = hypervisor.dom0(1);
  private final ConsoleRing ring = new ConsoleRing();
  private FakeDomain guest;

  @BeforeEach
  void install() {
    hypervisor.service();
    hypervisor.store();
    hypervisor.install(ROLE, new ConsoleComponent());
    guest = hypervisor.domU(5, 1);
    guest.parameter(HvmParam.HVM_PARAM_CONSOLE_PFN, GFN);
    guest.parameter(HvmParam.HVM_PARAM_CONSOLE_EVTCHN, channels.allocateUnbound(guest, ServiceEventsPort.DOMID));
    hypervisor.port(DomainsPort.class).tell(DomainListener::started, guest);
    ring.at(guest.memory(), GFN << 12);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private String shown(FakeDomain domain) {
    return new String(consoles.kept(domain.id()), StandardCharsets.US_ASCII);
  }

  private long call(FakeDomain domain, int command, long count) {
    return hypervisor.port(HypercallsPort.class).dispatch(
        new FakeHypercall(domain.vcpu(0), HypercallNumber.__HYPERVISOR_console_io, command, count, TEXT));
  }

  private void guestWrites(String text) {
    fill(text);
    tell();
  }

  private void fill(String text) {
    for (byte b : bytes(text)) {
      guest.memory().write8((GFN << 12) + ConsoleRing.OUT + (ring.outProd() & ConsoleRing.OUT_BYTES - 1), b);
      ring.outProd(ring.outProd() + 1);
    }
  }

  private void tell() {
    channels.send(guest, (int) guest.parameter(HvmParam.HVM_PARAM_CONSOLE_EVTCHN));
    hypervisor.port(ServiceEventsPort.class).deliver();
  }

  /** So that a machine that goes on from a record, or with another version, has the ports that it would have had. */
  @Test
  void aDomainThatNeverRanIsConnectedNoSoonerThanItStarts() {
    FakeDomain built = hypervisor.domU(6, 1);
    built.state(DomainState.BUILDING);
    built.parameter(HvmParam.HVM_PARAM_CONSOLE_PFN, GFN);
    built.parameter(HvmParam.HVM_PARAM_CONSOLE_EVTCHN, channels.allocateUnbound(built, ServiceEventsPort.DOMID));
    hypervisor.replace(ROLE, new ConsoleComponent());
    assertEquals(0, consoles.offer(6, bytes("a"), 0, 1));
    hypervisor.port(DomainsPort.class).tell(DomainListener::started, built);
    assertEquals(1, consoles.offer(6, bytes("a"), 0, 1));
  }

  @Test
  void whatDom0WritesIsShownInPieces() {
    byte[] text = bytes("a line\n");
    dom0.memory().write(TEXT, text, 0, text.length);
    assertEquals(0, call(dom0, ConsoleIo.CONSOLEIO_write, text.length));
    assertEquals("a line\n", shown(dom0));
    assertEquals(-XenErrno.XEN_ENOSYS, call(dom0, 9, 0));
  }

  @Test
  void dom0ReadsWhatIsTyped() {
    assertEquals(3, consoles.offer(0, bytes("ls\n"), 0, 3));
    assertEquals(2, call(dom0, ConsoleIo.CONSOLEIO_read, 2));
    assertEquals('l', dom0.memory().read8(TEXT));
    StateRecord record = hypervisor.remove(ROLE);
    assertEquals(-XenErrno.XEN_ENOSYS, call(dom0, ConsoleIo.CONSOLEIO_read, 2));
    hypervisor.bringBack(ROLE, new ConsoleComponent(), record);
    assertEquals(1, call(dom0, ConsoleIo.CONSOLEIO_read, 100));
    assertEquals('\n', dom0.memory().read8(TEXT));
    assertEquals(0, call(dom0, ConsoleIo.CONSOLEIO_read, 100));
  }

  @Test
  void otherDomainsMayNotUseTheHypercall() {
    assertEquals(-XenErrno.XEN_EPERM, call(guest, ConsoleIo.CONSOLEIO_write, 1));
    assertEquals(-XenErrno.XEN_EPERM, call(guest, ConsoleIo.CONSOLEIO_read, 1));
  }

  @Test
  void ringCarriesBothWaysOverAReplacement() {
    guestWrites("hello ");
    hypervisor.replace(ROLE, new ConsoleComponent());
    guestWrites("there");
    assertEquals("hello there", shown(guest));
    assertEquals(ring.outProd(), ring.outCons());
    assertEquals(2, consoles.offer(5, bytes("ok"), 0, 2));
    assertEquals(2, ring.inProd());
    assertEquals('k', guest.memory().read8((GFN << 12) + ConsoleRing.IN + 1));
  }

  @Test
  void ringIsDrainedWhenTheSubsystemIsBack() {
    StateRecord record = hypervisor.remove(ROLE);
    guestWrites("meanwhile");
    assertEquals("", shown(guest));
    hypervisor.bringBack(ROLE, new ConsoleComponent(), record);
    assertEquals("meanwhile", shown(guest));
  }

  /** Between a guest's bytes and its event nothing is shown, whether the machine goes on, goes on from a record or with another version. */
  @Test
  void whatIsNotYetAnnouncedIsShownNoSooner() {
    DeviceModel model = hypervisor.replace(ROLE, new ConsoleComponent());
    fill("early");
    StateRecord record = model.state().save();
    hypervisor.restore(ROLE, record);
    assertEquals("", shown(guest));
    hypervisor.replace(ROLE, new ConsoleComponent());
    assertEquals("", shown(guest));
    assertEquals(0, ring.outCons());
    tell();
    assertEquals("early", shown(guest));
  }

  /** It missed something once, when it came back; of a snapshot that is restored then nobody missed anything. */
  @Test
  void oneThatCameBackOnceIsRestoredLikeAnyOther() {
    DeviceModel model = hypervisor.bringBack(ROLE, new ConsoleComponent(), hypervisor.remove(ROLE));
    fill("early");
    hypervisor.restore(ROLE, model.state().save());
    assertEquals("", shown(guest));
    tell();
    assertEquals("early", shown(guest));
  }

  @Test
  void wildIndicesMoveNoMoreThanARing() {
    ring.outCons(0x1234_5678);
    ring.outProd(0x7234_5678);
    channels.send(guest, (int) guest.parameter(HvmParam.HVM_PARAM_CONSOLE_EVTCHN));
    hypervisor.port(ServiceEventsPort.class).deliver();
    assertEquals(ConsoleRing.OUT_BYTES, consoles.kept(5).length);
    ring.inCons(100);
    ring.inProd(0);
    assertEquals(0, consoles.offer(5, bytes("x"), 0, 1));
  }

  @Test
  void toolsLearnWhereAConsoleIs() {
    String console = "/local/domain/7/console";
    // libxl makes the node, empty, before it has a value.
    hypervisor.store().write(console + "/tty", "");
    hypervisor.store().write(console + "/ring-ref", "1");
    hypervisor.store().settle();
    assertEquals("", hypervisor.store().read(console + "/tty"));
    hypervisor.store().write(console + "/port", "2");
    hypervisor.store().settle();
    assertEquals("/xenolith/console/7", hypervisor.store().read(console + "/tty"));
  }

  @Test
  void anotherCoresDomainIsServed() {
    guestWrites("one ");
    FakeDomain old = guest;
    hypervisor.renew();
    guest = hypervisor.byId(5);
    assertNotSame(old, guest);
    ring.at(guest.memory(), GFN << 12);
    guestWrites("two");
    assertEquals("one two", shown(guest));
  }
}
