// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.cmos.rtc;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.Register;

/**
 * The MC146818 as PCs have it: 128 bytes behind an index and a data port. Bytes are brought up to date when somebody looks; alarms are
 * armed only for what raises the interrupt.
 */
final class CmosRtc implements DeviceModel, MmioHandler {
  private static final int BYTES = 128;
  private static final int A = 0x0A;
  private static final int B = Calendar.REGISTER_B;
  private static final int C = 0x0C;
  private static final int D = 0x0D;
  /** Register A: an update comes within 244 µs, so that date and time can't be read in peace. */
  private static final int UIP = 0x80;
  /** Register A: these two of the three divider bits hold the divider in reset. */
  private static final int DIVIDER_RESET = 0x60;
  private static final int RATE = 0x0F;
  /** Divider for a crystal of 32,768 Hz, periodic rate of 1,024 Hz: what firmware of PCs sets. */
  private static final byte A_INITIAL = 0x26;
  /** Register B: no updates. */
  private static final int SET = 0x80;
  private static final int UPDATE = 0x10;
  private static final int ALARM = 0x20;
  private static final int PERIODIC = 0x40;
  private static final int SQUARE_WAVE = 0x08;
  private static final int CAUSES = PERIODIC | ALARM | UPDATE;
  private static final int IRQF = 0x80;
  /** Register D: the battery is good. */
  private static final int VRT = 0x80;
  private static final long SECOND = 1_000_000_000L;
  private static final long BEFORE_UPDATE = 244_000;
  private static final long CRYSTAL = 32_768;
  private static final long EPOCH_LIMIT = 0xFFFF_FFFFL;

  private static final String REFERENCE = "MC146818 data sheet, address map";
  /** Of the bytes that have one. */
  private static final Map<Integer, String> NAMES = Map.ofEntries(Map.entry(Calendar.SECOND, "seconds"), Map.entry(Calendar.SECOND_ALARM,
      "seconds alarm"), Map.entry(Calendar.MINUTE, "minutes"), Map.entry(Calendar.MINUTE_ALARM, "minutes alarm"), Map.entry(Calendar.HOUR,
          "hours"), Map.entry(Calendar.HOUR_ALARM, "hours alarm"), Map.entry(Calendar.WEEKDAY, "day of the week"), Map.entry(Calendar.DAY,
              "date of the month"), Map.entry(Calendar.MONTH, "month"), Map.entry(Calendar.YEAR, "year"), Map.entry(A, "register A"), Map
                  .entry(
                      B, "register B"), Map.entry(C, "register C"), Map.entry(D, "register D"), Map.entry(Calendar.CENTURY, "century"));

  private final DeviceState state = new DeviceState();
  /** Everything but registers C and D. */
  private final byte[] bytes = state.bytes("bytes", BYTES);
  private final LongCell index = state.cell("index", 0);
  /** Register C without its top bit. */
  private final LongCell flags = state.cell("flags", 0);
  /** Virtual time of the last update, or of when one was left out; meaningless while the divider is in reset. */
  private final LongCell second = state.cell("second", 0);
  /** Until when periods have been looked at. */
  private final LongCell seen = state.cell("seen", 0);
  private final Calendar calendar = new Calendar(bytes);
  private final Clock clock;
  private final Alarm update;
  private final Alarm period;
  private final InterruptLine line;

  CmosRtc(DeviceContext context) {
    long epoch = context.options().number("epoch-seconds");
    if (epoch < 0 || epoch > EPOCH_LIMIT) {
      throw new ModelException(context.instance() + ": option epoch-seconds: expected 0 to " + EPOCH_LIMIT + ", got " + epoch);
    }
    bytes[A] = A_INITIAL;
    bytes[B] = Calendar.HOURS_24;
    calendar.set(epoch);
    clock = context.time().clock();
    update = context.time().alarm("update", this::changed);
    period = context.time().alarm("period", this::changed);
    line = context.lines().interrupts() > 0 ? context.lines().interrupt(0) : null;
    context.bus().window(0, AccessRule.BYTE, this);
    state.shows("ports", ListedRegister.saidBy(CmosRtc.class, List.of(ListedRegister.of("index", 0, 1, REFERENCE), ListedRegister.of("data",
        1, 1, REFERENCE))),
        port -> port.spec().offset() == 0 ? OptionalLong.of(index.value) : OptionalLong.empty());
    state.shows("bytes", IntStream.range(0, BYTES).mapToObj(at -> ListedRegister.of(NAMES.getOrDefault(at, "RAM 0x" + Integer.toHexString(
        at)), at, 1, REFERENCE).saidBy(CmosRtc.class)).toList(), this::shown);
  }

