// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.InspectionPort;
import org.xenolith.efi.boot.api.LayersPort;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.boot.kit.DriverLayer;
import org.xenolith.regs.StateRecord;

/** Calls that wait, that don't end, whose layer goes, and what notification functions may do meanwhile. */
class OpenCallsTest {
  private static final EfiGuid BELOW = EfiGuid.of("11111111-2222-3333-4444-555555555555");
  private static final EfiGuid ABOVE = EfiGuid.of("aaaaaaaa-2222-3333-4444-555555555555");
  private static final int SIGNAL = 0x8000_0200;
  private static final int RELATIVE = 2;

  private final Stand stand = new Stand().enter();
  private final Slow driver = new Slow();

  /** A driver whose function takes a second, or as long as it is told. */
  private final class Slow extends DriverLayer {
    boolean lifts = true;
    boolean leaves = true;
    boolean failsLate;
    long place;
    long pages;
    long event;
    long seconds = 1;

    @Override
    public String name() {
      return "slow";
    }

    @Override
    public int version() {
      return 1;
    }

    @Override
    protected String title() {
      return "Slow Driver";
    }

    @Override
    public EfiGuid managed() {
      return BELOW;
    }

    @Override
    protected EfiStep supported(Call call, long agent, long controller, long remaining) {
      tryOpen(call, agent, controller, BELOW);
      return EfiStep.done();
    }

    @Override
    protected EfiStep start(Call call, long agent, long controller, long remaining) {
      if (call.step() != 0) {
        assertEquals(0, call.result());
        event = call.firmware().memory().get64(call.get(1));
        throw new EfiError(EfiStatus.OUT_OF_RESOURCES, "on purpose");
      }
      open(call, agent, controller, BELOW);
      if (!leaves) {
        stand.context.port(LayersPort.class).detach(this);
        return new EfiStep.Go(1);
      }
      place = call.firmware().interfaceMemory(this, 16, 1);
      pointers(call.firmware(), place, "Work");
      call.firmware().handles().install(controller, ABOVE, place);
      if (!failsLate) {
        return EfiStep.done();
      }
      pages = call.firmware().pages(3);
      for (int i = 0; i < 20; i++) {
        call.firmware().handles().install(controller, new EfiGuid(new UUID(i, 1)), 0);
      }
      call.set(1, call.room(8));
      return EfiStep.call(1, call.firmware().service(BootService.CREATE_EVENT), 0x200, Call.TPL_CALLBACK, call.firmware().function(this,
          "Work"), place, call.get(1));
    }

    @Override
    protected EfiStep stop(Call call, long agent, long controller, long[] children) {
      return leave(call, agent, controller, BELOW, ABOVE);
    }

    @Override
    protected EfiFunction other(String name) {
      return name.equals("Work") ? this::work : null;
    }

    private EfiStep work(Call call) {
      call.firmware().numbers(this, call.argument(0));
      if (call.step() != 0) {
        return EfiStep.done();
      }
      if (lifts) {
        call.raise(Call.TPL_CALLBACK);
      }
      return new EfiStep.Wait(1, call.firmware().after(seconds * 1_000_000));
    }
  }

  private static void is(EfiStatus expected, long status) {
    assertEquals(expected, EfiStatus.of(status));
  }

  private long guid(EfiGuid guid) {
    long at = stand.room(16);
    stand.memory.write(at, guid.toBytes());
    return at;
  }

  private List<String> calls() {
    return stand.context.port(InspectionPort.class).answer("calls");
  }

  private List<String> reports() {
    return stand.context.reportedEvents().stream().map(each -> each.kind() + " " + each.text()).toList();
  }

  /** A controller that the driver can manage. */
  private long controller() {
    stand.context.port(LayersPort.class).attach(driver, stand.context);
    stand.firmware().begin();
    return stand.firmware().handles().install(0, BELOW, 0);
  }

  private long work(long controller) {
    long place = stand.firmware().handles().find(controller, ABOVE);
    return stand.call(stand.memory.get64(place), place);
  }

