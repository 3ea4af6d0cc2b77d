// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.pci;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.pci.Board.CARD;
import static org.xenolith.hyp.pci.Board.ROOT_PORT;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeConfiguration.Function;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.XenErrno;

/** What the hypervisor knows of functions. */
class PciDevicesTest {
  private Board board = new Board();

  private List<Integer> known() {
    return board.pci.functions().stream().map(PciFunction::sbdf).toList();
  }

  @Test
  void whatIsToldOfIsTheHardwareDomains() {
    board.card(CARD);
    assertEquals(0, board.pci.add(CARD, 0, 0));
    assertEquals(0, board.pci.add(ROOT_PORT, 0, 0));
    assertEquals(List.of(ROOT_PORT, CARD), known());
    board.belongs(CARD, board.dom0, "0000:01:00.0");
    assertEquals(false, board.pci.at(CARD).assignable());
    assertTrue(board.log().contains("(XEN) PCI: 0000:01:00.0 is domain 0's"), board.log());
  }

  @Test
  void toldOfTwiceItIsThereOnce() {
    board.ready();
    assertEquals(0, board.pci.add(CARD, 0, 0));
    assertEquals(List.of(), board.isolation.order);
    assertEquals(List.of(ROOT_PORT, CARD), known());
    assertTrue(board.pci.at(CARD).assignable());
  }

  @Test
  void withoutSmmuAndItsItIsKnownAllTheSame() {
    board.isolation.covers = false;
    board.isolation.translates = false;
    board.card(CARD);
    assertEquals(0, board.pci.add(CARD, 0, 0));
    assertEquals(List.of("plug d0"), board.isolation.order);
  }

  @Test
  void whereNoHostBridgeIsDrivenNothingIsAdded() {
    assertEquals(-XenErrno.XEN_ENODEV, board.pci.add(0x1_0000, 0, 0), "segment 1");
    assertEquals(-XenErrno.XEN_ENODEV, board.pci.add(0x2000, 0, 0), "bus 0x20");
    board.hyp.remove("pcihost.fake");
    assertEquals(-XenErrno.XEN_ENODEV, board.pci.add(CARD, 0, 0));
    assertEquals(List.of(), known());
  }

  @Test
  void aRefusalOnTheWayLeavesItUnknown() {
    board.card(CARD);
    for (String step : List.of("attach", "give", "plug")) {
      board.isolation.refusing = step;
      board.isolation.refused = board.dom0.serial();
      board.isolation.refusal = -XenErrno.XEN_ENOMEM;
      assertEquals(-XenErrno.XEN_ENOMEM, board.pci.add(CARD, 0, 0), step);
      assertNull(board.pci.at(CARD), step);
      assertTrue(board.isolation.memory.isEmpty() && board.isolation.messages.isEmpty() && board.isolation.seen.isEmpty(), step);
    }
    board.isolation.refusing = "";
    assertEquals(0, board.pci.add(CARD, 0, 0));
  }

  @Test
  void whatIsGoneIsNobodys() {
    board.ready();
    assertEquals(0, board.pci.remove(CARD));
    assertNull(board.pci.at(CARD));
    assertNull(board.isolation.memory.get(CARD));
    assertNull(board.isolation.seen.get(CARD));
    assertEquals(-XenErrno.XEN_ENODEV, board.pci.remove(CARD));
  }

  @Test
  void pulledFromAGuestItIsGoneThereToo() {
    board.ready();
    board.pci.assign(CARD, board.guest, -1);
    assertEquals(0, board.pci.remove(CARD));
    assertNull(board.isolation.memory.get(CARD));
    assertNull(board.isolation.seen.get(CARD));
    assertTrue(board.isolation.messages.keySet().stream().noneMatch(d -> d == FakeIsolation.DEVICE_BASE + CARD));
  }

  /** Dom0 may tell of it again: then it has it, and must not find what the guest chose. */
  @Test
  void pulledFromAGuestItIsResetIfItIsStillThere() {
    Function card = board.ready();
    card.put(0x58, 2, 0x285F);
    board.pci.assign(CARD, board.guest, -1);
    card.put(0x58, 2, 0x5F4F);
    int before = board.resets;
    assertEquals(0, board.pci.remove(CARD));
    assertEquals(before + 1, board.resets);
    assertEquals(0x285F, card.get(0x58, 2));
    assertEquals(0, board.pci.add(CARD, 0, 0));
    board.belongs(CARD, board.dom0, "0000:01:00.0");
    assertEquals(0, board.pci.remove(CARD));
    assertEquals(before + 1, board.resets, "what is Dom0's own it finds as it left it");
  }

