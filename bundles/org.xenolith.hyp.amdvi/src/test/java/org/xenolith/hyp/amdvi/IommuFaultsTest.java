// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.testkit.hyp.FakeDomain;

class IommuFaultsTest {
  private static final int PAGE_FAULT = 2;
  private static final long MESSAGE = 1L << 51;
  private static final long PRESENT = 1L << 52;
  private static final long WRITE = 1L << 53;
  private static final long PERMISSION = 1L << 54;
  private static final int RID = 0x208;
  private final IommuRig rig = new IommuRig();

  @BeforeEach
  void start() {
    rig.dom0();
    FakeDomain guest = rig.hypervisor.domU(3, 1);
    rig.iommu.attach(rig.bridge, RID, guest);
    rig.hypervisor.clock().advance(2 * IommuEventLog.SECOND);
  }

  private List<String> told() {
    List<String> told = rig.events(IommuFaults.FAULT);
    rig.context().reportedEvents().clear();
    return told;
  }

  @Test
  void aFaultNamesStreamFunctionDomainAndAddress() {
    rig.hardware.event(PAGE_FAULT, WRITE, RID, 0x1234_5000L);
    rig.hardware.event(PAGE_FAULT, PRESENT | PERMISSION, RID, 0x42);
    rig.hardware.event(PAGE_FAULT, MESSAGE, RID, 0xFEE0_0000L);
    rig.interrupt();
    assertEquals(List.of("stream 0x208, function 0000:02:01.0, of d3 fake3: nothing is mapped there (IO_PAGE_FAULT), write to 0x12345000",
        "stream 0x208, function 0000:02:01.0, of d3 fake3: not permitted (IO_PAGE_FAULT), read of 0x42",
        "stream 0x208, function 0000:02:01.0, of d3 fake3: not one of its messages (IO_PAGE_FAULT), a message to 0xfee00000"), told());
  }

  @Test
  void aStreamOfNobodyIsNamedAsTheTreeTells() {
    rig.hardware.event(PAGE_FAULT, WRITE | PRESENT | PERMISSION, 0x211, 0x1000);
    rig.hardware.event(1, 0, 0xF345, 0);
    rig.interrupt();
    assertEquals(List.of("stream 0x211, function 0000:02:02.1, of no domain: not attached (IO_PAGE_FAULT), write to 0x1000",
        "stream 0xf345, of no domain: it has no entry (ILLEGAL_DEV_TABLE_ENTRY)"), told());
  }

  @Test
  void aFloodIsToldByItsNumberAndInterruptsNoMore() {
    for (int i = 0; i < 100; i++) {
      rig.hardware.event(PAGE_FAULT, WRITE, RID, i);
    }
    rig.interrupt();
    List<String> first = told();
    assertEquals(IommuEventLog.MOST + 1, first.size());
    assertEquals("84 further accesses were refused", first.getLast());
    assertEquals(100L, rig.model.state().save().get(IommuRig.IOMMU + ".faults"));
    for (int i = 0; i < 300; i++) {
      rig.hardware.event(PAGE_FAULT, WRITE, RID, i);
      rig.interrupt();
    }
    assertEquals(List.of(), told(), "the second is not over");
    assertEquals(1, rig.hardware.get(IommuRegisters.STATUS) & 1, "events were lost");
    rig.hypervisor.clock().advance(IommuEventLog.SECOND);
    List<String> second = told();
    assertEquals(IommuEventLog.MOST + 1, second.size());
    assertEquals("239 further accesses were refused, and more that were not recorded", second.getLast());
    assertEquals(0, rig.hardware.get(IommuRegisters.STATUS) & 1);
    assertEquals(FakeIommu.ENABLED, rig.hardware.get(IommuRegisters.CONTROL));
    rig.hypervisor.clock().advance(2 * IommuEventLog.SECOND);
    rig.hardware.event(PAGE_FAULT, WRITE, RID, 7);
    rig.interrupt();
    assertEquals(1, told().size());
  }

  /** Its host bridge has no driver, or it isn't there. */
  @Test
  void withoutAMessageEventsAreToldWithTheNextCommand() {
    IommuRig silent = new IommuRig();
    silent.configuration.remove(IommuRig.FUNCTION);
    FakeDomain dom0 = silent.dom0();
    silent.iommu.attach(silent.bridge, RID, dom0);
    silent.hypervisor.clock().advance(2 * IommuEventLog.SECOND);
    silent.hardware.event(PAGE_FAULT, WRITE, RID, 0x1000);
    assertEquals(List.of(), silent.events(IommuFaults.FAULT));
    silent.p2m.changed(dom0);
    assertEquals(1, silent.events(IommuFaults.FAULT).size());
  }

  @Test
  void oneThatIsAwayIsNotAsked() {
    rig.present(false);
    assertTrue(rig.interrupt());
    assertEquals(List.of("nothing answers at its registers"), rig.events(IommuFaults.ERROR));
  }

