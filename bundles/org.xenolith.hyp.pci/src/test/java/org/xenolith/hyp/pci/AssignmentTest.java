// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.pci.Board.CARD;
import static org.xenolith.hyp.pci.Board.ROOT_PORT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.testkit.hyp.FakeConfiguration.Function;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.xen.abi.XenErrno;

/** Functions change hands, or don't. */
class AssignmentTest {
  private Board board = new Board();

  private void refusedFor(int errno, String words) {
    Board.refused(errno, words, () -> board.pci.assign(CARD, board.guest, -1));
    assertTrue(board.log().contains("PCI: not given to domain 2: 0000:01:00.0: "), board.log());
    assertEquals(board.dom0.serial(), board.pci.at(CARD).owner());
    assertEquals(0, board.resets);
    assertEquals(List.of(), board.isolation.order);
  }

  // ---- it goes

  @Test
  void itIsResetBetweenItsOwners() {
    Function card = board.ready();
    assertEquals(0, board.pci.assign(CARD, board.guest, -1));
    board.belongs(CARD, board.guest, "0000:00:00.0");
    assertEquals(1, board.resets);
    assertEquals(List.of("unplug", "attach d2", "give d2", "plug d2"), board.isolation.order);
    assertEquals(0, card.get(0x04, 2), "it decodes nothing and reaches nothing");
    assertEquals(0x8000_0000, card.get(0x10, 4), "its BAR is where it was");
    assertEquals(0x23, card.get(0x3C, 1));
    assertEquals(0x2810, card.get(0x58, 2));
    assertTrue(board.log().contains("PCI: 0000:01:00.0 is domain 2's, as 0000:00:00.0"), board.log());
  }

  @Test
  void itComesBackResetAndSetAside() {
    board.ready();
    board.pci.assign(CARD, board.guest, -1);
    board.isolation.order.clear();
    board.pci.deassign(CARD, board.guest);
    board.belongs(CARD, board.dom0, "0000:01:00.0");
    assertEquals(2, board.resets);
    assertEquals(List.of("unplug", "attach d0", "give d0", "plug d0"), board.isolation.order);
    assertTrue(board.pci.at(CARD).assignable());
    board.pci.assign(CARD, board.guest, -1);
    board.belongs(CARD, board.guest, "0000:00:00.0");
  }

  /** Payload size and error reporting go with the link and stay; what a guest may choose does not. */
  @Test
  void whatAGuestChoseOfItsControlRegisterIsForgotten() {
    Function card = board.ready();
    card.put(0x58, 2, 0x285F);
    board.pci.assign(CARD, board.guest, -1);
    assertEquals(0x285F, card.get(0x58, 2));
    card.put(0x58, 2, 0x5F4F);
    board.pci.deassign(CARD, board.guest);
    assertEquals(0x285F, card.get(0x58, 2));
  }

  @Test
  void aDomainThatIsDestroyedGivesItBack() {
    board.ready();
    board.pci.assign(CARD, board.guest, -1);
    board.hyp.destroy(board.guest);
    board.belongs(CARD, board.dom0, "0000:01:00.0");
    assertEquals(2, board.resets);
    assertTrue(board.pci.at(CARD).assignable());
  }

  @Test
  void slotsAreGivenInOrder() {
    board.ready();
    Board.acs(board.rootPort);
    board.card(0x08);
    board.card(0x10);
    for (int rid : new int[] {0x08, 0x10}) {
      board.pci.add(rid, 0, 0);
      board.pci.assignable(rid, true);
    }
    assertEquals(0x08, board.pci.assign(CARD, board.guest, 0x08));
    assertEquals(0x00, board.pci.assign(0x08, board.guest, -1));
    Board.refused(XenErrno.XEN_EBUSY, "is taken", () -> board.pci.assign(0x10, board.guest, 0x08));
    Board.refused(XenErrno.XEN_EINVAL, "expected function 0", () -> board.pci.assign(0x10, board.guest, 0x11));
    Board.refused(XenErrno.XEN_EINVAL, "expected function 0", () -> board.pci.assign(0x10, board.guest, 0x100));
    assertEquals(0x10, board.pci.assign(0x10, board.guest, -1));
  }

  // ---- ways of being reset

  @Test
  void withoutFunctionLevelResetItSleepsAndWakes() {
    Function card = board.sleeper(CARD);
    board.pci.add(ROOT_PORT, 0, 0);
    board.pci.add(CARD, 0, 0);
    board.pci.assignable(CARD, true);
    board.pci.assign(CARD, board.guest, -1);
    assertEquals(1, board.resets);
    assertEquals(0x8000_0000, card.get(0x10, 4));
  }

  @Test
  void alsoWithoutThatItsBusIsReset() {
    board.plain(CARD);
    board.pci.add(ROOT_PORT, 0, 0);
    board.pci.add(CARD, 0, 0);
    board.pci.assignable(CARD, true);
    board.pci.assign(CARD, board.guest, -1);
    assertEquals(1, board.resets);
    assertEquals(0, board.rootPort.get(0x3E, 2));
  }

