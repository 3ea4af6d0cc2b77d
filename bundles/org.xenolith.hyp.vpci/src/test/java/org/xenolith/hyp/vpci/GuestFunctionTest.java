// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.hyp.api.PageType;
import org.xenolith.hyp.api.VirtualPci;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.XenErrno;

class GuestFunctionTest {
  private static final int RID = 0x100;
  private static final int DEVFN = 8;
  private static final long BAR0 = PciBoard.GUEST_MEMORY + 0x10_0000;
  private static final long BAR2 = PciBoard.GUEST_MEMORY + 0x20_0000;
  /** Where CPUs see the function's BARs. */
  private static final long HOST0 = PciBoard.CPU + (1 << 20);
  private static final long HOST2 = HOST0 + 0x8000;

  private final PciBoard board = new PciBoard();
  private CardFunction card;
  private FakeDomain guest;

  @BeforeEach
  void give() {
    card = board.card(RID, 1);
    guest = board.guest(2);
    assertEquals(0, board.give(RID, guest, DEVFN));
  }

  @Test
  void bridgeIsWhereXensHeaderSays() {
    VirtualPci.Bridge bridge = board.vpci.facts(guest);
    assertEquals(0x1000_0000L, bridge.ecam().base());
    assertEquals(0x1000_0000L, bridge.ecam().size());
    assertEquals(0x2300_0000L, bridge.memory().base());
    assertEquals(0x1000_0000L, bridge.memory().size());
    assertEquals(0x1_0000_0000L, bridge.prefetchable().base());
    assertEquals(0x1_0000_0000L, bridge.prefetchable().size());
    assertNull(board.vpci.facts(board.hypervisor.domU(3, 1)));
    assertNull(board.at(board.hypervisor.byId(3), PciBoard.GUEST_ECAM), "a guest without a bridge has no window");
  }

  @Test
  void idsPassAndNothingElseIsThere() {
    assertEquals(0x1100_1AF4L, read(0, 4));
    assertEquals(0x0200_0001L, read(8, 4));
    assertEquals(0x1AF4, read(0, 2));
    assertEquals(0x11, read(3, 1));
    assertEquals(0x0010_0000_1100_1AF4L, read(0, 8));
    assertEquals(0xFFFF_FFFFL, board.config(guest, DEVFN + 1, 0, 4));
    assertEquals(0xFFFF_FFFFL, board.config(guest, RID, 0, 4), "the host's address means nothing");
    assertEquals(-1, board.config(guest, 0xFFFF, 0xFF8, 8));
  }

  @Test
  void barsOfAFunctionArePermittedWithItAndNothingElseIsMapped() {
    long first = HOST0 >>> 12;
    assertTrue(guest.permissions().mayMap(new Frames(first, first)));
    assertTrue(guest.permissions().mayMap(new Frames(HOST2 >>> 12, HOST2 >>> 12)));
    guest.permissions().forbid(new Frames(first, first));
    write(0x10, 4, (int) BAR0);
    write(0x18, 4, (int) BAR2);
    write(4, 2, 2);
    assertEquals(PageType.NONE, board.type(guest, BAR0));
    assertEquals(PageType.DEVICE, board.type(guest, BAR2));
    assertTrue(board.hypervisor.context("vpci").reportedEvents().toString().contains("isn't permitted frames"),
        board.hypervisor.context("vpci").reportedEvents()::toString);
    board.vpci.unplug(board.known.get(RID));
    assertEquals(List.of(), guest.permissions().frames());
  }

  @Test
  void whatAGuestHasTheHardwareDomainIsNotPermitted() {
    Frames bar = new Frames(HOST0 >>> 12, HOST0 >>> 12);
    board.vpci.unplug(board.known.get(RID));
    assertTrue(board.dom0.permissions().mayMap(bar));
    board.give(RID, guest, DEVFN);
    assertFalse(board.dom0.permissions().mayMap(bar));
  }

  @Test
  void unalignedAccessesReadAllOnesAndWriteNothing() {
    assertEquals(0xFFFF_FFFFL, read(2, 4));
    assertEquals(0xFFFF, read(1, 2));
    write(5, 2, 0xFFFF);
    write(6, 4, -1);
    assertEquals(0x0010_0400, card.now(4));
  }

