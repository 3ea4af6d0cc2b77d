// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.hang;

import java.util.List;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.places.DeviceSlot;

/**
 * Whose model threw, where models call one another through ports of theirs: a host bridge its cards, a UART who listens to it. By
 * the code on the stack, so slow: for when something has gone wrong.
 *
 * @param suspects say whose code it is; null where nobody knows, so that it is whoever the core called
 */
public record Throwers(Suspects suspects) {
  /**
   * Whom it costs the place.
   *
   * @param called whom the core called
   * @return never empty; all those below {@code called} if a bundle serves several there and nobody knows which
   */
  public List<DeviceSlot> of(Throwable bug, DeviceSlot called, Hardware hardware) {
    Suspects.Suspect suspect = suspect(bug, hardware);
    if (suspect == null || called.serves(suspect.provider().bundle())) {
      return List.of(called);
    }
    List<DeviceSlot> served = List.copyOf(hardware.slots).stream()
        .filter(slot -> slot.present() && slot.serves(suspect.provider().bundle())).toList();
    List<DeviceSlot> meant = served.size() == 1 ? served
        : served.stream().filter(slot -> slot.node().path().startsWith(called.node().path() + "/")).toList();
    return meant.isEmpty() ? List.of(called) : meant;
  }

  /** Who threw where the core called no device; null if it was no model, or only refused what it was given. */
  public DeviceSlot of(Throwable bug, Hardware hardware) {
    Suspects.Suspect suspect = bug instanceof ModelException ? null : suspect(bug, hardware);
    return suspect == null || suspect.slot() == null || !suspect.slot().present() ? null : suspect.slot();
  }

  private Suspects.Suspect suspect(Throwable bug, Hardware hardware) {
    Suspects.Suspect suspect = suspects == null ? null : suspects.of(bug.getStackTrace(), hardware);
    return suspect == null || suspect.engine() ? null : suspect;
  }
}
