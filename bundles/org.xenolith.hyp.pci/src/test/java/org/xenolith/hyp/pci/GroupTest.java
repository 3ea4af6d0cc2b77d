// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.xenolith.hyp.pci.Board.CARD;
import static org.xenolith.hyp.pci.Board.OTHER;
import static org.xenolith.hyp.pci.Board.ROOT_PORT;
import static org.xenolith.hyp.pci.Board.SHARED;
import static org.xenolith.hyp.pci.Board.SHARING;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.hyp.FakeConfiguration.Function;
import org.xenolith.xen.abi.XenErrno;

/** Which functions go together. */
class GroupTest {
  private final Board board = new Board();

  private void add(int... rids) {
    for (int rid : rids) {
      assertEquals(0, board.pci.add(rid, 0, 0));
    }
  }

  @Test
  void whatIsAloneIsAGroup() {
    board.ready();
    board.card(0x08);
    add(0x08);
    assertEquals(List.of(CARD), board.pci.group(CARD));
    assertEquals(List.of(0x08), board.pci.group(0x08));
    assertEquals(List.of(0x500), board.pci.group(0x500), "nobody told of it");
  }

  @Test
  void behindABridgeWithoutAcsAllGoTogether() {
    board.ready();
    board.bridge(CARD + 8, 2);
    board.card(0x200);
    add(CARD + 8, 0x200);
    assertEquals(List.of(CARD, 0x200), board.pci.group(CARD));
    assertEquals(List.of(CARD, 0x200), board.pci.group(0x200));
  }

  @Test
  void acsOnTheWholeWayKeepsThemApart() {
    board.ready();
    Board.acs(board.rootPort);
    Board.acs(board.bridge(CARD + 8, 2));
    board.card(0x200);
    add(CARD + 8, 0x200);
    assertEquals(List.of(CARD), board.pci.group(CARD));
    assertEquals(List.of(0x200), board.pci.group(0x200));
    assertEquals(0x1D, board.config.at(CARD + 8).get(0x106, 2), "and it is turned on");
  }

  @Test
  void acsBelowABridgeWithoutIsOfNoUse() {
    board.ready();
    Board.acs(board.bridge(CARD + 8, 2));
    board.card(0x200);
    add(CARD + 8, 0x200);
    assertEquals(List.of(CARD, 0x200), board.pci.group(0x200));
  }

  @Test
  void functionsOfADeviceGoTogetherUnlessTheyHaveAcs() {
    Function first = board.card(0x08).put(0x0E, 1, 0x80);
    Function second = board.card(0x09);
    add(ROOT_PORT, 0x08, 0x09);
    assertEquals(List.of(0x08, 0x09), board.pci.group(0x09));
    Board.acs(first);
    Board.acs(second);
    assertEquals(List.of(0x09), board.pci.group(0x09));
  }

  @Test
  void behindPortsThatAreFunctionsOfADeviceAllGoTogetherUnlessTheyHaveAcs() {
    Function first = board.bridge(0x08, 2).put(0x0E, 1, 0x81);
    Function second = board.bridge(0x09, 3);
    board.card(0x200);
    board.card(0x300);
    add(ROOT_PORT, 0x08, 0x09, 0x200, 0x300);
    assertEquals(List.of(0x200, 0x300), board.pci.group(0x300));
    Board.acs(first);
    Board.acs(second);
    assertEquals(List.of(0x300), board.pci.group(0x300));
  }

  @Test
  void whoHasTheSameStreamGoesTogether() {
    board.card(SHARED);
    board.card(SHARING);
    add(ROOT_PORT, SHARED, SHARING);
    assertEquals(List.of(SHARED, SHARING), board.pci.group(SHARING));
  }

  @Test
  void whoHasTheSameStreamGoesAndComesOneAfterTheOther() {
    board.card(SHARED);
    board.card(SHARING);
    add(ROOT_PORT, SHARED, SHARING);
    board.pci.assignable(SHARED, true);
    board.pci.assignable(SHARING, true);
    board.pci.assign(SHARED, board.guest, -1);
    board.belongs(SHARED, board.guest, "0000:00:00.0");
    assertNull(board.isolation.memory.get(SHARING), "Dom0's would reach the guest's memory, and Dom0 by it");
    board.pci.assign(SHARING, board.guest, -1);
    board.belongs(SHARING, board.guest, "0000:00:01.0");
    board.pci.deassign(SHARED, board.guest);
    assertEquals(board.dom0.serial(), board.pci.at(SHARED).owner());
    assertNull(board.isolation.memory.get(SHARED));
    board.pci.deassign(SHARING, board.guest);
    board.belongs(SHARED, board.dom0, "0000:00:0e.0");
    board.belongs(SHARING, board.dom0, "0000:00:0f.0");
  }

  /** The same StreamID at another SMMU is another stream. */
  @Test
  void theSameStreamOfAnotherSmmuGoesItsOwnWay() {
    Board two = new Board(2);
    two.card(0x08);
    two.otherCard(0x08);
    assertEquals(0, two.pci.add(0x08, 0, 0));
    assertEquals(0, two.pci.add(OTHER | 0x08, 0, 0));
    assertEquals(List.of(0x08), two.pci.group(0x08));
    two.pci.assignable(OTHER | 0x08, true);
    two.pci.assign(OTHER | 0x08, two.guest, -1);
    assertEquals(two.dom0.serial(), two.isolation.memory.get(0x08));
    assertEquals(two.guest.serial(), two.otherIsolation.memory.get(0x08));
    two.pci.deassign(OTHER | 0x08, two.guest);
    assertEquals(two.dom0.serial(), two.otherIsolation.memory.get(0x08));
  }

  @Test
  void aGroupIsntTornApart() {
    board.ready();
    board.card(CARD + 8);
    add(CARD + 8);
    Board.refused(XenErrno.XEN_EPERM, "0000:01:01.0 goes with it, as nothing keeps them apart, and isn't set aside",
        () -> board.pci.assign(CARD, board.guest, -1));
    board.pci.assignable(CARD + 8, true);
    board.pci.assign(CARD, board.guest, -1);
    Board.refused(XenErrno.XEN_EBUSY, "0000:01:00.0 goes with it, as nothing keeps them apart, and another domain has that",
        () -> board.pci.assign(CARD + 8, board.hyp.domU(3, 1), -1));
    board.pci.assign(CARD + 8, board.guest, -1);
    board.belongs(CARD + 8, board.guest, "0000:00:01.0");
  }
}
