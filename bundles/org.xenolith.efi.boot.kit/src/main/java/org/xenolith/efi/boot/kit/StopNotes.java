// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.kit;

import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.boot.api.BootService;
import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiLayer;
import org.xenolith.efi.boot.api.EfiStep;
import org.xenolith.efi.boot.api.Firmware;
import org.xenolith.efi.boot.api.HandleDatabase;
import org.xenolith.efi.boot.api.Protocol;

/**
 * What Stop takes away, noted at the driver's binding until it is over: when a driver's bundle is taken away, its Stop ends wherever it is, and what it has withdrawn is found by
 * nobody. The next Stop goes on with it. A note is a handle and the address of the interface that it had.
 */
final class StopNotes {
  /** Notes that a binding has room for: Stops of one driver that are under way, or were left. */
  static final int MOST = 16;
  /** Numbers of that. */
  static final int NUMBERS = 2 * MOST;

  private StopNotes() {}

  private static long[] notes(Firmware firmware, EfiLayer layer, long driver) {
    long binding = firmware.handles().find(driver, Protocol.DRIVER_BINDING);
    return binding == 0 ? new long[0] : firmware.numbers(layer, binding);
  }

  private static int find(long[] notes, long handle) {
    for (int i = 0; i + 1 < notes.length; i += 2) {
      if (notes[i] == handle) {
        return i;
      }
    }
    return -1;
  }

  /**
   * The interface that a handle has, or had when an earlier Stop came to it.
   *
   * @return its address; 0 if there is none
   */
  static long interfaceOf(Firmware firmware, EfiLayer layer, long driver, long handle, EfiGuid protocol) {
    long[] notes = notes(firmware, layer, driver);
    long place = firmware.handles().find(handle, protocol);
    int at = find(notes, handle);
    if (place == 0) {
      return at < 0 ? 0 : notes[at + 1];
    }
    at = at < 0 ? find(notes, 0) : at;
    if (at >= 0) {
      notes[at] = handle;
      notes[at + 1] = place;
    }
    return place;
  }

  /** A handle's interface is given back. */
  static void over(Firmware firmware, EfiLayer layer, long driver, long handle) {
    long[] notes = notes(firmware, layer, driver);
    int at = find(notes, handle);
    if (at >= 0) {
      notes[at] = 0;
      notes[at + 1] = 0;
    }
  }

  /** Whether a protocol was withdrawn by an earlier Stop. @param address of its interface, as {@link #interfaceOf} has it */
  static boolean isWithdrawn(HandleDatabase handles, long handle, EfiGuid protocol, long address) {
    return address != 0 && handles.find(handle, protocol) == 0;
  }

  /** Closes an event once, however often Stop comes here: its number would be another one's by then. @param event its place in numbers, which is 0 then */
  static EfiStep closeEvent(Call call, Enum<?> next, long[] numbers, int event) {
    long known = numbers[event];
    numbers[event] = 0;
    return known == 0 ? new EfiStep.Go(next) : EfiStep.call(next, call.firmware().service(BootService.CLOSE_EVENT), known);
  }
}