  @Test
  void advancedFeaturesCanReset() {
    Function card = board.plain(CARD).put(0x06, 2, 0x10).put(0x34, 1, 0x60).put(0x60, 2, 0x13).put(0x63, 1, 3);
    card.onWrite(() -> {
      if (card.get(0x64, 1) == 1) {
        card.put(0x64, 1, 0);
        board.resets++;
      }
    });
    board.pci.add(CARD, 0, 0);
    board.pci.assignable(CARD, true);
    board.pci.assign(CARD, board.guest, -1);
    assertEquals(1, board.resets);
  }

  @Test
  void whatSharesItsBusAndCantBeResetIsRefused() {
    board.plain(CARD);
    board.plain(CARD + 8);
    for (int rid : new int[] {ROOT_PORT, CARD, CARD + 8}) {
      board.pci.add(rid, 0, 0);
    }
    board.pci.assignable(CARD, true);
    board.pci.assignable(CARD + 8, true);
    board.isolation.order.clear();
    refusedFor(XenErrno.XEN_EOPNOTSUPP, "it can't be reset");
  }

  @Test
  void whatNeverComesBackFromItsResetStaysWhoseItWas() {
    board.ready();
    board.dead = true;
    Board.refused(XenErrno.XEN_EIO, "doesn't come back from its reset", () -> board.pci.assign(CARD, board.guest, -1));
    board.belongs(CARD, board.dom0, "0000:01:00.0");
  }

  // ---- it is refused

  @Test
  void whatNobodyToldOfIsRefused() {
    Board.refused(XenErrno.XEN_ENODEV, "knows no such function", () -> board.pci.assign(CARD, board.guest, -1));
    Board.refused(XenErrno.XEN_ENODEV, "knows no such function", () -> board.pci.testAssign(CARD));
    Board.refused(XenErrno.XEN_ENODEV, "knows no such function", () -> board.pci.assignable(CARD, true));
    Board.refused(XenErrno.XEN_ENODEV, "knows no such function", () -> board.pci.deassign(CARD, board.guest));
  }

  @Test
  void whatIsntSetAsideIsRefused() {
    board.ready();
    board.pci.assignable(CARD, false);
    refusedFor(XenErrno.XEN_EPERM, "it isn't set aside for domains: xl pci-assignable-add 0000:01:00.0");
  }

  @Test
  void whatAnotherDomainHasIsRefused() {
    board.ready();
    FakeDomain other = board.hyp.domU(3, 1);
    board.pci.assign(CARD, other, -1);
    Board.refused(XenErrno.XEN_EBUSY, "another domain has it", () -> board.pci.assign(CARD, board.guest, -1));
    Board.refused(XenErrno.XEN_EBUSY, "another domain has it", () -> board.pci.testAssign(CARD));
    Board.refused(XenErrno.XEN_EBUSY, "a domain has it", () -> board.pci.assignable(CARD, false));
    Board.refused(XenErrno.XEN_ENODEV, "domain 2 wasn't given it", () -> board.pci.deassign(CARD, board.guest));
    board.belongs(CARD, other, "0000:00:00.0");
  }

  @Test
  void whatTheHardwareDomainHasCantBeTakenFromIt() {
    board.ready();
    Board.refused(XenErrno.XEN_ENODEV, "domain 0 wasn't given it", () -> board.pci.deassign(CARD, board.dom0));
  }

  @Test
  void bridgesAreRefused() {
    board.ready();
    Board.refused(XenErrno.XEN_EINVAL, "it isn't an endpoint", () -> board.pci.assignable(ROOT_PORT, true));
    Board.refused(XenErrno.XEN_EINVAL, "it isn't an endpoint", () -> board.pci.assign(ROOT_PORT, board.guest, -1));
  }

  @Test
  void withoutAnSmmuItIsRefused() {
    board.ready();
    board.isolation.covers = false;
    refusedFor(XenErrno.XEN_ENODEV, "no SMMU stands between it and memory");
  }

  @Test
  void whereMessagesCantBeToldApartItIsRefusedNamingTheController() {
    board.ready();
    board.isolation.translates = false;
    refusedFor(XenErrno.XEN_EPERM, "they go to /msi, arm,gic-v2m-frame");
  }

  @Test
  void unsafeMessagesCanBeAllowed() {
    board = new Board("unsafe-msi", "true");
    board.ready();
    board.isolation.translates = false;
    board.isolation.sharer = board.guest.serial();
    board.pci.assign(CARD, board.guest, -1);
    assertEquals(board.guest.serial(), board.isolation.memory.get(CARD));
  }

  @Test
  void unsafeMessagesTakeAShareOfTheFrame() {
    board = new Board("unsafe-msi", "true");
    board.ready();
    board.isolation.translates = false;
    refusedFor(XenErrno.XEN_EBUSY, "domain 2 has no share of what takes messages");
  }

  @Test
  void unsafeMessagesThatNobodySharesAreRefusedNamingTheController() {
    board = new Board("unsafe-msi", "true");
    board.ready();
    board.isolation.translates = false;
    board.isolation.shared = false;
    refusedFor(XenErrno.XEN_EOPNOTSUPP, "its messages would be lost (they go to /msi, arm,gic-v2m-frame");
  }

