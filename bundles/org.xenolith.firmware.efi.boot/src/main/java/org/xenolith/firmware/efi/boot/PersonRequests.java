// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiError;
import org.xenolith.efi.boot.api.EfiFunction;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.FirmwareRequests;
import org.xenolith.efi.boot.api.Protocol;
import org.xenolith.efi.kit.EfiMemoryType;

/** Has drivers connected and disconnected when a person asks for it: by an event whose notification function calls the boot service. */
final class PersonRequests implements FirmwareRequests {
  private static final String CONNECT = "connect";
  private static final String DISCONNECT = "disconnect";
  /** What a handle that is no number of {@code dh} begins with. */
  private static final String ITSELF = "0x";
  private static final int TPL_CALLBACK = 8;
  private static final int EVENT_BYTES = 8;

  private final Supplier<Map<String, BootFirmware>> running;

  /** @param running firmware whose boot services are there, by names; the machine's has none */
  PersonRequests(Supplier<Map<String, BootFirmware>> running) {
    this.running = running;
  }

  @Override
  public String request(List<String> words) {
    String what = words.getFirst();
    if (!what.equals(CONNECT) && !what.equals(DISCONNECT) || words.size() > 3) {
      throw new IllegalArgumentException("expected connect [FIRMWARE] [HANDLE] or disconnect [FIRMWARE] HANDLE, got '" + String.join(" ",
          words)
          + "'");
    }
    Map<String, BootFirmware> all = running.get();
    boolean named = words.size() > 1 && all.containsKey(words.get(1));
    if (all.isEmpty() || !named && all.size() > 1) {
      throw new IllegalArgumentException(all.isEmpty() ? "boot services are over, or the firmware isn't there"
          : "there are several; say which: " + String.join(", ", all.keySet()));
    }
    BootFirmware firmware = named ? all.get(words.get(1)) : all.values().iterator().next();
    int at = named ? 2 : 1;
    long handle = words.size() > at ? handle(firmware, words.get(at)) : 0;
    if (handle == 0 && what.equals(DISCONNECT)) {
      throw new IllegalArgumentException("disconnect wants a handle: its number in 'efi dh'");
    }
    long event;
    try {
      event = firmware.pool().allocate(EfiMemoryType.BOOT_SERVICES_DATA.number(), EVENT_BYTES);
    } catch (EfiError e) {
      throw new IllegalArgumentException("the guest has no memory left for it: " + e.getMessage(), e);
    }
    firmware.events().add(new Events.Event(event, Events.NOTIFY_SIGNAL, TPL_CALLBACK, firmware.function(CoreServices.LAYER, what), handle,
        Events.NONE));
    firmware.events().signal(firmware.events().event(event));
    return "it is done when the guest lets notification functions be called";
  }

  private static long handle(BootFirmware firmware, String number) {
    if (number.startsWith(ITSELF)) {
      return itself(firmware, number);
    }
    List<Long> handles = firmware.handles().handles(null);
    int index;
    try {
      index = Integer.parseInt(number, 16);
    } catch (NumberFormatException e) {
      index = 0;
    }
    if (index < 1 || index > handles.size()) {
      throw new IllegalArgumentException("handle '" + number + "': expected a number of 'efi dh', 1 to %X".formatted(handles.size()));
    }
    return handles.get(index - 1);
  }

  private static long itself(BootFirmware firmware, String text) {
    try {
      long handle = Long.parseUnsignedLong(text.substring(ITSELF.length()), 16);
      if (firmware.handles().exists(handle)) {
        return handle;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException("handle '" + text + "': there is none (any more); 'efi dh' has their numbers");
  }

  /** Steps: the first, and one behind each handle. */
  private enum Step {
    BEGIN, DONE
  }

  /** Number: the handle that is next. */
  private enum Slot {
    NEXT
  }

  /** Adds the notification functions. */
  static void addTo(BootFirmware firmware, Map<String, EfiFunction> functions) {
    functions.put(CONNECT, call -> connect(firmware, call));
    functions.put(DISCONNECT, call -> call.isAt(Step.BEGIN) ? EfiStep.call(Step.DONE, firmware.service(BootService.DISCONNECT_CONTROLLER),
        call.argument(
            1), 0,
        0) : over(firmware, call, DISCONNECT));
  }

  /** Arguments: the event, a handle or 0 for all. */
  private static EfiStep connect(BootFirmware firmware, Call call) {
    if (call.argument(1) != 0) {
      return call.isAt(Step.BEGIN) ? EfiStep.call(Step.DONE, firmware.service(BootService.CONNECT_CONTROLLER), call.argument(1), 0, 0, 1)
          : over(
              firmware, call,
              CONNECT);
    }
    List<Long> handles = firmware.handles().handles(Protocol.DEVICE_PATH);
    int next = (int) call.get(Slot.NEXT);
    if (next >= handles.size()) {
      return over(firmware, call, CONNECT);
    }
    call.set(Slot.NEXT, next + 1L);
    return EfiStep.call(Step.DONE, firmware.service(BootService.CONNECT_CONTROLLER), handles.get(next), 0, 0, 1);
  }

  private static EfiStep over(BootFirmware firmware, Call call, String what) {
    EfiStatus status = EfiStatus.of(call.result());
    firmware.report("efi-request", what + (call.argument(1) == 0 ? " of all handles" : ": " + (status == null ? "0x" + Long.toHexString(call
        .result()) : status)));
    firmware.events().remove(firmware.events().event(call.argument(0)));
    firmware.pool().free(call.argument(0));
    return EfiStep.done();
  }
}
