// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import static org.xenolith.hw.hpet.HpetRegister.GEN_CONF;
import static org.xenolith.hw.hpet.HpetRegister.GINTR_STA;
import static org.xenolith.hw.hpet.HpetRegister.MAIN_CNT;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceTime;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFile;

/** The counter of 100 MHz of virtual time, and its comparators. */
final class Hpet implements DeviceModel, MmioHandler {
  /** Nanoseconds of a tick. */
  static final long TICK = 10;
  private static final int COMPARATORS = 3;
  /** 32 and 64 bits. */
  private static final AccessRule WORDS = new AccessRule(4, 8, false);

  private final DeviceState state = new DeviceState();
  private final RegisterFile<HpetRegister> registers;
  /** What is added to ticks since power-on while the counter runs. */
  private final LongCell offset;
  private final HpetComparator[] comparators = new HpetComparator[COMPARATORS];
  private final DeviceTime time;
  private final Clock clock;
  private boolean running;

  Hpet(DeviceContext context) {
    time = context.time();
    clock = time.clock();
    offset = state.cell("offset", 0);
    registers = state.registers("registers", HpetRegister.class, context.faults())
        .onWrite(GEN_CONF, written -> configured())
        .onWrite(GINTR_STA, written -> changed())
        .onRead(MAIN_CNT, this::counter)
        .onWrite(MAIN_CNT, written -> count());
    for (int i = 0; i < COMPARATORS; i++) {
      boolean wired = i < context.lines().interrupts();
      comparators[i] = new HpetComparator(this, registers, i, state.cell("period" + i, 0), state.cell("comparator" + i, -1), wired ? context
          .lines().interrupt(i) : null, wired ? pin(context.node().interrupts().get(i)) : 0);
    }
    context.bus().window(0, WORDS, this);
  }

  private static int pin(InterruptSpecifier specifier) {
    return specifier.cells()[0] & 31;
  }

  Alarm alarm(String name, Runnable action) {
    return time.alarm(name, action);
  }

  private long counter() {
    return running ? clock.now() / TICK + offset.value : registers.get(MAIN_CNT);
  }

  private void configured() {
    boolean now = registers.get(GEN_CONF) != 0;
    if (now && !running) {
      offset.value = registers.get(MAIN_CNT) - clock.now() / TICK;
    } else if (!now && running) {
      registers.set(MAIN_CNT, counter());
    }
    running = now;
    changed();
  }

  /** While it runs a write has no defined effect (2.3.7); here the counter goes on from what was written. */
  private void count() {
    if (running) {
      offset.value = registers.get(MAIN_CNT) - clock.now() / TICK;
    }
    changed();
  }

  /** Something that comparators depend on is another. */
  void changed() {
    long counter = counter();
    long now = clock.now();
    for (HpetComparator comparator : comparators) {
      comparator.arm(running, counter, now);
    }
  }

  @Override
  public long read(long at, int size) {
    return size == Long.BYTES ? registers.read64(at) : registers.read(at);
  }

  @Override
  public void write(long at, int size, long value) {
    if (size == Long.BYTES) {
      registers.write64(at, value);
    } else {
      registers.write(at, value);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    restored();
  }

  @Override
  public void restored() {
    running = registers.get(GEN_CONF) != 0;
    changed();
  }
}
