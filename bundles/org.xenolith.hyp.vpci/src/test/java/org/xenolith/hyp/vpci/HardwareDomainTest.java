// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.vpci.Policy.ConfigAccess;
import org.xenolith.hyp.vpci.Policy.Hide;
import org.xenolith.hyp.vpci.Policy.Mmio;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.XenErrno;

class HardwareDomainTest {
  private static final int RID = 0x08;
  private static final long HOST0 = PciBoard.CPU + (1 << 20);
  private static final AddressWindow ECAM = new AddressWindow(PciBoard.ECAM, PciBoard.ECAM_SIZE);
  private static final AddressWindow APERTURE = new AddressWindow(PciBoard.CPU, PciBoard.APERTURE);

  private PciBoard board;
  private CardFunction card;

  @Test
  void freeKeepsNothingBack() {
    board(ConfigAccess.FREE, Hide.ABSENT, Mmio.AHEAD);
    assertEquals(List.of(), board.vpci.withheld());
    assertNull(board.at(board.dom0, PciBoard.ECAM));
  }

  @Test
  void trapKeepsConfigurationBack() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    assertEquals(List.of(ECAM), board.vpci.withheld());
    assertNotNull(board.at(board.dom0, PciBoard.ECAM + PciBoard.ECAM_SIZE - 1));
    assertNull(board.at(board.dom0, PciBoard.ECAM + PciBoard.ECAM_SIZE));
    assertNull(board.at(board.dom0, HOST0));
    assertNull(board.at(board.guest(2), PciBoard.ECAM), "a guest has its own");
  }

  @Test
  void functionsThatNobodyRegisteredPass() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    assertEquals(0x1008_1AF4L, read(0, 4));
    write(0x10, 4, -1);
    assertEquals(0xFFFF_C004L, read(0x10, 4));
    assertEquals(0xFFFF_FFFFL, board.config(board.dom0, RID + 1, 0, 4));
    assertEquals(0xFFFF_FFFFL, read(2, 4), "not aligned");
  }

  @Test
  void barsMoveWhileTheDecoderIsOff() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    board.give(RID, board.dom0, 0);
    write(0x10, 4, -1);
    assertEquals(0xFFFF_C004L, read(0x10, 4), "sizing");
    write(0x10, 4, PciBoard.BUS);
    write(4, 2, 6);
    assertEquals(6, card.now(4) & 0xFFFF);
    write(0x10, 4, PciBoard.BUS + 0x10000);
    assertEquals((int) PciBoard.BUS + 4, card.now(0x10));
    refused("decoder");
    write(0x3C, 1, 33);
    assertEquals(33, card.now(0x3C) & 0xFF, "the rest passes");
  }

  @Test
  void protectedBarsStayFromTheirFirstUseOn() {
    board(ConfigAccess.PROTECT_BARS, Hide.ABSENT, Mmio.AHEAD);
    assertEquals(List.of(ECAM), board.vpci.withheld());
    write(0x10, 4, PciBoard.BUS);
    board.give(RID, board.dom0, 0);
    write(0x10, 4, PciBoard.BUS + 0x10000);
    assertEquals((int) PciBoard.BUS + 0x10004, card.now(0x10), "Linux registers a function before it assigns its BARs");
    write(4, 2, 2);
    write(4, 2, 0);
    write(0x10, 4, PciBoard.BUS);
    assertEquals((int) PciBoard.BUS + 0x10004, card.now(0x10));
    refused("protected");
    write(0x11, 1, 5);
    assertEquals((int) PciBoard.BUS + 0x10004, card.now(0x10));
  }

  @Test
  void protectedBarsMayBeWrittenBackAfterAReset() {
    board(ConfigAccess.PROTECT_BARS, Hide.ABSENT, Mmio.AHEAD);
    card.write(4, 2, 2);
    board.give(RID, board.dom0, 0);
    card.put(0x10, 4);
    card.put(4, 0);
    write(0x10, 4, PciBoard.BUS + 0x10004);
    assertEquals(4, card.now(0x10));
    refused("protected");
    write(0x10, 4, PciBoard.BUS + (1 << 20) + 4);
    assertEquals((int) PciBoard.BUS + (1 << 20) + 4, card.now(0x10));
  }

  @Test
  void protectionOutlivesTheVersionThatBeganIt() {
    board(ConfigAccess.PROTECT_BARS, Hide.ABSENT, Mmio.AHEAD);
    board.give(RID, board.dom0, 0);
    write(4, 2, 2);
    write(4, 2, 0);
    board.hypervisor.replace(PciBoard.ROLE, PciBoard.subsystem(new Policy(ConfigAccess.PROTECT_BARS, Hide.ABSENT, Mmio.AHEAD, false)));
    write(0x10, 4, PciBoard.BUS);
    assertEquals((int) PciBoard.BUS + (1 << 20) + 4, card.now(0x10));
  }

  @Test
  void bridgesPass() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    card.put(0xC, 0x1_0000);
    card.put(0x4, 6);
    board.give(RID, board.dom0, 0);
    write(0x18, 4, 0x0001_1000);
    assertEquals(0x0001_1000, card.now(0x18));
  }

  @Test
  void anothersFunctionIsAbsent() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    board.give(RID, board.guest(2), 0);
    board.known.clear();
    int accesses = card.accesses;
    assertEquals(0xFFFF_FFFFL, read(0, 4));
    write(4, 2, 7);
    assertEquals(accesses, card.accesses);
    refused("another domain's");
  }

  @Test
  void quarantinedFunctionIsAbsent() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    board.known.put(RID, new PciFunction(RID, board.host(), 0, RID, true));
    assertEquals(0xFFFF_FFFFL, read(0, 4));
  }

  @Test
  void anothersFunctionIsVisibleIfItMayBe() {
    board(ConfigAccess.TRAP, Hide.VISIBLE, Mmio.AHEAD);
    board.give(RID, board.guest(2), 0);
    assertEquals(0x1008_1AF4L, read(0, 4));
    assertEquals(0x0200, read(0xA, 2));
    assertEquals(0, read(0xE, 1));
    assertEquals(0, read(0x10, 4));
    assertEquals(0, read(0x34, 4));
    write(0x10, 4, -1);
    assertEquals((int) PciBoard.BUS + (1 << 20) + 4, card.now(0x10));
  }

  @Test
  void pagesGoFromTheHardwareDomainAndComeBack() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    board.hypervisor.p2m().map(board.dom0, PciBoard.CPU >>> 12, PciBoard.CPU >>> 12, PciBoard.APERTURE >>> 12, PageType.DEVICE);
    PciFunction mine = board.function(RID, board.dom0, 0);
    assertEquals(0, board.vpci.plug(mine, board.dom0));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    board.vpci.unplug(mine);
    FakeDomain guest = board.guest(2);
    board.give(RID, guest, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0 + 0x3000));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0 + 0x4000));
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0 + 0x8000));
    board.vpci.unplug(board.known.get(RID));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0 + 0x8000));
    assertEquals(0, board.vpci.plug(board.function(RID, board.dom0, 0), board.dom0));
    assertEquals(0x1008_1AF4L, read(0, 4));
  }

  @Test
  void decodeMapsWithTheDecoder() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    assertEquals(List.of(ECAM, APERTURE), board.vpci.withheld());
    board.give(RID, board.dom0, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    write(4, 2, 2);
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0 + 0x3000));
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0 + 0x4000));
    assertEquals(2, card.now(4) & 0xFFFF, "sizing put the decoder back");
    write(4, 2, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    write(0x10, 4, PciBoard.BUS + (9 << 20));
    write(4, 2, 2);
    assertEquals(PageType.DEVICE, board.type(board.dom0, PciBoard.CPU + (9 << 20)), "where it is now");
    board.vpci.unplug(board.known.get(RID));
    assertEquals(PageType.NONE, board.type(board.dom0, PciBoard.CPU + (9 << 20)));
    assertEquals(0, card.now(4) & 7);
  }

  @Test
  void decodeMapsWhatIsOnAlreadyAndTheRomWhenItIsEnabled() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    card.write(4, 2, 2);
    board.give(RID, board.dom0, 0);
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    assertEquals(PageType.NONE, board.type(board.dom0, PciBoard.CPU + (2 << 20)));
    write(0x30, 4, PciBoard.BUS + (2 << 20) | 1);
    assertEquals(PageType.DEVICE, board.type(board.dom0, PciBoard.CPU + (2 << 20)));
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
  }

  @Test
  void whereNothingDecodesReadsAllOnes() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    assertEquals(0xFFFF_FFFFL, board.read(board.dom0, HOST0, 4));
    refused("no function");
    board.write(board.dom0, HOST0, 4, 1);
    assertEquals(0, board.hypervisor.memory().read32(HOST0));
  }

  @Test
  void faultMapsAtTheFirstAccess() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.FAULT);
    board.give(RID, board.dom0, 0);
    write(4, 2, 2);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    board.write(board.dom0, HOST0 + 0x1008, 4, 42);
    assertEquals(42, board.hypervisor.memory().read32(HOST0 + 0x1008), "that access was made, too");
    assertEquals(PageType.DEVICE, board.type(board.dom0, HOST0));
    write(4, 2, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
  }

  @Test
  void pagesAreMappedWhenTheHardwareDomainAsks() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.HYPERCALL);
    assertEquals(List.of(ECAM, APERTURE), board.vpci.withheld());
    long page = HOST0 >>> 12;
    board.give(RID, board.dom0, 0);
    assertEquals(-XenErrno.XEN_EPERM, board.vpci.request(board.dom0, page, page), "its decoder is off");
    write(4, 2, 2);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    assertEquals(0xFFFF_FFFFL, board.read(board.dom0, HOST0, 4));
    refused("no function");
    assertFalse(board.vpci.requested(board.dom0, page));
    assertEquals(-XenErrno.XEN_EINVAL, board.vpci.request(board.dom0, page, page + 1));
    assertEquals(-XenErrno.XEN_ENODEV, board.vpci.request(board.dom0, 1L << 52 | page, 1L << 52 | page));
    assertEquals(-XenErrno.XEN_ENODEV, board.vpci.request(board.guest(2), page, page));
    assertEquals(-XenErrno.XEN_ENODEV, board.vpci.request(board.dom0, PciBoard.ECAM >>> 12, PciBoard.ECAM >>> 12));
    assertEquals(-XenErrno.XEN_EPERM, board.vpci.request(board.dom0, page + 4, page + 4), "behind the BAR's end");
    ask(page + 1);
    ask(page + 2);
    board.hypervisor.replace(PciBoard.ROLE, PciBoard.subsystem(new Policy(ConfigAccess.TRAP, Hide.ABSENT, Mmio.HYPERCALL, false)));
    assertTrue(board.vpci.requested(board.dom0, page + 1));
    write(4, 2, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0 + 0x1000));
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0 + 0x2000));
    assertFalse(board.vpci.requested(board.dom0, page + 1));
  }

  @Test
  void pagesOfAGuestsFunctionAreNotTheHardwareDomains() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.HYPERCALL);
    long page = HOST0 >>> 12;
    board.give(RID, board.dom0, 0);
    write(4, 2, 2);
    ask(page);
    board.give(RID, board.guest(2), 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    assertEquals(-XenErrno.XEN_EPERM, board.vpci.request(board.dom0, page, page));
    board.card(0x10, 1).write(4, 2, 2);
    board.give(0x10, board.dom0, 0);
    assertEquals(-XenErrno.XEN_EPERM, board.vpci.request(board.dom0, page + 16, page + 16), "nobody's");
    assertEquals(-XenErrno.XEN_EPERM, board.vpci.request(board.dom0, page, page), "nor with a BAR of its own over it");
  }

  @Test
  void framesBehindABridgeAreShownNowhereElse() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.AHEAD);
    assertEquals(-XenErrno.XEN_ENODEV, board.vpci.request(board.dom0, HOST0 >>> 12, HOST0 >>> 12));
    assertEquals(-XenErrno.XEN_EINVAL, board.vpci.request(board.dom0, HOST0 >>> 12, 0x80000));
  }

  /** Stage 2 asks here first, before it looks whether the domain is permitted a frame: all of the machine, if it is described by ACPI. */
  @Test
  void framesBehindABridgeFollowTheDecoderWhateverIsPermitted() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    long page = HOST0 >>> 12;
    board.give(RID, board.dom0, 0);
    assertEquals(-XenErrno.XEN_EPERM, board.vpci.request(board.dom0, page, page));
    write(4, 2, 2);
    assertEquals(0, board.vpci.request(board.dom0, page, page));
  }

  /** As stage 2 does for the hypercall. */
  private void ask(long page) {
    assertEquals(0, board.vpci.request(board.dom0, page, page));
    board.hypervisor.p2m().map(board.dom0, page, page, 1, PageType.DEVICE);
    assertTrue(board.vpci.requested(board.dom0, page));
  }

  @Test
  void barsMovedAfterAResetAreMappedWhereTheyAre() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    board.give(RID, board.dom0, 0);
    write(4, 2, 2);
    card.put(4, 0);
    write(0x10, 4, PciBoard.BUS + (9 << 20));
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    write(4, 2, 2);
    assertEquals(PageType.DEVICE, board.type(board.dom0, PciBoard.CPU + (9 << 20)));
  }

  @Test
  void barOverAGuestsIsNotMapped() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.DECODE);
    board.give(RID, board.guest(2), 0);
    CardFunction other = board.card(0x10, 4);
    board.give(0x10, board.dom0, 0);
    board.config(board.dom0, 0x10, 0x10, 4, PciBoard.BUS + (1 << 20));
    board.config(board.dom0, 0x10, 4, 2, 2);
    assertEquals(2, other.now(4) & 2);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    refused("another domain's BAR");
  }

  @Test
  void decodeKeepsAFunctionOfAGuestOut() {
    board(ConfigAccess.TRAP, Hide.ABSENT, Mmio.FAULT);
    board.give(RID, board.dom0, 0);
    write(4, 2, 2);
    board.read(board.dom0, HOST0, 4);
    board.give(RID, board.guest(2), 0);
    assertEquals(PageType.NONE, board.type(board.dom0, HOST0));
    assertEquals(0xFFFF_FFFFL, board.read(board.dom0, HOST0, 4));
  }

  @Test
  void optionsAreChecked() {
    assertMessage("config-access=open: expected one of free, protect-bars, trap", "config-access", "open");
    assertMessage("hide=no", "hide", "no");
    assertMessage("mmio=later: expected one of ahead, decode, fault, hypercall", "mmio", "later");
    FakeNode node = FakeNode.at("/hyp").option("config-access", "free").option("mmio", "decode");
    assertTrue(assertThrows(ModelException.class, () -> make(node)).getMessage().contains("mmio=ahead"));
  }

  private static void assertMessage(String part, String option, String value) {
    String message = assertThrows(ModelException.class, () -> make(FakeNode.at("/hyp").option(option, value))).getMessage();
    assertTrue(message.contains(part), message);
  }

  private static void make(FakeNode node) {
    new FakeContext(node.build()).create(new VirtualPciComponent());
  }

  private void board(ConfigAccess access, Hide hide, Mmio mmio) {
    board = new PciBoard(new Policy(access, hide, mmio, false));
    card = board.card(RID, 1);
  }

  private long read(int register, int size) {
    return board.config(board.dom0, RID, register, size);
  }

  private void write(int register, int size, long value) {
    board.config(board.dom0, RID, register, size, value);
  }

  private void refused(String part) {
    assertEquals("pci-refused", board.events().getLast().kind());
    assertTrue(board.events().getLast().text().contains(part), board.events()::toString);
  }
}
