// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.regs.DeviceState;

/** A page of a device's registers, and where one CPU finds it: elsewhere than others, as IA32_APIC_BASE says (Intel SDM volume 3, 12.4.5). */
final class MovedRegisters {
  private long window;
  /** The same if it is where it is. */
  private long movedTo;

  MovedRegisters(DeviceState state) {
    state.value("registersFrom", 0, () -> window, value -> window = value);
    state.value("registersAt", 0, () -> movedTo, value -> movedTo = value);
    state.added("registersFrom");
    state.added("registersAt");
  }

  /** Whether that is another place than before. */
  boolean move(long from, long to) {
    boolean other = from != window || to != movedTo;
    window = from;
    movedTo = to;
    return other;
  }

  /** Where a frame is: while registers are moved nothing answers where they were, as beyond them. */
  long placed(long frame) {
    if (window == movedTo) {
      return frame;
    }
    return frame == movedTo ? window : frame == window ? window + 4096 : frame;
  }
}
