// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.xen.abi.XenErrno.XEN_EBUSY;
import static org.xenolith.xen.abi.XenErrno.XEN_ENODEV;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeX64Cpu;

class IommuAttachTest {
  private static final int RID = 0x08;
  private static final int OTHER = 0x10;
  /** V, TV: neither reads nor writes pass. */
  private static final long CLOSED = 3;
  private static final long OPEN = 3 | 4 << 9 | 3L << 61;
  private static final long MESSAGES = 1 | 8 << 1 | 2L << 60;
  private final IommuRig rig = new IommuRig();

  private long held() {
    return rig.hypervisor.port(FrameHeapPort.class).count(FrameHeap.HYPERVISOR);
  }

  @Test
  void nothingHappensBeforeThereIsADomain() {
    rig.hypervisor.service();
    assertEquals(0, rig.hardware.get(IommuRegisters.CONTROL));
    assertEquals(List.of(), rig.iommu.nodes());
    assertFalse(rig.iommu.covers(rig.bridge, RID));
    assertFalse(rig.iommu.drives(IommuRig.FUNCTION));
  }

  @Test
  void theFirstDomainBringsItUpAndNobodyReachesAnything() {
    rig.dom0();
    assertEquals(FakeIommu.ENABLED, rig.hardware.get(IommuRegisters.CONTROL));
    assertEquals("8 sync", rig.hardware.told());
    assertEquals(0x400 * 32 / 4096 - 1, rig.hardware.get(IommuRegisters.DEVICE_TABLE) & 0xFFF, "up to the last stream of the map");
    for (int stream = 0; stream < 0x400; stream++) {
      assertEquals(CLOSED, rig.entry(stream, 0));
      assertEquals(stream == IommuRig.IO_APIC ? 0 : 1, rig.entry(stream, 2), "no messages but of the I/O interrupt controller");
    }
    assertEquals(List.of(IommuRig.IOMMU), rig.iommu.nodes());
    assertTrue(rig.iommu.covers(rig.bridge, RID));
    assertTrue(rig.iommu.guardsMessages(rig.bridge, RID));
    assertTrue(rig.iommu.drives(IommuRig.FUNCTION));
    assertFalse(rig.iommu.drives(RID));
    rig.hypervisor.domU(3, 1);
    assertEquals("", rig.hardware.told(), "only once");
  }

  @Test
  void itsEventsComeByAMessage() {
    rig.dom0();
    assertTrue(rig.vector() >= 0x30, "a vector");
    assertEquals(0xFEE0_0000 | FakeX64Cpu.APIC_ID << 12, rig.configuration.at(IommuRig.FUNCTION).get(IommuRig.MSI + 4, 4));
    assertEquals(1, rig.configuration.at(IommuRig.FUNCTION).get(IommuRig.MSI + 2, 2) & 1);
    assertTrue(rig.interrupt());
  }

