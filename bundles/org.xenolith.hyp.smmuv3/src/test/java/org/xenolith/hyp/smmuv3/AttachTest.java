// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EBUSY;
import static org.xenolith.xen.abi.XenErrno.XEN_ENODEV;
import static org.xenolith.xen.abi.XenErrno.XEN_ENOMEM;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.IommuStream;
import org.xenolith.testkit.hyp.FakeDomain;

class AttachTest {
  private static final int RID = 0x08;
  private static final int HIGH = 0x2345;
  private Rig rig = new Rig();

  private String log() {
    HypervisorLogPort log = rig.hypervisor.port(HypervisorLogPort.class);
    StringBuilder text = new StringBuilder();
    for (long at = Math.max(0, log.end() - HypervisorLogPort.SIZE); at < log.end(); at++) {
      text.append((char) log.at(at));
    }
    return text.toString();
  }

  @Test
  void nothingHappensBeforeThereIsADomain() {
    assertTrue(new IommuComponent().description().toString().contains("SMMU"));
    rig.hypervisor.service();
    assertEquals(0, rig.smmu.get(Registers.CR0));
    assertEquals(List.of(), rig.iommu.nodes());
    assertFalse(rig.iommu.covers(rig.bridge, RID));
    assertEquals(List.of(new IommuStream(Rig.SMMU, RID)), rig.iommu.streams(rig.bridge, RID));
  }

  @Test
  void theFirstDomainBringsItUp() {
    rig.dom0();
    assertEquals(FakeSmmu.ENABLED, rig.smmu.get(Registers.CR0));
    assertEquals(5, rig.smmu.get(Registers.IRQ_CTRL));
    assertEquals(1 << 20, rig.smmu.get(Registers.GBPA) & 1 << 20, "what passes while it is off");
    assertEquals(1 << 16 | 8 << 6 | 16, rig.smmu.get(Registers.STRTAB_BASE_CFG));
    assertEquals("4:0 30:0 20:0 sync", rig.smmu.told());
    assertTrue(log().contains("SMMU " + Rig.SMMU + ": functions behind it reach what their domains have"), log());
    assertEquals(List.of(Rig.SMMU), rig.iommu.nodes());
    assertTrue(rig.iommu.covers(rig.bridge, RID));
    rig.hypervisor.domU(3, 1);
    assertEquals("", rig.smmu.told(), "only once");
  }

