// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.jspecify.annotations.Nullable;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;

/**
 * A function that makes things and, if it fails, hasn't made any: memory, interfaces, protocols, handles, uses and events are noted as they are made, and given
 * back in the opposite order when the function returns an error or throws one. What it does with hardware it has to undo itself. The call's last number is
 * used for it.
 */
final class AllOrNothing implements EfiFunction {
  /** The first of the steps of giving back; the function's own are below. */
  private static final int FIRST = 1 << 20;
  /** Where CreateEvent is told to put the event. */
  private static final int EVENT = 4;

  /** Steps of giving back: what was made last but for what is closed already, and behind a protocol that was withdrawn, if everybody has left it. */
  private enum Undoing {
    LAST, WITHDRAWN;

    /** Which step of the call it is. */
    private int number() {
      return FIRST + ordinal();
    }
  }

  private final EfiLayer layer;
  private final Enum<?> failing;
  private final EfiFunction function;

  /**
   * Such a function.
   *
   * @param failing  the first of the steps by which it gives back what hardware has, before anything else is given back; what they return is not its
   *     status; null: it has none. Nothing has been asked of hardware in a call that fails in step 0
   * @param function with steps below 2^20
   */
  AllOrNothing(EfiLayer layer, @Nullable Enum<?> failing, EfiFunction function) {
    this.layer = layer;
    this.failing = failing;
    this.function = function;
  }

  @Override
  public EfiStep next(Call call) {
    MadeThings made = new MadeThings(call, call.firmware(), layer);
    if (call.isFirst()) {
      made.begin();
    }
    if (call.step() >= Undoing.LAST.number()) {
      return undone(call, made);
    }
    noteEvent(call, made);
    EfiStep step;
    try {
      step = function.next(new MakingCall(call, new MakingFirmware(call.firmware(), made)));
      if (step instanceof EfiStep.Invoke invoke) {
        expect(call.firmware(), made, invoke);
      }
    } catch (EfiError e) {
      return failed(call, made, e.status().code(), e);
    }
    if (!(step instanceof EfiStep.Return done)) {
      return step;
    }
    if (done.value() < 0 || isFailing(call)) {
      return failed(call, made, done.value(), null);
    }
    made.end();
    return step;
  }

  private boolean isFailing(Call call) {
    return failing != null && call.step() >= failing.ordinal();
  }

  /** A boot service is called, which may be one that makes or closes an event. */
  private static void expect(Firmware firmware, MadeThings made, EfiStep.Invoke invoke) {
    if (invoke.function() == firmware.service(BootService.CREATE_EVENT) && invoke.arguments().length > EVENT) {
      made.reserve();
      made.eventAt(invoke.arguments()[EVENT]);
    } else if (invoke.function() == firmware.service(BootService.CLOSE_EVENT) && invoke.arguments().length > 0) {
      made.remove(MadeThings.Kind.EVENT, null, invoke.arguments()[0]);
    }
  }

  private static void noteEvent(Call call, MadeThings made) {
    long at = made.eventAt();
    if (at != 0) {
      made.eventAt(0);
      if (call.result() >= 0) {
        made.add(MadeThings.Kind.EVENT, null, call.firmware().memory().get64(at));
      }
    }
  }

  private EfiStep failed(Call call, MadeThings made, long status, @Nullable EfiError error) {
    if (!isFailing(call)) {
      made.status(status);
      if (failing != null && !call.isFirst()) {
        tell(call, error);
        return new EfiStep.Go(failing);
      }
    }
    EfiStep step = undo(call, made);
    if (step instanceof EfiStep.Return && error != null) {
      throw error;
    }
    tell(call, step instanceof EfiStep.Return ? null : error);
    return step;
  }

  /** The reason goes with the error; what is done in more than one step has to say it before. */
  private void tell(Call call, @Nullable EfiError error) {
    if (error != null) {
      call.firmware().report(layer.name() + ": " + error.status() + ", " + error.getMessage());
    }
  }

  private EfiStep undo(Call call, MadeThings made) {
    Firmware firmware = call.firmware();
    for (MadeThings.Thing last = made.last(); last != null; last = made.last()) {
      switch (last.kind()) {
        case PAGES -> firmware.freePages(last.first(), last.second());
        case INTERFACE -> firmware.dropInterface(layer, last.first());
        case USE -> {
          if (firmware.handles().has(last.first(), last.protocol())) {
            close(firmware, last);
          }
        }
        case PROTOCOL -> {
          long room = call.room(EfiGuid.SIZE);
          firmware.memory().write(room, last.protocol().toBytes());
          return EfiStep.call(Undoing.WITHDRAWN.number(), firmware.service(BootService.UNINSTALL_PROTOCOL_INTERFACE), last.first(), room,
              last.second());
        }
        case EVENT -> {
          made.dropLast();
          return EfiStep.call(Undoing.LAST.number(), firmware.service(BootService.CLOSE_EVENT), last.first());
        }
      }
      made.dropLast();
    }
    long status = made.status();
    made.end();
    return EfiStep.done(status);
  }

  /** Whoever disconnected the driver meanwhile has closed it, too. */
  private static void close(Firmware firmware, MadeThings.Thing use) {
    try {
      firmware.handles().close(use.first(), use.protocol(), use.second(), use.third());
    } catch (EfiError e) {
      if (e.status() != EfiStatus.NOT_FOUND) {
        throw e;
      }
    }
  }

  private EfiStep undone(Call call, MadeThings made) {
    if (call.step() == Undoing.WITHDRAWN.number()) {
      MadeThings.Thing last = made.last();
      if (call.result() < 0 && call.firmware().handles().has(last.first(), last.protocol())) {
        call.firmware().report(layer.name() + ": somebody doesn't leave what was published by what has failed; it stays");
        long status = made.status();
        made.end();
        return EfiStep.done(status);
      }
      made.dropLast();
    }
    return undo(call, made);
  }
}
