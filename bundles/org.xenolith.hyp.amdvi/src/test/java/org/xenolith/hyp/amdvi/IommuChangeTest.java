// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.hyp.FakeDomain;

/** Another version of the driver, or none for a while. */
class IommuChangeTest {
  private static final int RID = 0x08;
  private static final int OTHER = 0x10;
  private static final long CLOSED = 3;
  private static final long OPEN = 3 | 4 << 9 | 3L << 61;
  private final IommuRig rig = new IommuRig();

  @Test
  void anotherVersionGoesOnAndTheIommuIsToldNothing() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.message(RID, 0x41, true);
    int vector = rig.vector();
    rig.hardware.told();
    rig.replace();
    rig.hypervisor.renew();
    assertEquals("", rig.hardware.told());
    assertEquals(vector, rig.vector());
    rig.p2m.changed(dom0);
    assertEquals("3:1 sync", rig.hardware.told());
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    assertEquals(0, rig.iommu.attach(rig.bridge, OTHER, guest));
    assertEquals(2, rig.entry(OTHER, 1), "in the table that the hardware reads");
    rig.hardware.event(2, 0, OTHER, 0x1000);
    assertTrue(rig.interrupt());
    assertTrue(rig.events(IommuFaults.FAULT).getFirst().contains("of d3 fake3"), () -> rig.events(IommuFaults.FAULT).toString());
  }

  @Test
  void withoutADriverNothingPassesAndAllIsForgottenAfterwards() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.attach(rig.bridge, OTHER, guest);
    rig.iommu.message(RID, 0x41, true);
    rig.hardware.told();
    rig.without(() -> {
      assertEquals(CLOSED, rig.entry(RID, 0), "nothing passes");
      assertEquals(CLOSED, rig.entry(OTHER, 0));
      assertEquals("8 sync", rig.hardware.told(), "and it knows");
      assertEquals(FakeIommu.ENABLED & ~8, rig.hardware.get(IommuRegisters.CONTROL), "on, as it lets all pass when it is off");
      assertFalse(rig.iommu.covers(rig.bridge, RID));
      assertFalse(rig.interrupt(), "nobody serves it");
      rig.p2m.changed(dom0);
      rig.hypervisor.destroy(guest);
      rig.hardware.event(2, 0, OTHER, 0x1000);
    });
    assertEquals(FakeIommu.ENABLED, rig.hardware.get(IommuRegisters.CONTROL));
    assertEquals("8 sync 8 sync 2:10 sync 3:2 sync", rig.hardware.told());
    assertEquals(CLOSED, rig.entry(OTHER, 0), "its domain is gone");
    assertEquals(1, rig.entry(OTHER, 2));
    assertEquals(OPEN | IommuRig.root(dom0), rig.entry(RID, 0));
    assertTrue((rig.message(RID, 0x41) & 1) != 0, "its messages pass");
    assertEquals(1, rig.events(IommuFaults.FAULT).size(), "what waited in the log");
    assertTrue(rig.iommu.covers(rig.bridge, RID));
  }

  @Test
  void aDriverThatComesBackBeforeItsIommuOpensWhatWasClosedLater() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.takenOut();
    rig.without(() -> assertEquals(CLOSED, rig.entry(RID, 0)));
    rig.present(true);
    assertEquals(CLOSED, rig.entry(RID, 0));
    rig.p2m.changed(dom0);
    assertEquals(OPEN | IommuRig.root(dom0), rig.entry(RID, 0));
    assertEquals(FakeIommu.ENABLED, rig.hardware.get(IommuRegisters.CONTROL));
  }

  @Test
  void aDriverThatComesToARunningHardwareDomainTakesNothingFromIt() {
    var record = rig.hypervisor.remove("iommu");
    rig.dom0();
    rig.hypervisor.bringBack("iommu", new AmdViDriverComponent(), record);
    rig.hypervisor.domU(3, 1);
    assertEquals(0, rig.hardware.get(IommuRegisters.CONTROL));
    assertEquals(List.of(), rig.iommu.nodes());
  }

  @Test
  void aDriverThatGoesWhileItsIommuIsAwaySaysSo() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.present(false);
    rig.hypervisor.remove("iommu");
    assertEquals(List.of("nothing answers at its registers"), rig.events(IommuFaults.ERROR));
    assertEquals(CLOSED, rig.hypervisor.memory().read64((rig.hardware.get(IommuRegisters.DEVICE_TABLE) & ~0xFFFL) + 32 * RID));
  }

  @Test
  void aDriverThatGoesWhileItsIommuStandsStillSaysSo() {
    rig.dom0();
    rig.hardware.deaf(true);
    rig.hypervisor.remove("iommu");
    assertEquals(List.of("it does not do as it is told"), rig.events(IommuFaults.ERROR));
  }

  @Test
  void aDriverThatComesToAnIommuThatIsAwaySaysSo() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.without(() -> rig.present(false));
    assertEquals(List.of("nothing answers at its registers"), rig.events(IommuFaults.ERROR));
    rig.present(true);
    rig.p2m.changed(dom0);
    assertEquals(OPEN | IommuRig.root(dom0), rig.entry(RID, 0));
  }

  @Test
  void aDomainThatWentMeanwhileLeavesNoTableOfMessages() {
    rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    FrameHeap heap = rig.hypervisor.port(FrameHeapPort.class);
    long before = heap.count(FrameHeap.HYPERVISOR);
    rig.iommu.attach(rig.bridge, OTHER, guest);
    rig.without(() -> rig.hypervisor.destroy(guest));
    assertEquals(before - 1, heap.count(FrameHeap.HYPERVISOR), "nor its shared_info");
  }

  @Test
  void aDomainThatWentMeanwhileLeavesItsNumberToTheNext() {
    rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, rig.hypervisor.byId(0));
    rig.iommu.attach(rig.bridge, OTHER, guest);
    rig.without(() -> rig.hypervisor.destroy(guest));
    rig.iommu.attach(rig.bridge, 0x18, rig.hypervisor.domU(4, 1));
    assertEquals(2, rig.entry(0x18, 1));
  }

  /** Of a domain of which it was not told that it is gone: its memory is another's, perhaps. */
  @Test
  void whenItForgetsWhatItKeptNoEntryIsThatOfADomainThatIsGone() {
    rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, OTHER, guest);
    rig.hypervisor.port(DomainsPort.class).forget((DomainListener) rig.model);
    rig.hypervisor.destroy(guest);
    rig.hardware.set(IommuRegisters.CONTROL, FakeIommu.ENABLED & ~8);
    List<Long> seen = new ArrayList<>();
    rig.hardware.onForgetting(() -> seen.add(rig.entry(OTHER, 0)));
    rig.model.restored();
    assertEquals(List.of(CLOSED), seen);
  }

  @Test
  void aDomainThatWentMeanwhileLeavesNoRecordOfItsUnityRanges() {
    IommuRig unity = new IommuRig("8@e0000000+2000");
    unity.dom0();
    FakeDomain guest = unity.hypervisor.domU(3, 1);
    unity.iommu.attach(unity.bridge, RID, guest);
    StateRecord record = unity.hypervisor.remove("iommu");
    unity.hypervisor.destroy(guest);
    DeviceModel next = unity.hypervisor.bringBack("iommu", new AmdViDriverComponent(), record);
    assertEquals(0, ((byte[]) next.state().save().get(IommuRig.IOMMU + ".unity")).length);
  }

  @Test
  void anIommuThatLostItsPowerLostItsMessageAlso() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.hardware.cold();
    rig.configuration.at(IommuRig.FUNCTION).put(IommuRig.MSI + 2, 2, 0x80).put(IommuRig.MSI + 12, 2, 0);
    rig.p2m.changed(dom0);
    assertEquals(0x81, rig.configuration.at(IommuRig.FUNCTION).get(IommuRig.MSI + 2, 2));
    assertTrue(rig.interrupt());
  }

  @Test
  void anIommuThatStandsStillIsReportedOnce() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.hardware.deaf(true);
    for (int i = 0; i < 3; i++) {
      rig.p2m.changed(dom0);
    }
    assertEquals(List.of("it does not do as it is told"), rig.events(IommuFaults.ERROR));
    rig.hardware.cold();
    rig.p2m.changed(dom0);
    assertEquals(2, rig.events(IommuFaults.ERROR).size(), "it was off, and stands still");
    rig.hardware.deaf(false);
    rig.p2m.changed(dom0);
    rig.hardware.deaf(true);
    rig.p2m.changed(dom0);
    assertEquals(3, rig.events(IommuFaults.ERROR).size(), "once more after it did something");
  }

  @Test
  void commandsThatTakeTooLongAfterTheyStoppedAreMadeUpFor() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.hardware.told();
    rig.hardware.stopped();
    rig.hardware.slow(IommuRegisters.POLLS + 100);
    rig.p2m.changed(dom0);
    assertEquals("", rig.hardware.told());
    assertEquals(List.of("its commands had stopped: they begin anew", "it does not do as it is told"), rig.events(IommuFaults.ERROR));
    rig.hardware.deaf(false);
    rig.p2m.changed(dom0);
    assertTrue(rig.hardware.told().endsWith("8 sync 3:1 sync"));
  }

  @Test
  void whatWasClosedIsOpenOnlyWhenTheIommuKnows() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.takenOut();
    rig.without(() -> {
    });
    rig.present(true);
    rig.hardware.refuse(3);
    assertFalse(rig.iommu.covers(rig.bridge, RID), "the first wait was served, what it is told then is not");
    assertTrue(rig.iommu.covers(rig.bridge, RID));
    assertEquals(OPEN | IommuRig.root(dom0), rig.entry(RID, 0));
  }

  @Test
  void commandsThatHadStoppedBeginAnew() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.hardware.told();
    rig.hardware.stopped();
    rig.p2m.changed(dom0);
    assertEquals(List.of("its commands had stopped: they begin anew"), rig.events(IommuFaults.ERROR));
    assertEquals("8 sync 3:1 sync", rig.hardware.told());
    assertEquals(FakeIommu.ENABLED, rig.hardware.get(IommuRegisters.CONTROL));
  }
}
