// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainsPort;
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
    assertEquals(100L, rig.model.state().save().get(Rig.SMMU + ".faults"));
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

  /** Names of Arm IHI 0070, 7.3; those of a translation have an address. */
  @Test
  void eachKindOfEventHasItsName() {
    Object[][] kinds = {{0x01, "event 0x1", false}, {0x02, "not attached (C_BAD_STREAMID)", false}, {0x03,
        "the stream table could not be read (F_STE_FETCH)", false}, {0x04, "not attached (C_BAD_STE)", false}, {0x0A, "event 0xa", false},
        {0x0B, "a table of stage 2 could not be read (F_WALK_EABT)", true}, {0x0C, "event 0xc", false}, {0x0F, "event 0xf", false},
        {0x10, "nothing is mapped there (F_TRANSLATION)", true}, {0x11, "an address of too many bits (F_ADDR_SIZE)", true}, {0x12,
            "no access flag (F_ACCESS)", true}, {0x13, "not permitted (F_PERMISSION)", true}, {0x14, "event 0x14", false}};
    for (Object[] kind : kinds) {
      rig.smmu.event((int) kind[0], 0x208, false, 0x77);
    }
    rig.interrupt();
    List<String> told = told();
    for (int i = 0; i < kinds.length; i++) {
      assertEquals("stream 0x208, function 0002:02:01.0, of d3 fake3: " + kinds[i][1] + ((boolean) kinds[i][2] ? ", read of 0x77" : ""),
          told
              .get(i));
    }
  }

  @Test
  void soManyAreToldInASecondAndTheNextOneWhenItIsOver() {
    for (int i = 0; i < FaultQueue.MOST; i++) {
      rig.smmu.event(TRANSLATION, 0x208, true, i);
      rig.interrupt();
    }
    assertEquals(FaultQueue.MOST, told().size());
    rig.smmu.event(TRANSLATION, 0x208, true, 0x99);
    rig.interrupt();
    rig.hypervisor.clock().advance(FaultQueue.SECOND - 1);
    assertEquals(List.of(), told());
    rig.hypervisor.clock().advance(1);
    List<String> second = told();
    assertEquals(1, second.size());
    assertTrue(second.getFirst().endsWith("write to 0x99"), second.getFirst());
  }

  @Test
  void eventsOfAQueueThatWentRoundAreToldInTheirOrder() {
    for (int i = 0; i < 300; i++) {
      rig.smmu.event(TRANSLATION, 0x208, true, i);
      rig.hypervisor.clock().advance(FaultQueue.SECOND);
      rig.interrupt();
      List<String> told = told();
      assertEquals(1, told.size());
      assertTrue(told.getFirst().endsWith("write to 0x" + Integer.toHexString(i)), told.getFirst());
    }
  }

  @Test
  void nothingIsWaitedForWhenAllIsTold() {
    rig.smmu.event(TRANSLATION, 0x208, true, 0x1000);
    rig.interrupt();
    assertTrue(rig.context().deadlines().values().stream().allMatch(at -> at == Long.MAX_VALUE));
  }

  @Test
  void whatASmallQueueLostIsToldThoughNothingIsLeftOut() {
    Rig small = new Rig();
    small.smmu.set(Registers.IDR1, 4 << 21 | 3 << 16 | 16);
    small.dom0();
    small.hypervisor.clock().advance(2 * FaultQueue.SECOND);
    for (int i = 0; i < 9; i++) {
      small.smmu.event(TRANSLATION, 0x208, true, i);
    }
    small.interrupt();
    assertEquals(9, small.events(Faults.FAULT).size());
    assertEquals("0 further accesses were refused, and more that were not recorded", small.events(Faults.FAULT).getLast());
  }

  @Test
  void withoutTheCoreItsDomainHasNoName() {
    rig.hypervisor.port(DomainsPort.class).detach(rig.hypervisor);
    rig.smmu.event(TRANSLATION, 0x208, true, 0x1000);
    rig.interrupt();
    assertTrue(told().getFirst().contains(", of a domain that is gone: "));
  }

  @Test
  void whatAnotherVersionCountsGoesOn() {
    rig.smmu.event(TRANSLATION, 0x208, true, 0x1000);
    for (int i = 0; i < 20; i++) {
      rig.smmu.event(TRANSLATION, 0x208, true, i);
    }
    rig.interrupt();
    told();
    rig.replace();
    rig.hypervisor.renew();
    rig.smmu.event(TRANSLATION, 0x208, true, 0x1000);
    rig.interrupt();
    assertEquals(List.of(), told(), "the second is not over");
  }

  /** CERROR_NONE, CERROR_ILL, CERROR_ABT, CERROR_ATC_INV_SYNC, and what there isn't yet (Arm IHI 0070, 7.1). */
  @Test
  void whyACommandIsRefusedIsSaid() {
    String[] reasons = {"no reason", "an illegal command", "the command could not be read", "a device's cache does not answer", "reason 4"};
    for (int reason = 0; reason < reasons.length; reason++) {
      rig.smmu.refuse(0x28, reason);
      rig.p2m.changed(guest);
      assertEquals("command 0x28 is refused: " + reasons[reason], rig.events(Faults.ERROR).getFirst());
      rig.context().reportedEvents().clear();
      rig.p2m.changed(guest);
    }
  }

  @Test
  void aCommandThatIsRefusedIsFoundInAQueueThatWentRound() {
    for (int i = 0; i < 150; i++) {
      rig.p2m.changed(guest);
    }
    rig.smmu.refuse(0x28);
    rig.p2m.changed(guest);
    assertEquals(List.of("command 0x28 is refused: an illegal command", "it does not do as it is told"), rig.events(Faults.ERROR));
    rig.smmu.told();
    rig.p2m.changed(guest);
    assertEquals("4:0 30:0 20:0 sync 28:" + guest.serial() + " sync", rig.smmu.told());
  }

  @Test
  void aCommandMayTakeItsTimeWithinBounds() {
    for (int reads : new int[] {1, 2, Registers.POLLS}) {
      rig.smmu.slow(reads);
      rig.p2m.changed(guest);
      assertEquals(List.of(), rig.events(Faults.ERROR));
    }
    rig.smmu.slow(Registers.POLLS + 1);
    rig.p2m.changed(guest);
    assertEquals("command 0x28 is not consumed", rig.events(Faults.ERROR).getFirst());
  }

  @Test
  void aQueueThatStandsIsMendedByItsInterruptAlso() {
    rig.smmu.set(Registers.GERROR, rig.smmu.get(Registers.GERROR) ^ 1);
    rig.smmu.set(Registers.CMDQ_CONS, rig.smmu.get(Registers.CMDQ_CONS) | 2 << 24);
    rig.interrupt();
    assertEquals(rig.smmu.get(Registers.GERROR), rig.smmu.get(Registers.GERRORN));
    String said = rig.events(Faults.ERROR).getFirst();
    assertTrue(said.endsWith("is refused: the command could not be read"), said);
    assertEquals(1, rig.events(Faults.ERROR).size());
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
