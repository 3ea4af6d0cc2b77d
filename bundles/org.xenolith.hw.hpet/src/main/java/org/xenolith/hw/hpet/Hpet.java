// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import static org.xenolith.hw.hpet.HpetRegister.GEN_CONF;
import static org.xenolith.hw.hpet.HpetRegister.GINTR_STA;
import static org.xenolith.hw.hpet.HpetRegister.MAIN_CNT;
import static org.xenolith.hw.hpet.HpetRegister.T0_COMP;
import static org.xenolith.hw.hpet.HpetRegister.T0_CONF;
import static org.xenolith.hw.hpet.HpetRegister.T1_COMP;
import static org.xenolith.hw.hpet.HpetRegister.T1_CONF;
import static org.xenolith.hw.hpet.HpetRegister.T2_COMP;
import static org.xenolith.hw.hpet.HpetRegister.T2_CONF;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFile;

/** A counter of virtual time in units of 10 ns, and three timers that compare with it. */
final class Hpet implements DeviceModel, MmioHandler {
  static final long LEVEL = 0x002;
  static final long ENABLED = 0x004;
  static final long PERIODIC = 0x008;
  static final long SET_VALUE = 0x040;
  static final long BITS_32 = 0x100;
  static final long CONF_BITS = LEVEL | ENABLED | PERIODIC | SET_VALUE | BITS_32;
  /** Nanoseconds in a tick of the counter. */
  static final long TICK = 10;
  private static final HpetRegister[] CONFIGURATIONS = {T0_CONF, T1_CONF, T2_CONF};
  private static final HpetRegister[] COMPARATORS = {T0_COMP, T1_COMP, T2_COMP};
  private static final long WORD = 0xFFFF_FFFFL;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<HpetRegister> registers;
  /** While the counter runs: the tick of virtual time at which it was what the register has. */
  private final LongCell since = state.cell("since", 0);
  private final HpetTimer[] timers = new HpetTimer[CONFIGURATIONS.length];
  private final Clock clock;
  /** The bits of a register of 64 that the present access writes. */
  private long lanes;

  Hpet(DeviceContext context) {
    registers = state.registers("registers", HpetRegister.class, context.faults())
        .onWrite(GEN_CONF, value -> switched())
        .onRead(MAIN_CNT, this::counter)
        .onWrite(MAIN_CNT, value -> counterWritten());
    clock = context.time().clock();
    for (int i = 0; i < timers.length; i++) {
      HpetTimer timer = new HpetTimer(this, registers, CONFIGURATIONS[i], COMPARATORS[i], i, state, context);
      timers[i] = timer;
      registers.onRead(CONFIGURATIONS[i], timer::configuration)
          .onWrite(CONFIGURATIONS[i], value -> timer.configured())
          .onRead(COMPARATORS[i], timer::comparator)
          .onWrite(COMPARATORS[i], value -> timer.written(lanes));
    }
    registers.onRead(GINTR_STA, this::status);
    context.bus().window(0, new AccessRule(4, 8, false), this);
  }

  @Override
  public long read(long offset, int size) {
    return size == 8 ? registers.read64(offset) : registers.read(offset);
  }

  /** Everything until now is done with what was written until now. */
  @Override
  public void write(long offset, int size, long value) {
    settle();
    if (running()) {
      registers.set(MAIN_CNT, counter());
      since.value = clock.now() / TICK;
    }
    if (size == 8) {
      lanes = -1;
      registers.write64(offset, value);
    } else {
      lanes = (offset & 4) == 0 ? WORD : ~WORD;
      registers.write(offset, value);
    }
    for (HpetTimer timer : timers) {
      timer.update();
    }
  }

  boolean running() {
    return (registers.get(GEN_CONF) & 1) != 0;
  }

  long counter() {
    return registers.get(MAIN_CNT) + (running() ? clock.now() / TICK - since.value : 0);
  }

  private void settle() {
    for (HpetTimer timer : timers) {
      timer.settle();
    }
  }

  private long status() {
    settle();
    return registers.get(GINTR_STA);
  }

  /** The counter goes on where it was halted. */
  private void switched() {
    since.value = clock.now() / TICK;
  }

  private void counterWritten() {
    for (HpetTimer timer : timers) {
      timer.restart();
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    for (HpetTimer timer : timers) {
      timer.update();
    }
  }

  @Override
  public void restored() {
    for (HpetTimer timer : timers) {
      timer.drive();
    }
  }
}