  /** Codes and flags of 48882, 2.5. */
  @Test
  void eachKindOfEventHasItsName() {
    long reserved = 1L << 55;
    Object[][] kinds = {{1, 0L, "it has no entry (ILLEGAL_DEV_TABLE_ENTRY)"}, {2, reserved,
        "its tables are wrong (IO_PAGE_FAULT), read of 0x77"},
        {2, reserved | WRITE | PRESENT, "its tables are wrong (IO_PAGE_FAULT), write to 0x77"}, {2, PRESENT,
            "not permitted (IO_PAGE_FAULT), read of 0x77"}, {2, 0L, "nothing is mapped there (IO_PAGE_FAULT), read of 0x77"}, {3, 0L,
                "event 3"}, {4, 0L, "a table could not be read (PAGE_TAB_HARDWARE_ERROR)"}, {7, 0L, "event 7"}, {8, 0L,
                    "no such request (INVALID_DEVICE_REQUEST), read of 0x77"}, {8, WRITE,
                        "no such request (INVALID_DEVICE_REQUEST), write to 0x77"}, {8, MESSAGE,
                            "no such request (INVALID_DEVICE_REQUEST), read of 0x77"}, {15, 0L, "event 15"}};
    for (Object[] kind : kinds) {
      rig.hardware.event((int) kind[0], (long) kind[1], RID, 0x77);
    }
    rig.interrupt();
    List<String> told = told();
    for (int i = 0; i < kinds.length; i++) {
      assertEquals("stream 0x208, function 0000:02:01.0, of d3 fake3: " + kinds[i][2], told.get(i));
    }
  }

  @Test
  void errorsOfCommandsAreTheIommusOwn() {
    rig.hardware.event(5, 0, 0, 0x4100_0010L);
    rig.hardware.event(6, 0, 0, 0x4100_0020L);
    rig.interrupt();
    assertEquals(List.of("an illegal command at 0x41000010", "a command could not be done at 0x41000020"), rig.events(IommuFaults.ERROR));
    assertEquals(List.of(), rig.events(IommuFaults.FAULT));
  }

  @Test
  void aMessageOfNobodysIsOne() {
    rig.hardware.event(PAGE_FAULT, MESSAGE, 0x211, 0x42);
    rig.interrupt();
    assertEquals(List.of("stream 0x211, function 0000:02:02.1, of no domain: not attached (IO_PAGE_FAULT), a message to 0x42"), told());
  }

  @Test
  void soManyAreToldInASecondAndTheNextOneWhenItIsOver() {
    for (int i = 0; i < IommuEventLog.MOST; i++) {
      rig.hardware.event(PAGE_FAULT, WRITE, RID, i);
      rig.interrupt();
    }
    assertEquals(IommuEventLog.MOST, told().size());
    rig.hardware.event(PAGE_FAULT, WRITE, RID, 0x99);
    rig.interrupt();
    rig.hypervisor.clock().advance(IommuEventLog.SECOND - 1);
    assertEquals(List.of(), told());
    rig.hypervisor.clock().advance(1);
    List<String> second = told();
    assertEquals(1, second.size());
    assertTrue(second.getFirst().endsWith("write to 0x99"), second.getFirst());
  }

  @Test
  void eventsOfALogThatWentRoundAreToldInTheirOrder() {
    for (int i = 0; i < 600; i++) {
      rig.hardware.event(PAGE_FAULT, WRITE, RID, i);
      rig.hypervisor.clock().advance(IommuEventLog.SECOND);
      rig.interrupt();
      List<String> told = told();
      assertEquals(1, told.size());
      assertTrue(told.getFirst().endsWith("write to 0x" + Integer.toHexString(i)), told.getFirst());
    }
  }

  @Test
  void anInterruptIsAcknowledged() {
    rig.hardware.set(IommuRegisters.STATUS, rig.hardware.get(IommuRegisters.STATUS) | 2);
    rig.interrupt();
    assertEquals(0, rig.hardware.get(IommuRegisters.STATUS) & 2);
  }

  @Test
  void nothingIsWaitedForWhenAllIsTold() {
    rig.hardware.event(PAGE_FAULT, WRITE, RID, 0x1000);
    rig.interrupt();
    assertTrue(rig.context().deadlines().values().stream().allMatch(at -> at == Long.MAX_VALUE));
  }

  @Test
  void withoutTheCoreItsDomainHasNoName() {
    rig.hypervisor.port(DomainsPort.class).detach(rig.hypervisor);
    rig.hardware.event(PAGE_FAULT, WRITE, RID, 0x1000);
    rig.interrupt();
    assertTrue(told().getFirst().contains(", of a domain that is gone: "));
  }

  @Test
  void whatAnotherVersionCountsGoesOn() {
    for (int i = 0; i < 20; i++) {
      rig.hardware.event(PAGE_FAULT, WRITE, RID, i);
    }
    rig.interrupt();
    told();
    rig.replace();
    rig.hypervisor.renew();
    rig.hardware.event(PAGE_FAULT, WRITE, RID, 0x1000);
    rig.interrupt();
    assertEquals(List.of(), told(), "the second is not over");
  }
}
