// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sched;

import java.util.Arrays;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.XenErrno;

/** What is kept of a domain: its watchdogs, and the reason that it announced for its shutdown. */
final class DomainTimers {
  /** A watchdog that isn't in use. */
  static final long UNUSED = 0;
  /** A watchdog that is in use and went off. */
  static final long OVER = Long.MAX_VALUE;
  private static final int WATCHDOGS = 2;

  private final DeviceState state = new DeviceState();
  /** Virtual time at which each goes off. */
  private final long[] deadlines = state.longs("watchdogs", WATCHDOGS);
  private final LongCell announced = state.cell("announced", -1);

  DeviceState state() {
    return state;
  }

  /** The earliest deadline, {@link #OVER} for none. */
  long next() {
    return Arrays.stream(deadlines).filter(d -> d != UNUSED).min().orElse(OVER);
  }

  /** Takes note of what went off. @return whether something did */
  boolean expire(long now) {
    boolean expired = false;
    for (int i = 0; i < WATCHDOGS; i++) {
      if (deadlines[i] != UNUSED && deadlines[i] <= now) {
        deadlines[i] = OVER;
        expired = true;
      }
    }
    return expired;
  }

  /**
   * SCHEDOP_watchdog.
   *
   * @param id       from 1, or 0 for a new one
   * @param deadline when it goes off, {@link #UNUSED} to give it back
   * @return a new one's id, 0, or a negative errno
   */
  int watchdog(int id, long deadline) {
    if (id < 0 || id > WATCHDOGS || id == 0 && deadline == UNUSED) {
      return -XenErrno.XEN_EINVAL;
    }
    if (id != 0) {
      if (deadlines[id - 1] == UNUSED) {
        return -XenErrno.XEN_EINVAL;
      }
      deadlines[id - 1] = deadline;
      return 0;
    }
    for (int i = 0; i < WATCHDOGS; i++) {
      if (deadlines[i] == UNUSED) {
        deadlines[i] = deadline;
        return i + 1;
      }
    }
    return -XenErrno.XEN_ENOSPC;
  }

  /** The domain says why it is going to shut down. */
  void announce(int reason) {
    announced.value = reason;
  }

  /** Why it shuts down: what was announced, else what is said now. */
  int reason(int said) {
    return announced.value < 0 ? said : (int) announced.value;
  }
}