  @Test
  void anEntryHasTheDomainsTables() {
    FakeDomain dom0 = rig.dom0();
    rig.hardware.told();
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, dom0));
    assertEquals("2:8 sync", rig.hardware.told());
    assertEquals(OPEN | IommuRig.root(dom0), rig.entry(RID, 0));
    assertEquals(1, rig.entry(RID, 1), "its number");
    assertEquals(MESSAGES, rig.entry(RID, 2) & ~0xF_FFFF_FFFF_F000L);
    assertEquals(CLOSED, rig.entry(OTHER, 0));
  }

  @Test
  void anotherDomainsEntryIsWrittenOnlyAfterTheOldOneIsForgotten() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.attach(rig.bridge, OTHER, dom0);
    rig.hardware.told();
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, guest));
    assertEquals("2:8 sync 3:1 sync 2:8 sync", rig.hardware.told());
    assertEquals(OPEN | IommuRig.root(guest), rig.entry(RID, 0));
    assertEquals(2, rig.entry(RID, 1), "not the number that a domain has");
    assertEquals(1, rig.entry(OTHER, 1));
    rig.iommu.detach(rig.bridge, OTHER);
    assertEquals(0, rig.iommu.attach(rig.bridge, OTHER, rig.hypervisor.domU(4, 1)));
    assertEquals(1, rig.entry(OTHER, 1), "a number that nobody has is used again");
  }

  @Test
  void detachedFunctionsReachNothingAndLeaveNothing() {
    FakeDomain dom0 = rig.dom0();
    long before = held();
    rig.iommu.attach(rig.bridge, RID, dom0);
    assertEquals(before + 1, held());
    rig.hardware.told();
    rig.iommu.detach(rig.bridge, RID);
    assertEquals(CLOSED, rig.entry(RID, 0));
    assertEquals(1, rig.entry(RID, 2), "no messages");
    assertEquals("2:8 sync 3:1 sync", rig.hardware.told());
    assertEquals(before, held());
    rig.iommu.detach(rig.bridge, RID);
    assertEquals("", rig.hardware.told());
  }

  @Test
  void functionsOfOneStreamStayTogether() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    assertEquals(0, rig.iommu.attach(rig.bridge, IommuRig.SHARED, dom0));
    assertEquals(0, rig.iommu.attach(rig.bridge, IommuRig.SHARED + 1, dom0));
    assertEquals(-XEN_EBUSY, rig.iommu.attach(rig.bridge, IommuRig.SHARED, guest));
    assertTrue(rig.log().contains("0000:01:00.0 can't go to d3 alone: 0000:01:00.1 has the same stream"), rig::log);
    rig.iommu.detach(rig.bridge, IommuRig.SHARED + 1);
    assertEquals(OPEN | IommuRig.root(dom0), rig.entry(IommuRig.SHARED, 0), "the other one has it still");
    assertEquals(0, rig.iommu.attach(rig.bridge, IommuRig.SHARED, guest));
  }

  @Test
  void onlyMessagesThatWereAllowedPass() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.message(RID, 0x41, true);
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.hardware.told();
    for (int vector = 0; vector < 256; vector++) {
      assertEquals(0, rig.message(RID, vector));
    }
    rig.iommu.message(RID, 0x41, true);
    assertEquals("5:8 sync", rig.hardware.told());
    assertEquals(1 | FakeX64Cpu.APIC_ID << 8 | 0x41 << 16, rig.message(RID, 0x41));
    rig.iommu.message(RID, 0x41, true);
    assertEquals("", rig.hardware.told(), "it knows");
    rig.iommu.message(RID, 0x141, true);
    rig.iommu.message(RID, 0x41, false);
    assertEquals("5:8 sync", rig.hardware.told(), "there are vectors up to 255");
    assertEquals(0, rig.message(RID, 0x41));
  }

  @Test
  void anotherDomainsFunctionHasNoneOfTheOldMessages() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.message(RID, 0x41, true);
    rig.iommu.attach(rig.bridge, RID, rig.hypervisor.domU(3, 1));
    assertEquals(0, rig.message(RID, 0x41));
  }

  @Test
  void changesOfTablesInvalidateWhoHasStreamsOnly() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, guest);
    rig.hardware.told();
    rig.p2m.changed(dom0);
    assertEquals("", rig.hardware.told());
    for (int i = 0; i < 1000; i++) {
      rig.p2m.changed(guest);
    }
    rig.hardware.told();
    rig.p2m.changed(guest);
    assertEquals("3:1 sync", rig.hardware.told(), "the buffer goes round");
    assertEquals(List.of(), rig.events(IommuFaults.ERROR));
  }

  @Test
  void aDomainThatIsDestroyedHasNoStreams() {
    rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, guest);
    rig.hardware.told();
    rig.hypervisor.destroy(guest);
    assertEquals(CLOSED, rig.entry(RID, 0));
    assertEquals("2:8 sync 3:1 sync", rig.hardware.told());
  }

  @Test
  void aDomainThatIsDestroyedLeavesTheStreamsOfOthers() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.attach(rig.bridge, OTHER, guest);
    rig.hypervisor.destroy(guest);
    assertEquals(OPEN | IommuRig.root(dom0), rig.entry(RID, 0));
    assertEquals(CLOSED, rig.entry(OTHER, 0));
  }

  @Test
  void withoutTheCoreAStreamIsClosedAllTheSame() {
    rig.iommu.attach(rig.bridge, RID, rig.dom0());
    rig.hypervisor.port(DomainsPort.class).detach(rig.hypervisor);
    rig.iommu.detach(rig.bridge, RID);
    assertEquals(CLOSED, rig.entry(RID, 0));
  }

  /** The IOMMU may read it still. */
  @Test
  void aTableOfMessagesIsKeptUntilTheIommuSaysThatItKnows() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    long before = held();
    rig.hardware.refuse();
    rig.iommu.detach(rig.bridge, RID);
    assertEquals(CLOSED, rig.entry(RID, 0));
    assertEquals(before, held());
    assertTrue(rig.events(IommuFaults.ERROR).contains("it does not do as it is told"));
    rig.iommu.attach(rig.bridge, OTHER, dom0);
    rig.hardware.refuse(3);
    rig.iommu.detach(rig.bridge, OTHER);
    assertEquals(before + 1, held(), "nor if what it keeps of the domain is not forgotten");
  }

  @Test
  void aMessageThatTheIommuRefusesToKnowIsMadeUpFor() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.hardware.refuse();
    rig.iommu.message(RID, 0x41, true);
    assertTrue(rig.events(IommuFaults.ERROR).contains("it does not do as it is told"));
    rig.hardware.told();
    rig.p2m.changed(dom0);
    assertEquals("8 sync 3:1 sync", rig.hardware.told());
  }

  @Test
  void oneThatCantForgetEverythingIsNotDriven() {
    rig.hardware.set(IommuRegisters.FEATURES, 0);
    long before = held();
    FakeDomain dom0 = rig.dom0();
    assertEquals(List.of(), rig.iommu.nodes());
    assertEquals(0, rig.hardware.get(IommuRegisters.CONTROL));
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, RID, dom0));
    assertEquals(List.of("not driven, as it has no command that makes it forget everything (IASup)"), rig.events(IommuFaults.ERROR));
    assertEquals(before + 1, held(), "Dom0's shared_info only");
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void oneThatIsAwayIsNotDriven(boolean allOnes) {
    goAway(allOnes);
    rig.dom0();
    assertEquals(List.of(), rig.iommu.nodes());
    assertEquals(List.of("not driven, as nothing answers at its registers"), rig.events(IommuFaults.ERROR));
  }

  private void goAway(boolean allOnes) {
    if (allOnes) {
      rig.takenOut();
    } else {
      rig.present(false);
    }
  }

  @ParameterizedTest @ValueSource(booleans = {true, false})
  void oneThatGoesAwayForgetsAllBeforeItGoesOn(boolean allOnes) {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    goAway(allOnes);
    rig.p2m.changed(dom0);
    rig.p2m.changed(dom0);
    assertEquals(List.of("nothing answers at its registers"), rig.events(IommuFaults.ERROR), "once");
    assertFalse(rig.iommu.covers(rig.bridge, RID));
    assertEquals(-XEN_ENODEV, rig.iommu.attach(rig.bridge, OTHER, dom0));
    rig.present(true);
    rig.hardware.told();
    assertEquals(0, rig.iommu.attach(rig.bridge, OTHER, dom0));
    assertEquals("8 sync 2:10 sync", rig.hardware.told());
  }

  @Test
  void oneThatComesBackColdIsBroughtUpWithWhatItHad() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    long table = rig.hardware.get(IommuRegisters.DEVICE_TABLE);
    rig.hardware.cold();
    rig.p2m.changed(dom0);
    assertEquals(FakeIommu.ENABLED, rig.hardware.get(IommuRegisters.CONTROL));
    assertEquals(table, rig.hardware.get(IommuRegisters.DEVICE_TABLE));
    assertEquals(OPEN | IommuRig.root(dom0), rig.entry(RID, 0));
    assertEquals(List.of("it was off: it is brought up again"), rig.events(IommuFaults.ERROR));
  }

  @Test
  void aCommandThatIsRefusedOrLostIsMadeUpFor() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.hardware.told();
    rig.hardware.refuse();
    rig.p2m.changed(dom0);
    assertNotEquals(List.of(), rig.events(IommuFaults.ERROR));
    rig.hardware.told();
    rig.p2m.changed(dom0);
    assertEquals("8 sync 3:1 sync", rig.hardware.told());
    rig.hardware.deaf(true);
    rig.p2m.changed(dom0);
    rig.hardware.deaf(false);
    rig.hardware.told();
    rig.p2m.changed(dom0);
    assertTrue(rig.hardware.told().endsWith("8 sync 3:1 sync"));
  }
}
