// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.Map;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;

/** The core's own functions: boot services by their names, and what the program begins with. */
final class CoreServices {
  /** The name that they have as a layer. */
  static final String LAYER = "core";
  /** Where the program goes on when it is entered. */
  static final String RUN = "Run";
  /** Calls notification functions that are due. */
  static final String NOTIFY = "Notify";
  /** The layer that finds what is booted, and its function. */
  private static final String MANAGER = "efi.manager";
  private static final String BOOT = "Boot";
  private static final long IDLE_MICROSECONDS = 100_000;

  private enum Running {
    SWITCH_ON_INTERRUPTS, CALL_ROUTINE, SEE_ROUTINE, INTERRUPTS_ON, BOOT, CAME_BACK;

    private static final Running[] ALL = values();
  }

  /** Number of that: whether it was said that there is no manager. */
  private enum RunSlot {
    SAID
  }

  /** Steps: the first, and one behind each function that was called. */
  private enum Dispatching {
    BEGIN, CALLED
  }

  /** Number of that: the task priority level before. */
  private enum DispatchSlot {
    LEVEL
  }

  private final BootFirmware firmware;

  CoreServices(BootFirmware firmware) {
    this.firmware = firmware;
  }

  void addTo(Map<String, EfiFunction> functions) {
    functions.put(RUN, this::run);
    functions.put(NOTIFY, this::dispatch);
    new MemoryServices(firmware).addTo(functions);
    new EventServices(firmware).addTo(functions);
    new ProtocolServices(firmware).addTo(functions);
    new LookupServices(firmware).addTo(functions);
    new ConnectServices(firmware).addTo(functions);
    new ImageServices(firmware).addTo(functions);
    new OtherServices(firmware).addTo(functions);
  }

  /** The timer's interrupt is switched on; layers begin; then the boot manager's function runs, as often as it returns or comes back. */
  private EfiStep run(Call call) {
    switch (call.step(Running.ALL)) {
      case SWITCH_ON_INTERRUPTS -> {
        TimerInterrupt interrupts = firmware.interrupts();
        if (interrupts == null) {
          firmware.report("efi-interrupts", "the device tree has no GICv2 or GICv3, or no timer's interrupt: time passes by counting");
          return new EfiStep.Go(Running.BOOT);
        }
        return new EfiStep.Touch(interrupts.routine() ? Running.CALL_ROUTINE : Running.INTERRUPTS_ON, interrupts.accesses());
      }
      case CALL_ROUTINE -> {
        return EfiStep.call(Running.SEE_ROUTINE, firmware.interruptsRoutine());
      }
      case SEE_ROUTINE -> {
        if (call.result() != EfiStatus.SUCCESS.code()) {
          firmware.report("efi-interrupts", "the CPU has no timer whose interrupt is known, such as a local APIC's with deadlines of the"
              + " time-stamp counter: time passes by counting, and a program that halts isn't woken");
          return new EfiStep.Go(Running.BOOT);
        }
        return new EfiStep.Go(Running.INTERRUPTS_ON);
      }
      case INTERRUPTS_ON -> {
        firmware.interruptsOn();
        return new EfiStep.Go(Running.BOOT);
      }
      case BOOT -> {
        firmware.begin();
        if (firmware.layers().layer(MANAGER) == null) {
          if (call.get(RunSlot.SAID) == 0) {
            call.set(RunSlot.SAID, 1);
            firmware.report("efi-manager", "no installed bundle is the layer " + MANAGER + ": nothing is booted until one is added");
          }
          return new EfiStep.Wait(Running.BOOT, firmware.after(IDLE_MICROSECONDS));
        }
        return EfiStep.call(Running.CAME_BACK, firmware.function(MANAGER, BOOT));
      }
      default -> {
        return new EfiStep.Wait(Running.BOOT, firmware.after(IDLE_MICROSECONDS));
      }
    }
  }

  /** Calls what is due at this level, and returns what it was given. */
  private EfiStep dispatch(Call call) {
    Events events = firmware.events();
    if (!call.isAt(Dispatching.BEGIN)) {
      events.level((int) call.get(DispatchSlot.LEVEL));
    }
    Events.Event event = events.take();
    if (event == null) {
      return EfiStep.done(call.argument(0));
    }
    call.set(DispatchSlot.LEVEL, events.level());
    call.raise(event.level);
    return event.function == 0 ? new EfiStep.Go(Dispatching.CALLED) : EfiStep.call(Dispatching.CALLED, event.function, event.handle,
        event.context);
  }

  static EfiStep done(boolean is, EfiStatus otherwise) {
    return EfiStep.done(is ? EfiStatus.SUCCESS : otherwise);
  }
}