  @Test
  void barsAreTheGuestsAndTheHardwaresStay() {
    write(0x10, 4, -1);
    write(0x14, 4, -1);
    assertEquals(0xFFFF_C004L, read(0x10, 4));
    assertEquals(0xFFFF_FFFFL, read(0x14, 4));
    write(0x18, 4, -1);
    assertEquals(0xFFFF_F000L, read(0x18, 4));
    write(0x20, 4, -1);
    assertEquals(0, read(0x20, 4), "I/O");
    write(0x30, 4, -1);
    assertEquals(0, read(0x30, 4), "ROM");
    assertEquals((int) PciBoard.BUS + (1 << 20) + 4, card.now(0x10));
    assertEquals(0, card.now(0x14));
  }

  @Test
  void decoderMapsTheBarsButNotTheMessageTable() {
    place();
    assertEquals(PageType.NONE, board.type(guest, BAR0));
    write(4, 2, 2);
    assertEquals(0x402, card.now(4) & 0xFFFF, "memory on, INTx off: its line is not the guest's");
    assertEquals(2, read(4, 2));
    assertEquals(PageType.DEVICE, board.type(guest, BAR0));
    assertEquals(HOST0 + 0x1FFF, board.p2m.device(guest, BAR0 + 0x1FFF));
    assertEquals(HOST2, board.p2m.device(guest, BAR2));
    assertEquals(PageType.NONE, board.type(guest, BAR0 + 0x2000));
    assertEquals(PageType.NONE, board.type(guest, BAR0 + 0x3000));
    assertEquals(PageType.NONE, board.type(guest, BAR0 + 0x4000));
    assertEquals(PageType.DEVICE, board.type(guest, BAR2));
    assertNull(board.at(guest, BAR0 + 0x1FFF));
    assertNotNull(board.at(guest, BAR0 + 0x2000));
    write(4, 2, 0);
    assertEquals(PageType.NONE, board.type(guest, BAR0));
    assertEquals(PageType.NONE, board.type(guest, BAR2));
    assertNull(board.at(guest, BAR0 + 0x2000));
    assertEquals(0x400, card.now(4) & 0xFFFF);
    assertEquals(List.of(), board.events());
  }

  @Test
  void mappedBarsStayWhereTheyAre() {
    place();
    write(4, 2, 2);
    write(0x18, 4, BAR2 + 0x1000);
    refused("register 0x18");
    assertEquals(BAR2, read(0x18, 4));
    write(0x18, 4, BAR2);
    assertEquals(1, board.events().size(), "nothing was asked for");
  }

  @Test
  void barsOutsideTheWindowsOrOverOthersAreNotMapped() {
    write(0x10, 4, 0x4000_0000L);
    write(0x18, 4, BAR2);
    write(4, 2, 2);
    assertEquals(PageType.RAM, board.type(guest, 0x4000_0000L));
    assertEquals(PageType.DEVICE, board.type(guest, BAR2));
    refused("BAR 0 at 0x40000000");
    write(4, 2, 0);
    board.card(0x200, 3);
    assertEquals(0, board.give(0x200, guest, 0x10));
    place();
    write(4, 2, 2);
    board.config(guest, 0x10, 0x18, 4, BAR0 + 0x1000);
    board.config(guest, 0x10, 4, 2, 2);
    String text = board.events().getLast().text();
    assertTrue(text.contains("0000:02:00.0") && text.contains("0000:01:00.0"), text);
    board.config(guest, 0x10, 4, 2, 0);
    assertEquals(PageType.DEVICE, board.type(guest, BAR0 + 0x1000), "the first one's");
  }

  @Test
  void prefetchableWindowTakes64BitBars() {
    write(0x10, 4, 0);
    write(0x14, 4, 1);
    write(4, 2, 2);
    assertEquals(PageType.DEVICE, board.type(guest, 0x1_0000_0000L));
  }

