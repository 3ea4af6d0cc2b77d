// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.variables;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.GuestVariablesPort;
import org.xenolith.efi.api.VariableName;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** Stores of domains. */
class GuestVariablesTest {
  private static final UUID ONE = new UUID(1, 1);
  private static final UUID TWO = new UUID(2, 2);
  private static final VariableName NAME = StoreStand.name("Lang");
  private static final int VOLATILE = 6;
  private static final int KEPT = 7;

  private FakeContext context = new FakeContext(FakeNode.at("/xenolith-hypervisor").compatible("xenolith,hypervisor").build())
      .describedBy(GuestVariablesComponent.DESCRIPTION);
  private GuestVariablesModel model = new GuestVariablesModel(context);
  private final GuestVariablesPort port = context.port(GuestVariablesPort.class);

  private EfiStatus set(UUID domain, int attributes, int value) {
    return port.setVariable(domain, NAME, attributes, new byte[] {(byte) value});
  }

  private byte[] get(UUID domain) {
    return port.getVariable(domain, NAME, 10).data();
  }

  @Test
  void eachDomainHasItsOwn() {
    assertEquals(EfiStatus.SUCCESS, set(ONE, KEPT, 1));
    assertEquals(EfiStatus.SUCCESS, set(TWO, KEPT, 2));
    assertArrayEquals(new byte[] {1}, get(ONE));
    assertArrayEquals(new byte[] {2}, get(TWO));
    assertEquals(0x1_0000_0001L, counted(ONE) << 32 | counted(TWO), "the counter, too");
  }

  private long counted(UUID domain) {
    return port.getNextHighMonotonicCount(domain).high() - 1;
  }

  @Test
  void aDomainThatBeginsAgainHasItsNonVolatileOnesAndBootServices() {
    VariableName other = StoreStand.name("Timeout");
    assertEquals(EfiStatus.SUCCESS, set(ONE, KEPT, 1));
    assertEquals(EfiStatus.SUCCESS, port.setVariable(ONE, other, VOLATILE, new byte[] {1}));
    port.exitBootServices(ONE);
    assertEquals(EfiStatus.INVALID_PARAMETER, port.setVariable(ONE, StoreStand.name("ConIn"), VOLATILE, new byte[] {1}));
    port.begins(ONE);
    assertArrayEquals(new byte[] {1}, get(ONE));
    assertEquals(EfiStatus.NOT_FOUND, port.getVariable(ONE, other, 10).status());
    assertEquals(EfiStatus.SUCCESS, port.setVariable(ONE, other, VOLATILE, new byte[] {1}));
  }

  @Test
  void whoReplacesItGoesOn() {
    set(ONE, KEPT, 1);
    port.exitBootServices(TWO);
    StateRecord record = model.state().save();
    FakeContext old = context;
    context = context.successor();
    GuestVariablesModel next = new GuestVariablesModel(context);
    next.state().restore(record);
    model.removed();
    model = next;
    assertEquals(record, model.state().save());
    assertTrue(old.port(GuestVariablesPort.class).present());
    assertArrayEquals(new byte[] {1}, port.getVariable(ONE, NAME, 10).data());
    assertEquals(EfiStatus.INVALID_PARAMETER, set(TWO, VOLATILE, 1), "its run time goes on");
    model.removed();
    assertEquals(EfiStatus.NOT_READY, port.getVariable(ONE, NAME, 10).status());
    assertFalse(port.present());
  }

  @Test
  void ofMoreDomainsThanItKeepsTheLongestUnusedLosesItsVariablesAndThatIsTold() {
    for (int i = 0; i < GuestVariablesModel.MOST; i++) {
      set(new UUID(0, i), KEPT, i);
    }
    get(new UUID(0, 0));
    set(ONE, KEPT, 1);
    assertArrayEquals(new byte[] {0}, get(new UUID(0, 0)));
    assertEquals(1, context.reportedEvents().size());
    assertTrue(context.reportedEvents().getFirst().text().contains("those of " + new UUID(0, 1)), context.reportedEvents()::toString);
    assertEquals(0, get(new UUID(0, 1)).length);
  }

  @Test
  void strangeRecordsAreRefusedAndChangeNothing() {
    set(ONE, KEPT, 1);
    StateRecord before = model.state().save();
    for (int length : new int[] {1, 21, 22, 30}) {
      StateRecord bad = new StateRecord();
      byte[] bytes = new byte[length];
      if (length > 21) {
        bytes[18] = 100;
      }
      bad.put("stores", bytes);
      assertThrows(StateMismatch.class, () -> model.state().restore(bad), () -> length + " bytes");
      assertEquals(before, model.state().save());
    }
  }

  @Test
  void theMachinesResetForgetsThem() {
    set(ONE, KEPT, 1);
    model.reset();
    assertEquals(0, get(ONE).length);
  }
}