  /** The index can't be read back on PCs (Intel 321088, I/O locations 0x70-0x77). The device decodes one address bit. */
  @Override
  public long read(long offset, int size) {
    return (offset & 1) == 0 ? 0xFF : data();
  }

  /** The top bit of the index masks a PC's NMI, of which there is none here. */
  @Override
  public void write(long offset, int size, long value) {
    if ((offset & 1) == 0) {
      index.value = value & BYTES - 1;
    } else {
      settle();
      store((int) index.value, (int) value & 0xFF);
      changed();
    }
  }

  /** A byte as it is stored; the date is that of the last update that somebody looked for. */
  private OptionalLong shown(Register register) {
    int at = register.spec().offset();
    return at == C ? OptionalLong.empty() : OptionalLong.of(at == D ? VRT : bytes[at] & 0xFF);
  }

  private long data() {
    settle();
    return switch ((int) index.value) {
      case A -> bytes[A] | (updating() ? UIP : 0);
      case C -> acknowledge();
      case D -> VRT;
      default -> bytes[(int) index.value] & 0xFF;
    };
  }

  private boolean updating() {
    return ticking() && (bytes[B] & SET) == 0 && clock.now() >= second.value + SECOND - BEFORE_UPDATE;
  }

  private long acknowledge() {
    long all = flags.value | (requests() ? IRQF : 0);
    flags.value = 0;
    changed();
    return all;
  }

  private void store(int at, int value) {
    switch (at) {
      case A -> {
        boolean stopped = !ticking();
        bytes[A] = (byte) (value & ~UIP);
        if (stopped && ticking()) {
          // The first update comes half a second after the divider has left its reset (data sheet, "divider control").
          second.value = clock.now() - SECOND / 2;
        }
      }
      // What begins to set the date ends interrupts of updates.
      case B -> bytes[B] = (byte) ((value & SET) != 0 ? value & ~UPDATE : value);
      case C, D -> {
        // Read only.
      }
      case Calendar.SECOND -> bytes[at] = (byte) (value & 0x7F);
      default -> bytes[at] = (byte) value;
    }
  }

  private boolean ticking() {
    return (bytes[A] & DIVIDER_RESET) != DIVIDER_RESET;
  }

  /** Cycles of the crystal in a period, 0 for none (data sheet, table 5). */
  private long cycles() {
    int rate = bytes[A] & RATE;
    return rate == 0 || !ticking() ? 0 : rate < 3 ? 64L << rate : 1L << rate - 1;
  }

  /** The period in which a time is, counted from the last update: a second has a whole number of them. */
  private long periodAt(long time, long cycles) {
    return Math.floorDiv((time - second.value) * CRYSTAL, SECOND * cycles);
  }

  /** Does all updates until now. */
  private void settle() {
    long now = clock.now();
    long cycles = cycles();
    if (cycles != 0 && (now - seen.value >= SECOND || periodAt(now, cycles) != periodAt(seen.value, cycles))) {
      flags.value |= PERIODIC;
    }
    seen.value = now;
    long updates = ticking() ? (now - second.value) / SECOND : 0;
    if (updates > 0) {
      second.value += updates * SECOND;
      if ((bytes[B] & SET) == 0) {
        long wait = calendar.untilAlarm();
        flags.value |= UPDATE | (wait != 0 && wait <= updates ? ALARM : 0);
        calendar.advance(updates);
      }
    }
  }

  private boolean requests() {
    return (flags.value & bytes[B] & CAUSES) != 0;
  }

  private void changed() {
    settle();
    drive();
    armUpdate();
    armPeriod();
  }

  /** A flag that is set already needs no alarm: its interrupt is there until register C is read. */
  private boolean awaits(int cause) {
    return (bytes[B] & cause) != 0 && (flags.value & cause) == 0;
  }

  private void armUpdate() {
    long wait = 0;
    if (ticking() && (bytes[B] & SET) == 0) {
      wait = awaits(UPDATE) ? 1 : awaits(ALARM) ? calendar.untilAlarm() : 0;
    }
    if (wait == 0) {
      update.cancel();
    } else {
      update.at(second.value + wait * SECOND);
    }
  }

  private void armPeriod() {
    long cycles = cycles();
    if (cycles == 0 || !awaits(PERIODIC)) {
      period.cancel();
    } else {
      long next = (periodAt(clock.now(), cycles) + 1) * cycles * SECOND;
      period.at(second.value + Math.ceilDiv(next, CRYSTAL));
    }
  }

  private void drive() {
    if (line != null) {
      line.set(requests());
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  /** Ends interrupts; the rest is on a battery (data sheet, "RESET"). */
  @Override
  public void reset() {
    settle();
    index.value = 0;
    flags.value = 0;
    bytes[B] &= ~(CAUSES | SQUARE_WAVE);
    changed();
  }

  @Override
  public void restored() {
    drive();
  }
}