  @Test
  void ofAResetVirtualPciIsTold() {
    board.ready();
    for (int kind = 0; kind < 4; kind++) {
      assertEquals(0, board.pci.reset(CARD, kind));
    }
    assertEquals(4, board.isolation.resets);
    assertEquals(0, board.resets, "the hardware domain has reset it already");
    assertEquals(-XenErrno.XEN_EINVAL, board.pci.reset(CARD, 4));
    assertEquals(-XenErrno.XEN_ENODEV, board.pci.reset(0x700, 3));
  }

  // ---- the hypervisor looks itself

  @Test
  void theHypervisorFindsWhatIsConfigured() {
    board = new Board("scan", "hypervisor");
    board.card(CARD).put(0x0E, 1, 0x80);
    board.card(CARD + 2);
    board.bridge(0x08, 0).put(0x0E, 1, 0x81);
    board.bridge(0x0B, 2);
    board.card(0x200);
    board.card(0x300);
    board.hyp.port(DomainsPort.class).tell(DomainListener::started, board.dom0);
    assertEquals(List.of(ROOT_PORT, 0x08, 0x0B, CARD, CARD + 2, 0x200), known());
    board.belongs(CARD, board.dom0, "0000:01:00.0");
  }

  @Test
  void itLooksAgainWhenABridgeIsUp() {
    board = new Board("scan", "hypervisor");
    board.hyp.port(DomainsPort.class).tell(DomainListener::started, board.dom0);
    board.card(CARD);
    assertEquals(List.of(ROOT_PORT), known());
    board.pci.ready(board.hyp.port(HostBridgesPort.class).all().getFirst());
    assertEquals(List.of(ROOT_PORT, CARD), known());
  }

  @Test
  void bridgesThatLeadInACircleEnd() {
    board = new Board("scan", "hypervisor");
    board.rootPort.put(0x1A, 1, 0x1F);
    board.bridge(CARD, 1);
    board.bridge(CARD + 8, 0);
    board.bridge(CARD + 16, 2);
    board.bridge(0x200, 1);
    board.bridge(0x208, 2);
    board.hyp.port(DomainsPort.class).tell(DomainListener::started, board.dom0);
    assertEquals(List.of(ROOT_PORT, CARD, CARD + 8, CARD + 16, 0x200, 0x208), known());
  }

  @Test
  void otherwiseDom0Tells() {
    board.card(CARD);
    board.hyp.port(DomainsPort.class).tell(DomainListener::started, board.dom0);
    assertEquals(List.of(), known());
  }

  @Test
  void whoElseShouldScanIsRefused() {
    FakeHypervisor hyp = new FakeHypervisor(1, java.util.Map.of("scan", "nobody"));
    ModelException refusal = assertThrows(ModelException.class, () -> hyp.install("pci", new PciDevicesComponent()));
    assertTrue(refusal.getMessage().contains("expected dom0 or hypervisor"), refusal.getMessage());
  }

  // ---- its life

  @Test
  void replacedItKnowsWhatItKnew() {
    board.ready();
    int at = board.pci.assign(CARD, board.guest, 0x18);
    List<PciFunction> before = board.pci.functions();
    board.isolation.order.clear();
    board.hyp.replace("pci", new PciDevicesComponent());
    assertEquals(before, board.pci.functions());
    assertEquals(List.of(), board.isolation.order);
    board.belongs(CARD, board.guest, "0000:00:03.0");
    assertEquals(0x18, at);
    board.pci.deassign(CARD, board.guest);
    board.belongs(CARD, board.dom0, "0000:01:00.0");
  }

  @Test
  void whatADomainHadThatWentMeanwhileComesBack() {
    board.ready();
    board.pci.assign(CARD, board.guest, -1);
    StateRecord record = board.hyp.remove("pci");
    assertEquals(-XenErrno.XEN_ENOSYS, board.pci.add(CARD, 0, 0));
    assertEquals(List.of(), known());
    board.hyp.destroy(board.guest);
    board.hyp.bringBack("pci", new PciDevicesComponent(), record);
    board.belongs(CARD, board.dom0, "0000:01:00.0");
    assertTrue(board.pci.at(CARD).assignable());
  }

  @Test
  void aReplacedHostBridgeDriverChangesNothing() {
    board.ready();
    board.pci.assign(CARD, board.guest, -1);
    board.hyp.remove("pcihost.fake");
    assertEquals(board.guest.serial(), board.pci.at(CARD).owner());
    Board.refused(XenErrno.XEN_ENODEV, "no driver for its host bridge /pcie", () -> board.pci.deassign(CARD, board.guest));
  }
}
