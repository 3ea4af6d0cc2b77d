// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.CapsuleAnswer;
import org.xenolith.efi.api.BootPhasePort;
import org.xenolith.efi.api.ClockPort;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.FirmwareDescription;
import org.xenolith.efi.api.FirmwareDescriptionPort;
import org.xenolith.efi.api.FirmwareMemory;
import org.xenolith.efi.api.FirmwareNode;
import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.RuntimeServicesPort;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.TimeServices;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.VariableStore;
import org.xenolith.efi.api.VariablesPort;
import org.xenolith.efi.api.WakeupAnswer;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What the core makes of the roles, and of those that nobody fills. */
class EfiFirmwareTest {
  private static final VariableName LANG = VariableName.global("Lang");
  private final FakeContext context = new FakeContext(FakeNode.at(FirmwareNode.PATH).compatible(FirmwareNode.COMPATIBLE).build());
  private final DeviceModel model = context.create(new EfiFirmwareComponent());
  private final RuntimeServicesPort services = context.port(RuntimeServicesPort.class);
  private final List<String> calls = new ArrayList<>();

  /** Notes its calls and answers with what it is given. */
  private <T> T role(Class<T> type, Object... answers) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
      if (method.getName().equals("equals")) {
        return proxy == arguments[0];
      }
      calls.add(method.getName());
      for (Object answer : answers) {
        if (method.getReturnType().isInstance(answer)) {
          return answer;
        }
      }
      return null;
    }));
  }

  @Test
  void rolesThatNobodyFillsAreNotReady() {
    assertEquals(EfiStatus.NOT_READY, services.getTime().status());
    assertEquals(EfiStatus.NOT_READY, services.setTime(EfiTime.utc(2026, 1, 1, 0, 0, 0)));
    assertEquals(EfiStatus.NOT_READY, services.getWakeupTime().status());
    assertEquals(EfiStatus.NOT_READY, services.setWakeupTime(false, null));
    assertEquals(EfiStatus.NOT_READY, services.getVariable(LANG, 1).status());
    assertEquals(EfiStatus.NOT_READY, services.getNextVariableName(LANG, 1).status());
    assertEquals(EfiStatus.NOT_READY, services.setVariable(LANG, 7, new byte[1]));
    assertEquals(EfiStatus.NOT_READY, services.queryVariableInfo(7).status());
    assertEquals(EfiStatus.NOT_READY, services.getNextHighMonotonicCount().status());
  }

  @Test
  void timeIsTheClocks() {
    TimeAnswer time = new TimeAnswer(EfiStatus.SUCCESS, EfiTime.utc(2026, 1, 1, 0, 0, 0), 1, 0, false);
    WakeupAnswer wakeup = new WakeupAnswer(EfiStatus.SUCCESS, true, false, time.time());
    context.port(ClockPort.class).attach(role(TimeServices.class, time, wakeup, EfiStatus.DEVICE_ERROR), context);
    assertEquals(time, services.getTime());
    assertEquals(wakeup, services.getWakeupTime());
    assertEquals(EfiStatus.DEVICE_ERROR, services.setTime(time.time()));
    assertEquals(EfiStatus.DEVICE_ERROR, services.setWakeupTime(true, null));
    assertEquals(List.of("getTime", "getWakeupTime", "setTime", "setWakeupTime"), calls);
  }

  /** A store that has come back, or was reset, believes that boot services go on. */
  @Test
  void storeIsToldBeforeEachCallThatBootServicesAreOver() {
    VariableAnswer found = new VariableAnswer(EfiStatus.SUCCESS, 7, 1, new byte[1]);
    CounterAnswer counter = new CounterAnswer(EfiStatus.SUCCESS, 4);
    context.port(VariablesPort.class).attach(role(VariableStore.class, found, counter, EfiStatus.WRITE_PROTECTED), context);
    assertEquals(found, services.getVariable(LANG, 9));
    assertEquals(EfiStatus.WRITE_PROTECTED, services.setVariable(LANG, 7, new byte[0]));
    assertEquals(counter, services.getNextHighMonotonicCount());
    services.getNextVariableName(LANG, 1);
    services.queryVariableInfo(7);
    assertEquals(List.of("exitBootServices", "getVariable", "exitBootServices", "setVariable", "exitBootServices",
        "getNextHighMonotonicCount", "exitBootServices", "getNextVariableName", "exitBootServices", "queryVariableInfo"), calls);
  }

  @Test
  void storeIsNotToldWhileBootServicesAreThere() {
    VariableAnswer found = new VariableAnswer(EfiStatus.SUCCESS, 7, 1, new byte[1]);
    context.port(VariablesPort.class).attach(role(VariableStore.class, found, null, EfiStatus.WRITE_PROTECTED), context);
    boolean[] there = {true};
    context.port(BootPhasePort.class).attach(() -> there[0], context);
    services.getVariable(LANG, 9);
    assertEquals(List.of("getVariable"), calls);
    there[0] = false;
    services.getVariable(LANG, 9);
    assertEquals(List.of("getVariable", "exitBootServices", "getVariable"), calls);
  }

  @Test
  void resetsAreThoseOfTheMachine() {
    services.resetSystem(ResetType.COLD, 0, new byte[0]);
    assertEquals("EFI ResetSystem COLD", context.power().why());
    services.resetSystem(ResetType.WARM, EfiStatus.ABORTED.code(), new byte[0]);
    assertEquals("EFI ResetSystem WARM, status 0x8000000000000015", context.power().why());
    services.resetSystem(ResetType.PLATFORM_SPECIFIC, 0, new byte[18]);
    assertEquals(3, context.power().resets());
    assertEquals(0, context.power().powerOffs());
    services.resetSystem(ResetType.SHUTDOWN, 0, new byte[0]);
    assertEquals(1, context.power().powerOffs());
    assertEquals(3, context.power().resets());
  }

  @Test
  void capsulesAreUnsupported() {
    assertEquals(EfiStatus.UNSUPPORTED, services.updateCapsule(List.of(), 0));
    assertEquals(CapsuleAnswer.of(EfiStatus.UNSUPPORTED), services.queryCapsuleCapabilities(List.of()));
  }

  @Test
  void descriptionIsStateThatAResetForgets() {
    FirmwareDescriptionPort port = context.port(FirmwareDescriptionPort.class);
    assertNull(port.description());
    FirmwareDescription told = new FirmwareDescription(2 << 16 | 100, 0, "Acme\u00e9", 3, 0x4800_0000L, 2,
        List.of(new FirmwareMemory(7, 0x4000_0000L, 16, 8), new FirmwareMemory(5, 0x5000_0000L, 1, 1L << 63)));
    port.describe(told);
    StateRecord record = model.state().save();
    DeviceModel next = new EfiFirmwareComponent().create(context.successor());
    next.state().restore(record);
    assertEquals(told, port.description());
    next.reset();
    assertNull(port.description());
    for (byte[] wrong : new byte[][] {new byte[3], new byte[28], Arrays.copyOf((byte[]) record.values().get("description"), 60)}) {
      wrong[wrong.length - 1] = 1;
      StateRecord bad = new StateRecord();
      bad.put("description", wrong);
      assertThrows(StateMismatch.class, () -> next.state().restore(bad));
    }
  }

  @Test
  void laterVersionTakesOverAndOneThatIsRemovedAnswersNoMore() {
    assertTrue(services.present());
    DeviceModel next = new EfiFirmwareComponent().create(context.successor());
    model.removed();
    assertTrue(services.present());
    next.removed();
    assertFalse(services.present());
    services.resetSystem(ResetType.COLD, 0, new byte[0]);
    assertEquals(0, context.power().resets());
  }
}
