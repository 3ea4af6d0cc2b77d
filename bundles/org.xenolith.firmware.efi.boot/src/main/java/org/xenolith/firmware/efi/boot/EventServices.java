// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.Map;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.AskOnce;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.kit.EfiMemoryType;

/** Events, timers and task priority levels (UEFI 2.10, 7.1). */
final class EventServices {
  private static final int HANDLE_BYTES = 16;
  private static final int TIMER_CANCEL = 0;
  private static final int TIMER_PERIODIC = 1;
  private static final int TIMER_RELATIVE = 2;
  /** A timer of period 0 is due with each tick of firmware that has ticks; here it is this, in units of 100 ns. */
  private static final long TICK = 100_000;
  private static final long UNITS_IN_SECOND = 10_000_000;
  /** How often events that have to be asked are asked while somebody waits. */
  private static final long POLL_MICROSECONDS = 500;
  private static final long MOST_EVENTS = 4096;

  /** Steps of WaitForEvent: the first, one behind each event that was checked, and one behind a pause. */
  private enum Waiting {
    BEGIN, CHECKED, PAUSED
  }

  /** Numbers of WaitForEvent: which event is checked. */
  private enum WaitSlot {
    UNUSED, EVENT
  }

  private final BootFirmware firmware;

  EventServices(BootFirmware firmware) {
    this.firmware = firmware;
  }

  void addTo(Map<String, EfiFunction> functions) {
    functions.put(BootService.RAISE_TPL.name(), this::raise);
    functions.put(BootService.RESTORE_TPL.name(), this::restore);
    functions.put(BootService.CREATE_EVENT.name(), call -> create(call, Events.NONE));
    functions.put(BootService.CREATE_EVENT_EX.name(), this::createEx);
    functions.put(BootService.SET_TIMER.name(), this::setTimer);
    functions.put(BootService.SIGNAL_EVENT.name(), this::signal);
    functions.put(BootService.CLOSE_EVENT.name(), this::close);
    functions.put(BootService.CHECK_EVENT.name(), this::check);
    functions.put(BootService.WAIT_FOR_EVENT.name(), this::waitFor);
  }

  private EfiStep raise(Call call) {
    int before = firmware.events().level();
    firmware.events().level((int) call.argument(0) & Events.TPL_HIGH);
    return EfiStep.done(before);
  }

  /** What had to wait for the lower level is called when this returns. */
  private EfiStep restore(Call call) {
    firmware.events().level((int) call.argument(0) & Events.TPL_HIGH);
    return EfiStep.done();
  }

  private EfiStep createEx(Call call) {
    return create(call, call.argument(4) == 0 ? Events.NONE : firmware.memory().guid(call.argument(4)));
  }

  private EfiStep create(Call call, EfiGuid said) {
    int type = (int) call.argument(0);
    int level = (int) call.argument(1);
    long function = call.argument(2);
    boolean grouped = !said.equals(Events.NONE);
    long to = call.argument(grouped || isEx(call) ? 5 : 4);
    int notify = type & (Events.NOTIFY_WAIT | Events.NOTIFY_SIGNAL);
    if (to == 0 || notify == (Events.NOTIFY_WAIT | Events.NOTIFY_SIGNAL)
        || notify != 0 && (function == 0 && !grouped || level <= Events.TPL_APPLICATION || level >= Events.TPL_HIGH)) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    EfiGuid group = type == Events.EXIT_BOOT_SERVICES ? Events.EXIT_GROUP : type == Events.VIRTUAL_ADDRESS_CHANGE ? Events.VIRTUAL_GROUP
        : said;
    long handle = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), HANDLE_BYTES);
    firmware.events().add(new Events.Event(handle, type, notify == 0 ? Events.TPL_APPLICATION : level, notify == 0 ? 0 : function, call
        .argument(3), group));
    firmware.memory().put64(to, handle);
    return EfiStep.done();
  }

  private boolean isEx(Call call) {
    return firmware.functions().name(((OpenCall) call).function).name().equals(BootService.CREATE_EVENT_EX.name());
  }

  private EfiStep setTimer(Call call) {
    Events.Event event = firmware.events().event(call.argument(0));
    int how = (int) call.argument(1);
    long units = call.argument(2);
    if ((event.type & Events.TIMER) == 0 || how < TIMER_CANCEL || how > TIMER_RELATIVE) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    firmware.events().set(event, 0);
    event.period = 0;
    if (how != TIMER_CANCEL) {
      long ticks = ticks(units == 0 && how == TIMER_PERIODIC ? TICK : units);
      firmware.events().set(event, firmware.counter() + ticks);
      event.period = how == TIMER_PERIODIC ? ticks : 0;
      firmware.events().time(firmware.counter());
    }
    return EfiStep.done();
  }

  private long ticks(long units) {
    long seconds = Long.divideUnsigned(units, UNITS_IN_SECOND);
    long rest = Long.remainderUnsigned(units, UNITS_IN_SECOND);
    return Math.min(seconds, 1L << 31) * firmware.frequency() + rest * firmware.frequency() / UNITS_IN_SECOND;
  }

  private EfiStep signal(Call call) {
    firmware.events().signal(firmware.events().event(call.argument(0)));
    return EfiStep.done();
  }

  private EfiStep close(Call call) {
    Events.Event event = firmware.events().event(call.argument(0));
    firmware.events().remove(event);
    firmware.notifications().closed(event.handle);
    firmware.pool().free(event.handle);
    return EfiStep.done();
  }

  /** An event that is asked has its notification function called, which signals it if there is reason to. */
  private EfiStep check(Call call) {
    Events.Event event = firmware.events().event(call.argument(0));
    if ((event.type & Events.NOTIFY_SIGNAL) != 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (event.signalled) {
      event.signalled = false;
      return EfiStep.done();
    }
    if (call.isAt(AskOnce.ASK) && (event.type & Events.NOTIFY_WAIT) != 0 && event.level > firmware.events().level()) {
      call.raise(event.level);
      return EfiStep.call(AskOnce.ANSWERED, event.function, event.handle, event.context);
    }
    return EfiStep.done(EfiStatus.NOT_READY);
  }

  private EfiStep waitFor(Call call) {
    long count = call.argument(0);
    if (count <= 0 || count > MOST_EVENTS || call.argument(1) == 0 || call.argument(2) == 0) {
      return EfiStep.done(EfiStatus.INVALID_PARAMETER);
    }
    if (firmware.events().level() != Events.TPL_APPLICATION) {
      return EfiStep.done(EfiStatus.UNSUPPORTED);
    }
    long at = call.get(WaitSlot.EVENT);
    if (call.isAt(Waiting.CHECKED)) {
      if (call.result() != EfiStatus.NOT_READY.code()) {
        firmware.memory().put64(call.argument(2), at);
        return EfiStep.done(call.result());
      }
      at++;
      call.set(WaitSlot.EVENT, at);
    }
    if (at == count) {
      call.set(WaitSlot.EVENT, 0);
      return new EfiStep.Wait(Waiting.PAUSED, firmware.after(POLL_MICROSECONDS));
    }
    return EfiStep.call(Waiting.CHECKED, firmware.function(CoreServices.LAYER, BootService.CHECK_EVENT.name()), firmware.memory().get64(call
        .argument(1)
        + 8
            * at));
  }
}