  @Test
  void aDomainWithoutVirtualBusIsRefused() {
    board.ready();
    board.isolation.virtualBus = false;
    refusedFor(XenErrno.XEN_EOPNOTSUPP, "domain 2 has no virtual PCI bus");
  }

  @Test
  void aDyingDomainIsRefused() {
    board.ready();
    board.guest.state(DomainState.DYING);
    refusedFor(XenErrno.XEN_EINVAL, "is being destroyed");
  }

  @Test
  void theHardwareDomainIsRefused() {
    board.ready();
    Board.refused(XenErrno.XEN_EINVAL, "domain 0 is no guest", () -> board.pci.assign(CARD, board.dom0, -1));
  }

  @Test
  void aGuestsSlotsEnd() {
    board.ready();
    Board.acs(board.rootPort);
    for (int i = 0; i <= 32; i++) {
      int rid = 0x08 + 8 * (i % 31) + (i >= 31 ? 0x200 : 0);
      board.card(rid);
      board.pci.add(rid, 0, 0);
      board.pci.assignable(rid, true);
      if (i < 32) {
        board.pci.assign(rid, board.guest, -1);
      }
    }
    refusedAt(XenErrno.XEN_ENOSPC, "all 32 slots");
  }

  private void refusedAt(int errno, String words) {
    Board.refused(errno, words, () -> board.pci.assign(CARD, board.guest, -1));
  }

  @Test
  void whateverStepFailsItStaysTheHardwareDomains() {
    Function card = board.ready();
    for (String step : List.of("attach", "give", "plug")) {
      board.isolation.refusing = step;
      board.isolation.refused = board.guest.serial();
      board.isolation.refusal = -XenErrno.XEN_ENOMEM;
      refusedAt(XenErrno.XEN_ENOMEM, "(-12)");
      board.belongs(CARD, board.dom0, "0000:01:00.0");
      assertTrue(board.pci.at(CARD).assignable(), step);
      assertEquals(0x8000_0000, card.get(0x10, 4));
    }
  }

  // ---- quarantine

  @Test
  void whatCantBeResetAfterAGuestIsInQuarantine() {
    Function card = board.ready();
    board.pci.assign(CARD, board.guest, -1);
    card.put(0x54, 4, 0);
    board.card(CARD + 8);
    board.pci.add(CARD + 8, 0, 0);
    board.hyp.destroy(board.guest);
    assertEquals(0, board.pci.at(CARD).owner());
    assertNull(board.isolation.memory.get(CARD));
    assertNull(board.isolation.seen.get(CARD));
    assertFalse(board.isolation.messages.containsKey(FakeIsolation.DEVICE_BASE + CARD));
    assertTrue(board.log().contains("PCI: 0000:01:00.0 is in quarantine: it can't be reset"), board.log());
    FakeDomain other = board.hyp.domU(3, 1);
    Board.refused(XenErrno.XEN_EBUSY, "it is in quarantine", () -> board.pci.assign(CARD, other, -1));
    Board.refused(XenErrno.XEN_EBUSY, "it is in quarantine and stays there", () -> board.pci.assignable(CARD, true));
    card.put(0x54, 4, 1 << 28);
    board.pci.assignable(CARD, true);
    board.belongs(CARD, board.dom0, "0000:01:00.0");
  }

  @Test
  void whatTheHardwareDomainDoesntGetBackIsInQuarantine() {
    board.ready();
    board.pci.assign(CARD, board.guest, -1);
    board.isolation.refusing = "attach";
    board.isolation.refused = board.dom0.serial();
    board.isolation.refusal = -XenErrno.XEN_ENOMEM;
    Board.refused(XenErrno.XEN_EIO, "it is in quarantine", () -> board.pci.deassign(CARD, board.guest));
    assertEquals(0, board.pci.at(CARD).owner());
    assertNull(board.isolation.memory.get(CARD));
  }

  @Test
  void whenTheHardwareDomainGoesItsFunctionsAreNobodysAndTheNextOnesWhenTold() {
    board.ready();
    board.hyp.destroy(board.dom0);
    assertEquals(0, board.pci.at(CARD).owner());
    assertEquals(-XenErrno.XEN_ENODEV, board.pci.add(CARD, 0, 0));
    FakeDomain next = board.hyp.dom0(1);
    assertEquals(0, board.pci.add(CARD, 0, 0));
    board.belongs(CARD, next, "0000:01:00.0");
  }

  // ---- as Xen does

  @Test
  void strictlyAsXenNothingNeedsToBeSetAside() {
    board = new Board("strict-xen", "true");
    board.plain(CARD);
    board.plain(CARD + 8);
    for (int rid : new int[] {ROOT_PORT, CARD, CARD + 8}) {
      board.pci.add(rid, 0, 0);
    }
    board.pci.assign(CARD, board.guest, -1);
    board.belongs(CARD, board.guest, "0000:00:00.0");
    assertEquals(0, board.resets);
  }
}
