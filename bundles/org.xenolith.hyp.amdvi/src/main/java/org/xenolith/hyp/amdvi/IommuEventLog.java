// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.amdvi;

import static org.xenolith.hyp.amdvi.IommuRegisters.CONTROL;
import static org.xenolith.hyp.amdvi.IommuRegisters.EVENT_HEAD;
import static org.xenolith.hyp.amdvi.IommuRegisters.EVENT_TAIL;
import static org.xenolith.hyp.amdvi.IommuRegisters.STATUS;

import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Takes events out of an IOMMU's log and tells them (48882, 2.5). Only so many in a second of virtual time: then the log is left as it is until
 * the second is over, so that it interrupts no more, and who floods it costs next to nothing.
 */
final class IommuEventLog {
  /** Events told one by one in a second. */
  static final int MOST = 16;
  /** Virtual nanoseconds. */
  static final long SECOND = 1_000_000_000;
  /** EventLogEn. */
  static final long ENABLE = 1 << 2;
  private static final long OVERFLOW = 1;
  private static final long INTERRUPTED = 1 << 1;
  private static final int ENTRY = 16;
  private static final int BYTES = 4096;

  private final IommuRegisters registers;
  private final MachineMemory memory;
  private final DeviceContext context;
  private final Listener listener;
  private final Alarm later;
  private final LongCell begin;
  private final LongCell reported;
  private long base;

  /** Hears of events. */
  interface Listener {
    /** One event's two words. */
    void event(long first, long second);

    /** @param count events that are told only by their number @param lost whether the IOMMU itself lost some, too */
    void more(int count, boolean lost);
  }

  /** @param again what to do when the second is over: {@link #serve} */
  IommuEventLog(IommuRegisters registers, MachineMemory memory, DeviceContext context, DeviceState state, String name, Listener listener,
      Runnable again) {
    this.registers = registers;
    this.memory = memory;
    this.context = context;
    this.listener = listener;
    begin = state.cell(name + ".events-since", 0);
    reported = state.cell(name + ".events-told", 0);
    later = context.time().alarm(name + ".events", again);
  }

  /** Where its page is. */
  void at(long newBase) {
    base = newBase;
  }

  /** Tells what is there, as far as it may. */
  void serve() {
    boolean fresh = context.time().clock().now() - begin.value >= SECOND;
    if (fresh) {
      begin.value = context.time().clock().now();
      reported.value = 0;
    }
    registers.write(STATUS, INTERRUPTED);
    long tail = registers.present(EVENT_TAIL) & BYTES - ENTRY;
    long head = registers.read(EVENT_HEAD) & BYTES - ENTRY;
    int skipped = 0;
    while (head != tail && (fresh || reported.value < MOST)) {
      if (reported.value < MOST) {
        reported.value++;
        listener.event(memory.read64(base + head), memory.read64(base + head + 8));
      } else {
        skipped++;
      }
      head = head + ENTRY & BYTES - 1;
    }
    registers.write(EVENT_HEAD, head);
    boolean lost = head == tail && (registers.read(STATUS) & OVERFLOW) != 0;
    if (lost) {
      restart();
    }
    if (skipped > 0 || lost) {
      listener.more(skipped, lost);
    }
    if (head != tail) {
      later.at(begin.value + SECOND);
    }
  }

  /** A log that was full stands until it is enabled anew (2.5.1). */
  private void restart() {
    long control = registers.read(CONTROL);
    registers.write(CONTROL, control & ~ENABLE);
    registers.write(STATUS, OVERFLOW | INTERRUPTED);
    registers.write(CONTROL, control);
  }
}