  @Test
  void smallBarsNeedTheHostsPlaceInAPage() {
    FakeDomain other = board.guest(3);
    CardFunction small = board.card(0x300, 5).small(0x100);
    small.write(0x18, 4, (int) PciBoard.BUS + (6 << 20) + 0x300);
    assertEquals(0, board.give(0x300, other, 0));
    board.config(other, 0, 0x18, 4, -1);
    assertEquals(0xFFFF_FF00L, board.config(other, 0, 0x18, 4));
    board.config(other, 0, 0x18, 4, BAR2);
    board.config(other, 0, 4, 2, 2);
    assertTrue(board.events().getLast().text().contains("-22"), board.events()::toString);
    assertEquals(PageType.NONE, board.type(other, BAR2));
    board.config(other, 0, 4, 2, 0);
    board.config(other, 0, 0x18, 4, BAR2 + 0x300);
    board.config(other, 0, 4, 2, 2);
    assertEquals(PageType.DEVICE, board.type(other, BAR2));
  }

  @Test
  void pagesThatFunctionsShareAreNotGivenAway() {
    CardFunction small = board.card(0x300, 5).small(0x100);
    board.give(0x300, board.dom0, 0);
    CardFunction neighbour = board.card(0x308, 7).small(0x100);
    neighbour.write(0x18, 4, small.now(0x18) + 0x100);
    board.give(0x308, board.dom0, 0);
    int command = neighbour.now(4);
    assertEquals(-XenErrno.XEN_EINVAL, board.give(0x308, guest, 0x10));
    refused("0000:03:00.0");
    assertEquals(0xFFFF_FFFFL, board.config(guest, 0x10, 0, 4));
    assertEquals(command & 7, neighbour.now(4) & 7);
  }

  @Test
  void barsThatTheHostBridgeDoesNotReachAreNeverMapped() {
    CardFunction lost = board.card(0x400, 8);
    lost.write(0x18, 4, 0x7000_0000);
    assertEquals(0, board.give(0x400, guest, 0x10));
    refused("0x70000000");
    board.config(guest, 0x10, 0x18, 4, BAR2);
    board.config(guest, 0x10, 4, 2, 2);
    assertEquals(PageType.NONE, board.type(guest, BAR2));
  }

  @Test
  void commandKeepsWhatIsTheHosts() {
    write(4, 2, 0xFFFF);
    assertEquals(0x0406, card.now(4) & 0xFFFF, "no I/O, no parity, no SERR");
    assertEquals(0x0406, read(4, 2));
    write(5, 1, 0);
    assertEquals(0x0006, read(4, 2));
    assertEquals(0x0406, card.now(4) & 0xFFFF);
  }

  @Test
  void statusShowsNoLineAndClearsErrors() {
    card.put(4, 0xF918_0000);
    assertEquals(0xF910, read(6, 2));
    write(6, 2, 0x8000);
    assertEquals(0x7910, read(6, 2));
  }

  @Test
  void guestFindsKnownCapabilitiesOnly() {
    assertEquals(CardFunction.PM, read(0x34, 1));
    assertEquals(CardFunction.MSI, read(CardFunction.PM + 1, 1), "past the vital product data");
    assertEquals(0, read(CardFunction.VPD, 4));
    assertEquals(0, read(CardFunction.VPD + 4, 4));
    assertEquals(CardFunction.EXPRESS, read(CardFunction.MSI + 1, 1));
    assertEquals(CardFunction.MSIX, read(CardFunction.EXPRESS + 1, 1));
    assertEquals(CardFunction.VENDOR, read(CardFunction.MSIX + 1, 1));
    assertEquals(0, read(CardFunction.VENDOR + 1, 1));
    assertEquals(CardFunction.SERIAL << 20, read(0x100, 4), "an empty one leads on");
    assertEquals(0x1_0003, read(CardFunction.SERIAL, 4));
    assertEquals(0xABCD, read(CardFunction.SERIAL + 4, 4));
    assertEquals(0, read(0x160, 4));
  }

  @Test
  void vendorsRegistersAreReadOnly() {
    assertEquals(0x1234_5678, read(CardFunction.VENDOR + 4, 4));
    write(CardFunction.VENDOR + 4, 4, 1);
    assertEquals(0x1234_5678, card.now(CardFunction.VENDOR + 4));
    refused("register 0xc4");
  }

