// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.smmuv3;

import static org.xenolith.hyp.smmuv3.Registers.EVENTQ_CONS;
import static org.xenolith.hyp.smmuv3.Registers.EVENTQ_PROD;

import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Takes events out of an SMMU's queue and tells them (Arm IHI 0070, 7.2 and 7.3). Only so many in a second of virtual time: then
 * the queue is left as it is until the second is over, so that it interrupts no more, and who floods it costs next to nothing.
 */
final class FaultQueue {
  /** Events told one by one in a second. */
  static final int MOST = 16;
  /** Virtual nanoseconds. */
  static final long SECOND = 1_000_000_000;
  private static final long OVERFLOW = 1L << 31;
  private static final int ENTRY_SHIFT = 5;

  private final Registers registers;
  private final MachineMemory memory;
  private final DeviceContext context;
  private final Listener listener;
  private final Alarm later;
  private final LongCell begin;
  private final LongCell reported;
  private long base;
  private int log2;

  /** Hears of events. */
  interface Listener {
    /**
     * One event's words.
     *
     * @param address in the third word: of the access, if the kind of event has one
     */
    void fault(int kind, long stream, boolean hasAddress, boolean write, long address);

    /** @param count  events that are told only by their number @param lost whether the SMMU itself lost some, too */
    void more(int count, boolean lost);
  }

  /** @param again what to do when the second is over: {@link #serve} */
  FaultQueue(Registers registers, MachineMemory memory, DeviceContext context, DeviceState state, String name, Listener listener,
      Runnable again) {
    this.registers = registers;
    this.memory = memory;
    this.context = context;
    this.listener = listener;
    begin = state.cell(name + ".faults-since", 0);
    reported = state.cell(name + ".faults-told", 0);
    later = context.time().alarm(name + ".faults", again);
  }

  /** Where it is. @param newLog2 log2 of its entries */
  void at(long newBase, int newLog2) {
    base = newBase;
    log2 = newLog2;
  }

  /** Tells what is there, as far as it may. */
  void serve() {
    boolean fresh = context.time().clock().now() - begin.value >= SECOND;
    if (fresh) {
      begin.value = context.time().clock().now();
      reported.value = 0;
    }
    long mask = (2L << log2) - 1;
    long prod = registers.read(EVENTQ_PROD);
    long cons = registers.read(EVENTQ_CONS) & mask;
    int skipped = 0;
    long left = Math.min(prod - cons & mask, 1L << log2);
    for (; left > 0 && (fresh || reported.value < MOST); left--) {
      if (reported.value < MOST) {
        reported.value++;
        tell(base + ((cons & (1L << log2) - 1) << ENTRY_SHIFT));
      } else {
        skipped++;
      }
      cons = cons + 1 & mask;
    }
    boolean lost = left == 0 && ((prod ^ registers.read(EVENTQ_CONS)) & OVERFLOW) != 0;
    long acknowledged = left == 0 ? prod & OVERFLOW : registers.read(EVENTQ_CONS) & OVERFLOW;
    registers.write(EVENTQ_CONS, acknowledged | cons);
    if (skipped > 0 || lost) {
      listener.more(skipped, lost);
    }
    if (left > 0) {
      later.at(begin.value + SECOND);
    }
  }

  private void tell(long at) {
    long first = memory.read64(at);
    long second = memory.read64(at + 8);
    int kind = (int) first & 0xFF;
    listener.fault(kind, first >>> 32, kind == 0x0B || kind >= 0x10 && kind <= 0x13, (second >>> 35 & 1) == 0, memory.read64(at + 16));
  }
}