  @Test
  void fewStreamsHaveALinearTable() {
    rig = new Rig(0x200);
    FakeDomain dom0 = rig.dom0();
    // The map ends with stream 0xff.
    assertEquals(8, rig.smmu.get(Registers.STRTAB_BASE_CFG));
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, dom0));
    assertEquals(1 | 6 << 1, rig.entry(RID, 0));
    assertFalse(rig.iommu.covers(rig.bridge, HIGH));
  }

  @Test
  void anEntryHasTheDomainsTables() {
    FakeDomain dom0 = rig.dom0();
    rig.smmu.told();
    assertEquals(0, rig.iommu.attach(rig.bridge, HIGH, dom0));
    assertEquals("3:2345 sync", rig.smmu.told());
    assertEquals(1 | 6 << 1, rig.entry(HIGH, 0));
    long control = 5L << 16 | 3 << 12 | 1 << 10 | 1 << 8 | 1 << 6 | 24;
    assertEquals(dom0.serial() | control << 32 | 1L << 51 | 1L << 54 | 1L << 58, rig.entry(HIGH, 2));
    assertEquals(Rig.root(dom0) & 0xFFFF_FFFF_FFFFL, rig.entry(HIGH, 3));
    assertEquals(0, rig.entry(HIGH + 1, 0));
  }

  @Test
  void anotherDomainsEntryIsWrittenOnlyAfterTheOldOneIsForgotten() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.smmu.told();
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, guest));
    assertEquals("3:8 sync 28:" + dom0.serial() + " sync 3:8 sync", rig.smmu.told());
    assertEquals(guest.serial(), rig.entry(RID, 2) & 0xFFFF);
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, guest));
    assertEquals("", rig.smmu.told(), "it was so already");
  }

  @Test
  void detachedStreamsHaveNoEntry() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.smmu.told();
    rig.iommu.detach(rig.bridge, RID);
    assertEquals(0, rig.entry(RID, 0) & 1);
    assertEquals("3:8 sync 28:" + dom0.serial() + " sync", rig.smmu.told());
    rig.iommu.detach(rig.bridge, RID);
    assertEquals("", rig.smmu.told());
  }

  @Test
  void functionsOfOneStreamStayTogether() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    assertEquals(rig.iommu.streams(rig.bridge, Rig.SHARED), rig.iommu.streams(rig.bridge, Rig.SHARED + 1));
    assertEquals(0, rig.iommu.attach(rig.bridge, Rig.SHARED, dom0));
    assertEquals(0, rig.iommu.attach(rig.bridge, Rig.SHARED + 1, dom0));
    assertEquals(-XEN_EBUSY, rig.iommu.attach(rig.bridge, Rig.SHARED, guest));
    assertTrue(log().contains("0002:01:00.0 can't go to d3 alone: 0002:01:00.1 has the same stream"), log());
    rig.iommu.detach(rig.bridge, Rig.SHARED + 1);
    assertEquals(1, rig.entry(0x80, 0) & 1, "the other one has it still");
    assertEquals(0, rig.iommu.attach(rig.bridge, Rig.SHARED, guest));
    assertEquals(-XEN_EBUSY, rig.iommu.attach(rig.bridge, Rig.SHARED + 1, dom0));
    assertEquals(0, rig.iommu.attach(rig.bridge, Rig.SHARED + 1, guest));
    assertEquals(guest.serial(), rig.entry(0x80, 2) & 0xFFFF);
  }

  @Test
  void changesOfStage2InvalidateWhoHasStreamsOnly() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, guest);
    rig.smmu.told();
    rig.p2m.changed(dom0);
    assertEquals("", rig.smmu.told());
    rig.p2m.changed(guest);
    assertEquals("28:" + guest.serial() + " sync", rig.smmu.told());
  }

  @Test
  void theQueueGoesRound() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    for (int i = 0; i < 1000; i++) {
      rig.p2m.changed(dom0);
    }
    rig.smmu.told();
    rig.p2m.changed(dom0);
    assertEquals("28:" + dom0.serial() + " sync", rig.smmu.told());
    assertEquals(List.of(), rig.events(Faults.ERROR));
  }

  @Test
  void aDomainThatIsDestroyedHasNoStreams() {
    rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, guest);
    rig.smmu.told();
    rig.hypervisor.destroy(guest);
    assertEquals(0, rig.entry(RID, 0) & 1);
    assertEquals("3:8 sync 28:" + guest.serial() + " sync", rig.smmu.told());
  }

  @Test
  void stage2ThatTheSmmuCantWalkIsRefused() {
    FakeDomain dom0 = rig.dom0();
    rig.smmu.set(Registers.IDR5, 7 << 4 | 1);
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, RID, dom0));
    assertTrue(log().contains("0002:00:01.0 can't be attached: stage 2 takes 40 bits of intermediate addresses, the SMMU 36"), log());
    rig.smmu.set(Registers.IDR5, 6 << 4 | 5);
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, RID, dom0));
    rig.smmu.set(Registers.IDR5, 7 << 4 | 5);
    rig.control = Rig.CONTROL & ~(3 << 6);
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, RID, dom0), "too many tables side by side");
    rig.control = Rig.CONTROL;
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, dom0));
  }

  @Test
  void anSmmuWithoutStage2IsNotDriven() {
    rig.smmu.set(Registers.IDR0, rig.smmu.get(Registers.IDR0) & ~1);
    FakeDomain dom0 = rig.dom0();
    assertEquals(List.of(), rig.iommu.nodes());
    assertEquals(0, rig.smmu.get(Registers.CR0));
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, RID, dom0));
    assertEquals(List.of("not driven, as it has no stage 2"), rig.events(Faults.ERROR));
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void anSmmuThatIsAwayIsNotDriven(boolean allOnes) {
    goAway(allOnes);
    long free = rig.hypervisor.port(FrameHeapPort.class).count(FrameHeap.HYPERVISOR);
    rig.dom0();
    assertEquals(List.of(), rig.iommu.nodes());
    assertEquals(List.of("not driven, as nothing answers at its registers"), rig.events(Faults.ERROR));
    assertFalse(rig.iommu.covers(rig.bridge, RID));
    assertEquals(free + 1, rig.hypervisor.port(FrameHeapPort.class).count(FrameHeap.HYPERVISOR), "Dom0's shared_info only");
  }

  private void goAway(boolean allOnes) {
    if (allOnes) {
      rig.takenOut();
    } else {
      rig.present(false);
    }
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void anSmmuThatGoesAwayForgetsAllBeforeItGoesOn(boolean allOnes) {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    goAway(allOnes);
    rig.p2m.changed(dom0);
    rig.p2m.changed(dom0);
    assertEquals(List.of("nothing answers at its registers"), rig.events(Faults.ERROR), "once");
    assertFalse(rig.iommu.covers(rig.bridge, RID));
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, HIGH, dom0));
    rig.present(true);
    rig.smmu.told();
    assertEquals(0, rig.iommu.attach(rig.bridge, HIGH, dom0));
    assertEquals("4:0 30:0 20:0 sync 3:2345 sync", rig.smmu.told());
  }

  @Test
  void anSmmuThatComesBackColdIsBroughtUpWithWhatItHad() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    long table = rig.smmu.get(Registers.STRTAB_BASE);
    rig.smmu.cold();
    rig.p2m.changed(dom0);
    assertEquals(FakeSmmu.ENABLED, rig.smmu.get(Registers.CR0));
    assertEquals(table, rig.smmu.get(Registers.STRTAB_BASE));
    assertEquals(dom0.serial(), rig.entry(RID, 2) & 0xFFFF);
  }

  @Test
  void aRefusedCommandIsReportedAndTheQueueGoesOn() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.smmu.told();
    rig.smmu.refuse(0x28);
    rig.p2m.changed(dom0);
    assertEquals("command 0x28 is refused: an illegal command", rig.events(Faults.ERROR).getFirst());
    assertEquals("sync", rig.smmu.told(), "in its place");
    assertTrue(log().contains("SMMU " + Rig.SMMU + ": command 0x28 is refused"), log());
    rig.p2m.changed(dom0);
    assertEquals("4:0 30:0 20:0 sync 28:" + dom0.serial() + " sync", rig.smmu.told(), "what was not invalidated is made up for");
  }

  @Test
  void aDomainThatIsDestroyedLeavesTheStreamsOfOthers() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.attach(rig.bridge, HIGH, guest);
    rig.hypervisor.destroy(guest);
    assertEquals(1, rig.entry(RID, 0) & 1);
    assertEquals(0, rig.entry(HIGH, 0) & 1);
  }

  /** CFGI_STE, what is behind it, and what says that they are done. */
  @ParameterizedTest @ValueSource(ints = {0x03, 0x28, 0x46})
  void whatWasNotForgottenOfAStreamThatIsClosedIsMadeUpFor(int opcode) {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.attach(rig.bridge, HIGH, dom0);
    rig.smmu.refuse(opcode);
    rig.iommu.detach(rig.bridge, RID);
    assertEquals(0, rig.entry(RID, 0) & 1);
    rig.smmu.told();
    rig.p2m.changed(dom0);
    assertEquals("4:0 30:0 20:0 sync 28:" + dom0.serial() + " sync", rig.smmu.told());
  }

  @Test
  void aQueueThatStandsStillIsWaitedForInBounds() {
    FakeDomain dom0 = rig.dom0();
    rig.smmu.deaf(true);
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, RID, dom0));
    assertEquals(0, rig.entry(RID, 0) & 1, "not valid unless it is known");
    assertEquals("command 0x3 is not consumed", rig.events(Faults.ERROR).getFirst());
  }

  @Test
  void withoutRoomForASecondLevelNothingChanges() {
    FakeDomain dom0 = rig.dom0();
    FrameHeap heap = rig.hypervisor.port(FrameHeapPort.class);
    while (heap.allocate(77, 1, 1) >= 0) {}
    assertEquals(-XEN_ENOMEM, rig.iommu.attach(rig.bridge, HIGH, dom0));
    heap.freeAll(77);
    assertEquals(0, rig.iommu.attach(rig.bridge, HIGH, dom0));
  }
}
