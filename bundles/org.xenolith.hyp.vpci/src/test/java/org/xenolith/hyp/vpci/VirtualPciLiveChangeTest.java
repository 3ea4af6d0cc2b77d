// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpci;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PageType;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;

class VirtualPciLiveChangeTest {
  private static final Policy POLICY = new Policy(Policy.ConfigAccess.TRAP, Policy.Hide.ABSENT, Policy.Mmio.DECODE, false);
  private static final int RID = 0x08;
  private static final int MINE = 0x10;
  private static final long BAR0 = PciBoard.GUEST_MEMORY;
  private static final long TABLE = BAR0 + 0x2000;
  private static final long HOST_TABLE = PciBoard.CPU + (1 << 20) + 0x2000;

  private final PciBoard board = new PciBoard(POLICY);
  private CardFunction card;
  private FakeDomain guest;

  @BeforeEach
  void give() {
    card = board.card(RID, 1);
    board.card(MINE, 2);
    guest = board.guest(2);
    board.give(MINE, board.dom0, 0);
    board.config(board.dom0, MINE, 4, 2, 2);
    assertEquals(0, board.give(RID, guest, 0));
    board.config(guest, 0, 0x10, 4, BAR0);
    board.config(guest, 0, 4, 2, 6);
    board.config(guest, 0, CardFunction.MSIX + 2, 2, 0x8000);
    board.write(guest, TABLE, 8, PciBoard.DOORBELL);
  }

  @Test
  void anotherVersionGoesOn() {
    board.hypervisor.replace(PciBoard.ROLE, PciBoard.subsystem(POLICY));
    goesOn();
  }

  @Test
  void whatWasRemovedGoesOnFromItsRecord() {
    StateRecord record = board.hypervisor.remove(PciBoard.ROLE);
    assertNull(board.at(guest, PciBoard.GUEST_ECAM));
    assertNull(board.at(board.dom0, PciBoard.ECAM));
    assertEquals(PageType.DEVICE, board.type(guest, BAR0), "what is mapped stays");
    assertThrows(HypervisorException.class, () -> board.vpci.bridge(guest));
    assertEquals(List.of(), board.vpci.withheld());
    board.hypervisor.bringBack(PciBoard.ROLE, PciBoard.subsystem(POLICY), record);
    goesOn();
  }

  @Test
  void anotherCoreTakesOver() {
    board.hypervisor.renew();
    guest = board.hypervisor.byId(2);
    board.config(guest, 0, 4, 2, 0);
    assertEquals(PageType.NONE, board.type(guest, BAR0));
    board.config(guest, 0, 4, 2, 2);
    assertEquals(PageType.DEVICE, board.type(guest, BAR0));
  }

  @Test
  void whatADestroyedGuestHadIsOffAndNobodys() {
    board.hypervisor.destroy(guest);
    assertEquals(0, card.now(4) & 7);
    assertEquals(3, card.now(CardFunction.MSIX + 2));
    FakeDomain next = board.hypervisor.domU(2, 1);
    assertNull(board.at(next, PciBoard.GUEST_ECAM));
    board.vpci.bridge(next);
    assertEquals(0xFFFF_FFFFL, board.config(next, 0, 0, 4));
    assertEquals(0, board.give(RID, next, 0));
  }

  @Test
  void guestThatWentWhileNobodyServedLeavesNothing() {
    StateRecord record = board.hypervisor.remove(PciBoard.ROLE);
    board.hypervisor.destroy(guest);
    board.hypervisor.bringBack(PciBoard.ROLE, PciBoard.subsystem(POLICY), record);
    assertEquals(0, card.now(4) & 7);
    assertEquals(0, board.give(RID, board.guest(3), 0));
  }

  @Test
  void recordsOfTwoVersionsAreTheSame() {
    StateRecord before = board.hypervisor.remove(PciBoard.ROLE);
    StateRecord after = board.hypervisor.bringBack(PciBoard.ROLE, PciBoard.subsystem(POLICY), before).state().save();
    assertEquals(before.values().keySet(), after.values().keySet());
    before.values().forEach((name, value) -> assertArrayEquals((byte[]) value,
        (byte[]) after.values().get(name), name));
  }

  private void goesOn() {
    assertEquals(0x0406, board.config(guest, 0, 4, 2));
    assertEquals(BAR0 | 4, board.config(guest, 0, 0x10, 4));
    assertEquals(CardFunction.MSI, board.config(guest, 0, CardFunction.PM + 1, 1));
    assertEquals(PciBoard.DOORBELL, board.read(guest, TABLE, 8));
    board.write(guest, TABLE + 8, 8, 3);
    assertEquals(0, board.hypervisor.memory().read32(HOST_TABLE + 12));
    assertNotNull(board.at(board.dom0, PciBoard.ECAM));
    assertEquals(0xFFFF_FFFFL, board.config(board.dom0, RID, 0, 4), "still the guest's");
    assertEquals(PageType.DEVICE, board.type(board.dom0, PciBoard.CPU + (2 << 20)));
    board.config(board.dom0, MINE, 4, 2, 0);
    assertEquals(PageType.NONE, board.type(board.dom0, PciBoard.CPU + (2 << 20)));
    board.config(guest, 0, 4, 2, 0);
    assertEquals(PageType.NONE, board.type(guest, BAR0));
    assertNull(board.at(guest, TABLE));
    assertEquals(List.of(), board.events());
  }
}
