// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.pl031;

import static org.xenolith.hw.pl031.Pl031Register.RTCDR;
import static org.xenolith.hw.pl031.Pl031Register.RTCICR;
import static org.xenolith.hw.pl031.Pl031Register.RTCIMSC;
import static org.xenolith.hw.pl031.Pl031Register.RTCLR;
import static org.xenolith.hw.pl031.Pl031Register.RTCMIS;
import static org.xenolith.hw.pl031.Pl031Register.RTCMR;
import static org.xenolith.hw.pl031.Pl031Register.RTCRIS;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFile;

/** A PL031 that counts seconds of virtual time, from a date that is an option and not the host's. */
final class Pl031 implements DeviceModel, MmioHandler {
  /** The device decodes 12 address bits: in a larger window the registers repeat. */
  private static final long DECODED = 0xFFF;
  private static final long SECOND = 1_000_000_000L;
  private static final long WORD = 0xFFFF_FFFFL;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<Pl031Register> registers;
  /** The date at virtual time 0, so that date = base + elapsed seconds (both modulo 2³²). */
  private final LongCell base;
  private final Clock clock;
  private final Alarm match;
  private final InterruptLine line;

  Pl031(DeviceContext context) {
    long epoch = context.options().number("epoch-seconds");
    if (epoch < 0 || epoch > WORD) {
      throw new ModelException(context.instance() + ": option epoch-seconds: expected 0 to 4294967295, got " + epoch);
    }
    base = state.cell("base", epoch);
    registers = state.registers("registers", Pl031Register.class, context.faults())
        .onRead(RTCDR, this::seconds)
        .onWrite(RTCMR, value -> arm())
        .onWrite(RTCLR, this::load)
        .onWrite(RTCIMSC, value -> drive())
        .onRead(RTCMIS, this::masked)
        .onWrite(RTCICR, this::clear);
    clock = context.time().clock();
    match = context.time().alarm("match", this::matched);
    line = context.lines().interrupts() > 0 ? context.lines().interrupt(0) : null;
    context.bus().window(0, AccessRule.WORD, this);
  }

  @Override
  public long read(long offset, int size) {
    return registers.read(offset & DECODED);
  }

  @Override
  public void write(long offset, int size, long value) {
    registers.write(offset & DECODED, value);
  }

  private long seconds() {
    return base.value + clock.now() / SECOND & WORD;
  }

  private void load(long date) {
    base.value = date - clock.now() / SECOND & WORD;
    arm();
  }

  /** Sets the alarm for the next time the date equals the match register; at once if it does. */
  private void arm() {
    long wait = registers.get(RTCMR) - seconds() & WORD;
    if (wait == 0) {
      match.cancel();
      matched();
    } else {
      match.at((clock.now() / SECOND + wait) * SECOND);
    }
  }

  private void matched() {
    registers.set(RTCRIS, 1);
    drive();
  }

  private void clear(long bits) {
    if ((bits & 1) != 0) {
      registers.set(RTCRIS, 0);
      drive();
    }
  }

  private long masked() {
    return registers.get(RTCRIS) & registers.get(RTCIMSC);
  }

  private void drive() {
    if (line != null) {
      line.set(masked() != 0);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  /** The counter is on a battery: only its first power-on gives it the date of the option. */
  @Override
  public void reset() {
    long kept = base.value;
    state.reset();
    base.value = kept;
    match.cancel();
    drive();
  }

  @Override
  public void restored() {
    drive();
  }
}