  @Test
  void functionLevelResetIsRealAndTheHostsBarsComeBack() {
    place();
    write(4, 2, 6);
    card.write(CardFunction.EXPRESS + 8, 2, 0x2830);
    write(CardFunction.EXPRESS + 8, 2, 0xA810);
    assertEquals(1, card.resets);
    assertEquals(0, read(4, 2));
    assertEquals(4, read(0x10, 4));
    assertEquals(PageType.NONE, board.type(guest, BAR0));
    assertEquals((int) PciBoard.BUS + (1 << 20) + 4, card.now(0x10));
    place();
    write(4, 2, 2);
    assertEquals(PageType.DEVICE, board.type(guest, BAR0));
  }

  @Test
  void comingBackFromD3IsAReset() {
    place();
    write(4, 2, 2);
    write(CardFunction.PM + 4, 2, 3);
    assertEquals(3, read(CardFunction.PM + 4, 2));
    write(CardFunction.PM + 4, 2, 0);
    assertEquals(1, card.resets);
    assertEquals(0, read(4, 2));
    assertEquals(PageType.NONE, board.type(guest, BAR0));
    assertEquals((int) PciBoard.BUS + (1 << 20) + 4, card.now(0x10));
  }

  @Test
  void payloadSizeAndErrorReportingAreTheHosts() {
    write(CardFunction.EXPRESS + 8, 2, 0x50FF);
    assertEquals(0x5010, card.now(CardFunction.EXPRESS + 8) & 0xFFFF);
  }

  @Test
  void severalFunctionsOfASlotSayThatTheyAre() {
    assertEquals(0, read(0xE, 1));
    board.card(0x101, 3);
    assertEquals(0, board.give(0x101, guest, DEVFN + 1));
    assertEquals(0x80, read(0xE, 1));
    assertEquals(0x80, board.config(guest, DEVFN + 1, 0xE, 1));
  }

  @Test
  void plugChecksWhatItIsGiven() {
    board.card(0x200, 3);
    assertEquals(-XenErrno.XEN_EBUSY, board.give(0x200, guest, DEVFN));
    assertEquals(-XenErrno.XEN_EINVAL, board.give(0x200, guest, 0x100));
    assertEquals(-XenErrno.XEN_ENODEV, board.give(0x200, board.hypervisor.domU(3, 1), 0x10));
    assertEquals(-XenErrno.XEN_ENODEV, board.give(0x500, guest, 0x10));
    assertEquals(-XenErrno.XEN_EBUSY, board.give(RID, board.dom0, 0), "it is the guest's");
    board.cards.get(0x200).put(0xC, 0x1_0000);
    assertEquals(-XenErrno.XEN_EOPNOTSUPP, board.give(0x200, guest, 0x10), "a bridge");
  }

  @Test
  void unplugTurnsItOffAndTakesItAway() {
    place();
    write(4, 2, 6);
    write(CardFunction.MSIX + 2, 2, 0x8000);
    board.vpci.unplug(board.known.get(RID));
    assertEquals(0, card.now(4) & 7);
    assertEquals(0, card.now(CardFunction.MSIX) >>> 30);
    assertEquals(PageType.NONE, board.type(guest, BAR0));
    assertEquals(0xFFFF_FFFFL, read(0, 4));
    assertNull(board.at(guest, BAR0 + 0x2000));
  }

  /** The fuzzer's: whatever reset the hardware meanwhile, who has it next finds it where the host put it. */
  @Test
  void unplugPutsTheHostsBarsBack() {
    place();
    write(4, 2, 2);
    card.put(0x10, 4);
    board.vpci.unplug(board.known.get(RID));
    assertEquals((int) PciBoard.BUS + (1 << 20) + 4, card.now(0x10));
  }

  private void place() {
    write(0x10, 4, BAR0);
    write(0x14, 4, 0);
    write(0x18, 4, BAR2);
    assertEquals(BAR0 | 4, read(0x10, 4));
  }

  private void refused(String part) {
    assertFalse(board.events().isEmpty());
    assertEquals("pci-refused", board.events().getLast().kind());
    assertTrue(board.events().getLast().text().contains(part), board.events()::toString);
  }

  private long read(int register, int size) {
    return board.config(guest, DEVFN, register, size);
  }

  private void write(int register, int size, long value) {
    board.config(guest, DEVFN, register, size, value);
  }
}
