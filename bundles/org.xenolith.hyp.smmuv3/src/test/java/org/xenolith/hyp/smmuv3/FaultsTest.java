// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.testkit.hyp.FakeDomain;

class FaultsTest {
  private static final int TRANSLATION = 0x10;
  private final Rig rig = new Rig();
  private FakeDomain guest;

  @BeforeEach
  void start() {
    rig.dom0();
    guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, 0x208, guest);
    rig.hypervisor.clock().advance(2 * FaultQueue.SECOND);
  }

  private List<String> told() {
    List<String> told = rig.events(Faults.FAULT);
    rig.context().reportedEvents().clear();
    return told;
  }

  @Test
  void aFaultNamesStreamFunctionDomainAndAddress() {
    rig.smmu.event(TRANSLATION, 0x208, true, 0x1234_5000L);
    rig.smmu.event(0x13, 0x208, false, 0x42);
    rig.interrupt();
    assertEquals(List.of(
        "stream 0x208, function 0002:02:01.0, of d3 fake3: nothing is mapped there (F_TRANSLATION), write to 0x12345000",
        "stream 0x208, function 0002:02:01.0, of d3 fake3: not permitted (F_PERMISSION), read of 0x42"), told());
  }

  @Test
  void aStreamOfNobodyIsNamedAsTheTreeTells() {
    rig.smmu.event(0x04, 0x211, true, 0);
    rig.smmu.event(0x02, 0x1_2345, true, 0);
    rig.interrupt();
    assertEquals(List.of("stream 0x211, function 0002:02:02.1, of no domain: not attached (C_BAD_STE)",
        "stream 0x12345, of no domain: not attached (C_BAD_STREAMID)"), told());
  }

  @Test
  void aFloodIsToldByItsNumberAndInterruptsNoMore() {
    for (int i = 0; i < 100; i++) {
      rig.smmu.event(TRANSLATION, 0x208, true, i);
    }
    rig.interrupt();
    List<String> first = told();
    assertEquals(FaultQueue.MOST + 1, first.size());
    assertEquals("84 further accesses were refused", first.getLast());
    for (int i = 0; i < 300; i++) {
      rig.smmu.event(TRANSLATION, 0x208, true, i);
      rig.interrupt();
    }
    assertEquals(List.of(), told(), "the second is not over");
    assertTrue(rig.smmu.get(Registers.EVENTQ_PROD) >>> 31 != rig.smmu.get(Registers.EVENTQ_CONS) >>> 31, "events were lost");
    rig.hypervisor.clock().advance(FaultQueue.SECOND);
    List<String> second = told();
    assertEquals(FaultQueue.MOST + 1, second.size());
    assertEquals("112 further accesses were refused, and more that were not recorded", second.getLast());
    assertEquals(rig.smmu.get(Registers.EVENTQ_PROD), rig.smmu.get(Registers.EVENTQ_CONS));
    rig.hypervisor.clock().advance(2 * FaultQueue.SECOND);
    rig.smmu.event(TRANSLATION, 0x208, true, 7);
    rig.interrupt();
    assertEquals(1, told().size());
  }

  @Test
  void otherErrorsAreReportedAndAcknowledged() {
    rig.smmu.set(Registers.GERROR, rig.smmu.get(Registers.GERROR) ^ 4);
    rig.interrupt();
    assertEquals(List.of("global error 0x4"), rig.events(Faults.ERROR));
    assertEquals(rig.smmu.get(Registers.GERROR), rig.smmu.get(Registers.GERRORN));
  }

  @Test
  void anSmmuThatIsAwayIsNotAsked() {
    rig.present(false);
    rig.interrupt();
    assertEquals(List.of("nothing answers at its registers"), rig.events(Faults.ERROR));
  }
}
