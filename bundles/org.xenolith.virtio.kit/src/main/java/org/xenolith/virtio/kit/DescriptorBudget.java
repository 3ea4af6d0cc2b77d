// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import org.xenolith.machine.api.Clock;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * How many descriptors a device looks at before the machine goes on, whatever is in their buffers: a driver may offer a thousand empty ones
 * in each chain. There are {@link #AT_ONCE} and the chain that reaches them in {@link #PAUSE} nanoseconds of virtual time; then the queue
 * says that it has no more, and the function is notified of it again.
 */
final class DescriptorBudget {
  /** Descriptors: with a sector in each buffer they are 8 MiB. */
  static final int AT_ONCE = 16_384;
  /** Nanoseconds. */
  static final long PAUSE = 100_000;

  private final LongCell spent;
  /** When the first of those that were spent was. */
  private final LongCell since;
  private final Clock clock;
  private final LateNotifications late;

  DescriptorBudget(DeviceState state, Clock clock, LateNotifications late) {
    spent = state.cell("descriptors-spent", 0);
    since = state.cell("descriptors-since", 0);
    state.added("descriptors-spent");
    state.added("descriptors-since");
    this.clock = clock;
    this.late = late;
  }

  /** Whether a queue that has a chain may be asked for it; if not it is notified again when it may. */
  boolean allows(int queue) {
    if (spent.value < AT_ONCE || clock.now() - since.value >= PAUSE) {
      return true;
    }
    late.keep(queue);
    late.passOnAt(since.value + PAUSE);
    return false;
  }

  /** So many were looked at. */
  void spend(int descriptors) {
    long now = clock.now();
    if (spent.value == 0 || now - since.value >= PAUSE) {
      since.value = now;
      spent.value = 0;
    }
    spent.value += descriptors;
  }
}
