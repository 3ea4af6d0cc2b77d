// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.IommuPort;
import org.xenolith.hyp.api.IommusPort;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** Another version of the driver, or none for a while. */
class DriverChangeTest {
  private static final int RID = 0x08;
  private final Rig rig = new Rig();

  @Test
  void anotherVersionGoesOnWithoutTouchingTheHardware() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.smmu.told();
    rig.replace();
    rig.hypervisor.renew();
    assertEquals("", rig.smmu.told());
    rig.p2m.changed(dom0);
    assertEquals("28:" + dom0.serial() + " sync", rig.smmu.told());
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    assertEquals(0, rig.iommu.attach(rig.bridge, RID, guest));
    assertEquals("3:8 sync 28:" + dom0.serial() + " sync 3:8 sync", rig.smmu.told());
    assertEquals(guest.serial(), rig.entry(RID, 2) & 0xFFFF, "in the table that the hardware reads");
    rig.smmu.event(0x10, RID, true, 0x1000);
    rig.interrupt();
    assertTrue(rig.events(Faults.FAULT).getFirst().contains("of d3 fake3"), () -> rig.events(Faults.FAULT).toString());
  }

  @Test
  void withoutADriverNothingPassesAndAllIsForgottenAfterwards() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.attach(rig.bridge, 0x10, guest);
    rig.smmu.told();
    rig.without(() -> {
      assertEquals(FakeSmmu.ENABLED & ~1, rig.smmu.get(Registers.CR0), "no translation: what GBPA says holds");
      assertEquals(1 << 20, rig.smmu.get(Registers.GBPA) & 1 << 20, "nothing passes");
      assertEquals(1, rig.entry(RID, 0) & 1);
      assertFalse(rig.iommu.covers(rig.bridge, RID));
      assertEquals(0, rig.smmu.get(Registers.IRQ_CTRL), "nobody serves it");
      rig.p2m.changed(dom0);
      rig.hypervisor.destroy(guest);
      rig.smmu.event(0x10, RID, true, 0x1000);
      rig.interrupt();
    });
    assertEquals(FakeSmmu.ENABLED, rig.smmu.get(Registers.CR0));
    assertEquals("4:0 30:0 20:0 sync 3:10 sync 28:" + guest.serial() + " sync", rig.smmu.told());
    assertEquals(0, rig.entry(0x10, 0) & 1, "its domain is gone");
    assertEquals(1, rig.entry(RID, 0) & 1);
    assertEquals(5, rig.smmu.get(Registers.IRQ_CTRL));
    assertEquals(1, rig.events(Faults.FAULT).size(), "what waited in the queue");
    assertTrue(rig.iommu.covers(rig.bridge, RID));
  }

  @Test
  void aDriverThatComesBackBeforeItsSmmuTurnsItsInterruptsOnLater() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.without(rig::takenOut);
    rig.present(true);
    assertEquals(0, rig.smmu.get(Registers.IRQ_CTRL));
    rig.p2m.changed(dom0);
    assertEquals(5, rig.smmu.get(Registers.IRQ_CTRL));
  }

  @Test
  void aDriverThatComesToARunningHardwareDomainTakesNothingFromIt() {
    var record = rig.hypervisor.remove("iommu");
    rig.dom0();
    rig.hypervisor.bringBack("iommu", new IommuComponent(), record);
    rig.hypervisor.domU(3, 1);
    assertEquals(0, rig.smmu.get(Registers.CR0));
    assertEquals(List.of(), rig.iommu.nodes());
  }

  @Test
  void aDomainThatWentMeanwhileHasNoEntryWhenTheSmmuForgets() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.attach(rig.bridge, 0x10, guest);
    List<Long> seen = new ArrayList<>();
    rig.smmu.onForgetting(() -> seen.add(rig.entry(0x10, 0) & 1));
    rig.without(() -> rig.hypervisor.destroy(guest));
    assertEquals(List.of(0L), seen);
    rig.smmu.told();
    rig.p2m.changed(dom0);
    assertEquals("28:" + dom0.serial() + " sync", rig.smmu.told(), "all went well");
    FakeDomain next = rig.hypervisor.domU(4, 1);
    assertEquals(0, rig.iommu.attach(rig.bridge, 0x10, next));
    assertEquals("3:10 sync", rig.smmu.told(), "nobody had it");
  }

  @Test
  void whatWasNotForgottenOfADomainThatWentMeanwhileIsMadeUpFor() {
    FakeDomain dom0 = rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.iommu.attach(rig.bridge, 0x10, guest);
    rig.without(() -> {
      rig.hypervisor.destroy(guest);
      rig.smmu.refuse(0x28);
    });
    rig.smmu.told();
    rig.p2m.changed(dom0);
    assertEquals("4:0 30:0 20:0 sync 28:" + dom0.serial() + " sync", rig.smmu.told());
  }

  @Test
  void aDriverThatGoesWhileItsSmmuIsAwaySaysSo() {
    rig.dom0();
    rig.present(false);
    rig.hypervisor.remove("iommu");
    assertEquals(List.of("nothing answers at its registers"), rig.events(Faults.ERROR));
  }

  @Test
  void aDriverThatComesToAnSmmuThatIsAwaySaysSo() {
    FakeDomain dom0 = rig.dom0();
    rig.iommu.attach(rig.bridge, RID, dom0);
    rig.without(() -> rig.present(false));
    assertEquals(List.of("nothing answers at its registers"), rig.events(Faults.ERROR));
    rig.present(true);
    rig.smmu.told();
    rig.p2m.changed(dom0);
    assertEquals("4:0 30:0 20:0 sync 28:" + dom0.serial() + " sync", rig.smmu.told());
  }

  @Test
  void onlyWhatHasBothPagesOfRegistersIsAnSmmu() {
    for (long size : new long[] {0x1_0000, 0x1_FFFF, 0x2_0000, 0x10_0000}) {
      FakeHypervisor hypervisor = new FakeHypervisor().beside(FakeNode.at("/smmuv3@9050000").compatible("arm,smmu-v3")
          .window(0x0905_0000, size).build(), FakeNode.at("/smmuv3@1").compatible("arm,smmu-v3").build(), FakeNode.at("/smmuv2@9150000")
              .compatible("arm,mmu-500").window(0x0915_0000, size).build());
      hypervisor.install("iommu", new IommuComponent());
      assertEquals(size >= 0x2_0000 ? 1 : 0, hypervisor.port(IommusPort.class).all().stream().filter(IommuPort::present).count(), "of "
          + size + " bytes");
    }
  }
}