  /** A notification function of the guest's, half a second from now. */
  private void soon(int level, Stand.GuestFunction function) {
    long event = stand.room(16);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CREATE_EVENT, SIGNAL, level, stand.guest(function), 0, event));
    is(EfiStatus.SUCCESS, stand.boot(BootService.SET_TIMER, stand.memory.get64(event), RELATIVE, 5_000_000));
  }

  @Test
  void aFunctionWhoseStepsDontEndIsADeviceError() {
    stand.layer("test", Map.of("Go", call -> new EfiStep.Go(1)));
    is(EfiStatus.DEVICE_ERROR, stand.call(stand.firmware().function("test", "Go")));
    assertTrue(reports().stream().anyMatch(each -> each.startsWith("efi-steps test.Go takes ")), reports()::toString);
    assertEquals(List.of(), calls());
  }

  /** Its caller is a layer, too, and may call it again. */
  @Test
  void whoCallsAFunctionWhoseStepsDontEndIsToldAndEndsItselfIfItGoesOn() {
    long[] results = {0};
    stand.layer("test", Map.of("Go", call -> new EfiStep.Go(1), "Once", call -> {
      results[0] = call.result();
      return call.step() == 0 ? EfiStep.call(1, call.firmware().function(stand.context.port(LayersPort.class).layer("test").layer(), "Go"))
          : EfiStep.done();
    }, "Again", call -> EfiStep.call(1, call.firmware().function(stand.context.port(LayersPort.class).layer("test").layer(), "Go")),
        "Outer", call -> call.step() == 0 ? EfiStep.call(1, call.firmware().function(stand.context.port(LayersPort.class).layer("test")
            .layer(), "Again")) : EfiStep.done(call.result())));
    is(EfiStatus.SUCCESS, stand.call(stand.firmware().function("test", "Once")));
    is(EfiStatus.DEVICE_ERROR, results[0]);
    is(EfiStatus.DEVICE_ERROR, stand.call(stand.firmware().function("test", "Outer")));
    assertEquals(List.of(), calls());
  }

  /** What a caller did wrong isn't: any program could fill the events with it. */
  @Test
  void whyAFunctionFailsOfWhatIsNoCallersFaultIsTold() {
    for (EfiStatus status : List.of(EfiStatus.VOLUME_CORRUPTED, EfiStatus.DEVICE_ERROR, EfiStatus.INVALID_PARAMETER)) {
      stand.layer("test", Map.of("Fail", call -> {
        throw new org.xenolith.efi.boot.api.EfiError(status, "cluster 5: in a circle");
      }));
      is(status, stand.call(stand.firmware().function("test", "Fail")));
    }
    assertEquals(List.of("efi-error test.Fail: VOLUME_CORRUPTED, cluster 5: in a circle",
        "efi-error test.Fail: DEVICE_ERROR, cluster 5: in a circle"), reports());
  }

  @Test
  void filesThatAreNoImagesHaveAStatusAndAReason() {
    byte[] file = PeFiles.application(0x30_0000, 0x10, (byte) 0);
    byte[] other = file.clone();
    other[PeFiles.HEADER + 4] = 0x64;
    other[PeFiles.HEADER + 5] = (byte) 0x86;
    long image = stand.room(16);
    for (byte[] each : List.of(java.util.Arrays.copyOf(file, file.length / 2), other)) {
      long buffer = stand.room(each.length);
      stand.memory.write(buffer, each);
      is(each == other ? EfiStatus.UNSUPPORTED : EfiStatus.LOAD_ERROR, stand.boot(BootService.LOAD_IMAGE, 0, stand.firmware().image(), 0,
          buffer, each.length, image));
    }
    assertEquals(2, reports().stream().filter(each -> each.startsWith("efi-image no EFI image")).count(), reports()::toString);
  }

  /** As a hook of shim's, or the layer that judges, may answer. */
  @Test
  void whoJudgesImagesDecides() {
    byte[] file = PeFiles.application(0x30_0000, 0x10, (byte) 0);
    long buffer = stand.room(file.length);
    stand.memory.write(buffer, file);
    long image = stand.room(16);
    long[] verdict = {EfiStatus.ACCESS_DENIED.code()};
    List<String> asked = new ArrayList<>();
    long judge = stand.room(16);
    stand.memory.put64(judge, stand.guest(a -> {
      asked.add((a[0] == judge) + " " + a[1] + " " + (a[2] == buffer) + " " + a[3] + " " + a[4]);
      return verdict[0];
    }));
    stand.firmware().handles().install(0, Protocol.SECURITY2, judge);
    is(EfiStatus.ACCESS_DENIED, stand.boot(BootService.LOAD_IMAGE, 1, stand.firmware().image(), 0, buffer, file.length, image));
    assertEquals(List.of("true 0 true " + file.length + " 1"), asked);
    assertEquals(0, stand.memory.get64(image));
    assertEquals(List.of(), reports());
    verdict[0] = EfiStatus.NOT_READY.code();
    is(EfiStatus.NOT_READY, stand.boot(BootService.LOAD_IMAGE, 0, stand.firmware().image(), 0, buffer, file.length, image));
    assertTrue(reports().getLast().contains("answers NOT_READY"), reports()::toString);
    verdict[0] = EfiStatus.SECURITY_VIOLATION.code();
    is(EfiStatus.SECURITY_VIOLATION, stand.boot(BootService.LOAD_IMAGE, 0, stand.firmware().image(), 0, buffer, file.length, image));
    long barred = stand.memory.get64(image);
    is(EfiStatus.SECURITY_VIOLATION, stand.boot(BootService.START_IMAGE, barred, 0, 0));
    stand.firmware().images().restore(stand.firmware().images().save());
    is(EfiStatus.SECURITY_VIOLATION, stand.boot(BootService.START_IMAGE, barred, 0, 0));
    is(EfiStatus.SUCCESS, stand.boot(BootService.UNLOAD_IMAGE, barred));
    verdict[0] = 0;
    is(EfiStatus.SUCCESS, stand.boot(BootService.LOAD_IMAGE, 0, stand.firmware().image(), 0, buffer, file.length, image));
  }

  @Test
  void aCallThatWaitsIsShownWithItsTimeAndEndsWithItsLayer() {
    long controller = controller();
    is(EfiStatus.SUCCESS, stand.boot(BootService.CONNECT_CONTROLLER, controller, 0, 0, 0));
    driver.seconds = 1000;
    List<String> shown = new ArrayList<>();
    soon(Call.TPL_NOTIFY, a -> {
      shown.addAll(calls());
      stand.context.port(LayersPort.class).detach(driver);
      return 0;
    });
    is(EfiStatus.DEVICE_ERROR, work(controller));
    assertTrue(shown.getFirst().matches("slow\\.Work step 1, waits, open for \\d\\d\\d ms"), shown::toString);
    assertEquals(4, stand.boot(BootService.RAISE_TPL, 31), "the task priority level is as before");
    stand.boot(BootService.RESTORE_TPL, 4);
  }

  @Test
  void notificationFunctionsAtTheLevelThatACallHasLiftedWaitForItsEnd() {
    long controller = controller();
    is(EfiStatus.SUCCESS, stand.boot(BootService.CONNECT_CONTROLLER, controller, 0, 0, 0));
    List<String> order = new ArrayList<>();
    soon(Call.TPL_CALLBACK, a -> {
      order.add("callback " + calls().getFirst().split(" ")[0]);
      order.add("" + EfiStatus.of(stand.boot(BootService.DISCONNECT_CONTROLLER, controller, 0, 0)));
      return 0;
    });
    soon(Call.TPL_NOTIFY, a -> order.add("notify " + calls().getFirst().split(" ")[0]) ? 0 : 0);
    is(EfiStatus.SUCCESS, work(controller));
    assertEquals(List.of("notify slow.Work", "callback core.Notify", "SUCCESS"), order);
    assertEquals(0, stand.firmware().handles().find(controller, ABOVE));
  }

  @Test
  void aDriverDoesntLeaveWhileSomebodyIsInIt() {
    long controller = controller();
    long other = stand.firmware().handles().install(0, BELOW, 0);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CONNECT_CONTROLLER, controller, 0, 0, 0));
    is(EfiStatus.SUCCESS, stand.boot(BootService.CONNECT_CONTROLLER, other, 0, 0, 0));
    driver.lifts = false;
    List<EfiStatus> answers = new ArrayList<>();
    soon(Call.TPL_CALLBACK, a -> {
      answers.add(EfiStatus.of(stand.boot(BootService.DISCONNECT_CONTROLLER, controller, 0, 0)));
      answers.add(EfiStatus.of(stand.boot(BootService.DISCONNECT_CONTROLLER, other, 0, 0)));
      answers.add(EfiStatus.of(stand.boot(BootService.UNINSTALL_PROTOCOL_INTERFACE, controller, guid(BELOW), 0)));
      return 0;
    });
    is(EfiStatus.SUCCESS, work(controller));
    assertEquals(List.of(EfiStatus.DEVICE_ERROR, EfiStatus.SUCCESS, EfiStatus.ACCESS_DENIED), answers);
    assertTrue(reports().getFirst().startsWith("efi-layer Slow Driver: it is to leave a device in the middle"), reports()::toString);
    is(EfiStatus.SUCCESS, stand.boot(BootService.DISCONNECT_CONTROLLER, controller, 0, 0));
  }

  @Test
  void aStartThatFailsHasMadeNothing() {
    driver.failsLate = true;
    long controller = controller();
    List<Long> before = stand.firmware().handles().handles(null);
    is(EfiStatus.NOT_FOUND, stand.boot(BootService.CONNECT_CONTROLLER, controller, 0, 0, 0));
    assertEquals(List.of(BELOW), stand.firmware().handles().protocols(controller));
    assertEquals(List.of(), stand.firmware().handles().uses(controller, BELOW));
    assertEquals(before, stand.firmware().handles().handles(null));
    assertEquals(EfiStatus.INVALID_PARAMETER, assertThrows(EfiError.class, () -> stand.firmware().numbers(driver, driver.place)).status());
    assertEquals(EfiStatus.NOT_FOUND, assertThrows(EfiError.class, () -> stand.firmware().freePages(driver.pages, 3)).status());
    is(EfiStatus.INVALID_PARAMETER, stand.boot(BootService.CLOSE_EVENT, driver.event));
    assertEquals(1, reports().stream().filter(each -> each.contains("on purpose")).count(), reports()::toString);
    driver.failsLate = false;
    is(EfiStatus.SUCCESS, stand.boot(BootService.CONNECT_CONTROLLER, controller, 0, 0, 0));
    is(EfiStatus.SUCCESS, work(controller));
  }

  /** One whose driver can't give anything back, as it was taken away. */
  @Test
  void aStartThatBreaksOffLeavesItsController() {
    driver.leaves = false;
    long controller = controller();
    // As a driver of the tree's devices has published it before.
    stand.firmware().handles().install(controller, Protocol.DEVICE_PATH, stand.firmware().interfaceMemory(driver, 16, 0));
    is(EfiStatus.NOT_FOUND, stand.boot(BootService.CONNECT_CONTROLLER, controller, 0, 0, 0));
    assertEquals(List.of(), stand.firmware().handles().uses(controller, BELOW));
    assertTrue(reports().stream().anyMatch(each -> each.startsWith("efi-layer slow: its Start has failed")), reports()::toString);
    driver.leaves = true;
    stand.context.port(LayersPort.class).attach(driver, stand.context);
    is(EfiStatus.SUCCESS, stand.boot(BootService.CONNECT_CONTROLLER, controller, 0, 0, 0));
    is(EfiStatus.SUCCESS, work(controller));
  }

  @Test
  void aSnapshotInACallThatHasLiftedTheLevelGoesOn() {
    long controller = controller();
    is(EfiStatus.SUCCESS, stand.boot(BootService.CONNECT_CONTROLLER, controller, 0, 0, 0));
    soon(Call.TPL_NOTIFY, a -> {
      StateRecord record = stand.model.state().save();
      stand.model.reset();
      stand.model.state().restore(record);
      assertTrue(calls().getFirst().contains("open for 499 ms"), calls()::toString);
      return 0;
    });
    is(EfiStatus.SUCCESS, work(controller));
    assertEquals(4, stand.boot(BootService.RAISE_TPL, 31));
  }

  @Test
  void anImageThatIsLeftFromANotificationFunctionLeavesItsLevel() {
    byte[] file = PeFiles.application(0x30_0000, 0x10, (byte) 0);
    long buffer = stand.room(file.length);
    stand.memory.write(buffer, file);
    long image = stand.room(16);
    is(EfiStatus.SUCCESS, stand.boot(BootService.LOAD_IMAGE, 0, stand.firmware().image(), 0, buffer, file.length, image));
    long handle = stand.memory.get64(image);
    long information = stand.firmware().handles().find(handle, Protocol.LOADED_IMAGE);
    stand.at(stand.memory.get64(information + 64) + 0x1000, a -> {
      soon(Call.TPL_NOTIFY, b -> stand.boot(BootService.EXIT, handle, 42, 0, 0));
      return stand.boot(BootService.STALL, 1_000_000);
    });
    assertEquals(42, stand.boot(BootService.START_IMAGE, handle, 0, 0));
    assertEquals(4, stand.boot(BootService.RAISE_TPL, 31), "the task priority level is as before");
    assertEquals(List.of(), calls());
  }
}
