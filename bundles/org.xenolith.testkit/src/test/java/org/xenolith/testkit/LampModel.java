// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.xenolith.regs.RegisterSpec.at;

import java.util.List;
import java.util.OptionalLong;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFile;
import org.xenolith.regs.RegisterSpec;

/** A lamp that switches itself off; correct but for the one defect that its maker asks for. */
final class LampModel implements DeviceModel, MmioHandler {
  private static final long BURNS_NS = 1_500_000;
  private static final int CLAIMED = 0xC123;
  private static int madeEver;

  /** What can be wrong with it. */
  enum Defect {
    NONE, NO_NAME, RESET_VALUE, MASK, SILENT_GAP, THROWS, OWN_MIND, RESET_FORGETS_ALARM, RESET_FORGETS_LINE, RESET_FORGETS_STATE,
    HIDDEN_STATE, RESTORE_FORGETS_LINE, RESTORED_CHANGES_STATE, RESTORED_ARMS_ALARM, STAYS_PLUGGED_IN, MISSPELT, OPTION_TWICE, READ_COUNTS,
    READ_GIVES_NEXT, READ_ENDS_ALARM, READ_LOWERS_LINE, UNSERVED, ONE_SETS, SAVE_COUNTS, HIDES_CLAIM,
    SHOWING_COUNTS, UNNAMED_BIT,
    // Slips of the table that model and table agree on.
    TABLE_WRITABLE, TABLE_RESET,
    // What its factory asks of the host, see LampFactories.
    STARTS_THREAD, HOST_CLOCK, SLEEPS, CHANCE, TIME_ZONE, EXITS, PRINTS
  }

  enum Table implements Register {
    SWITCH(at(0x0, "1.1").rw(0x3)),
    COLOUR(at(0x4, "1.2").rw(0xFF_FFFF).reset(0xFF_FFFF)),
    BROKEN(at(0x8, "1.3").w1c(0x1)),
    PRESSES(at(0xC, "1.4"));

    private final RegisterSpec spec;

    Table(RegisterSpec spec) {
      this.spec = spec;
    }

    @Override
    public RegisterSpec spec() {
      return spec;
    }
  }

  /** A button beside the lamp. */
  public static final class Button {
    private Runnable pressed = () -> {};

    void press() {
      pressed.run();
    }
  }

  /** A system register that reads as zero. */
  private record Claimed() implements SystemRegisterHandler {
    @Override
    public long read(ArmCpu cpu, int id) {
      return 0;
    }

    @Override
    public void write(ArmCpu cpu, int id, long value) {
      // there is nothing to keep
    }
  }

  static class Factory implements DeviceModelFactory {
    private final Defect defect;

    Factory(Defect defect) {
      this.defect = defect;
    }

    @Override
    public ModelDescription description() {
      Option bright = new Option("bright", Type.BOOLEAN, "true", "whether it is", false);
      return new ModelDescription(defect == Defect.NO_NAME ? "" : "LAMP", "a lamp", "lamp manual",
          defect == Defect.OPTION_TWICE ? List.of(bright, bright) : List.of(bright));
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new LampModel(context, defect);
    }
  }

  private final Defect defect;
  private final DeviceState state = new DeviceState();
  private final RegisterFile<Table> registers;
  private final LongCell presses = state.cell("presses", 0);
  private final int number = madeEver++;
  private long hiddenPresses;
  private int saves;
  private int looks;
  private final Clock clock;
  private final Alarm off;
  private final InterruptLine line;
  private final Button button;

  LampModel(DeviceContext context, Defect defect) {
    this.defect = defect;
    clock = context.time().clock();
    registers = state.registers("registers", Table.class, context.faults())
        .onWrite(Table.SWITCH, this::switched)
        .onRead(Table.PRESSES, () -> defect == Defect.HIDDEN_STATE ? hiddenPresses : presses.value);
    off = context.time().alarm("off", () -> {
      registers.bits(Table.SWITCH, 1, false);
      drive();
    });
    line = context.lines().interrupt(0);
    button = context.port(Button.class);
    button.pressed = () -> {
      presses.value++;
      hiddenPresses++;
    };
    if (defect == Defect.SAVE_COUNTS) {
      state.varying("saved", () -> saves = 0, () -> new byte[] {(byte) saves++}, bytes -> saves = bytes[0]);
    }
    if (defect == Defect.HIDES_CLAIM) {
      ArmCpu.of(context.processors()).getFirst().claim(new Claimed(), CLAIMED);
    }
    if (defect == Defect.SHOWING_COUNTS) {
      state.shows("button", ListedRegister.run("PRESSED", 0, 4, 1, "1.5"), register -> OptionalLong.of(presses.value++));
    }
    if (defect == Defect.UNNAMED_BIT) {
      ListedRegister latch = new ListedRegister("LATCH", at(0x0, "1.6").rw(0x3));
      state.shows("latch", List.of(latch.saidBy(LampModel.class)), register -> OptionalLong.of(0));
    }
    slip();
    context.bus().window(0, AccessRule.WORD, this);
  }

  private void slip() {
    if (defect == Defect.TABLE_RESET) {
      registers.set(Table.COLOUR, 0xFF_FFFE);
    }
  }

  private void switched(long value) {
    if (value == 0x80 && defect == Defect.THROWS) {
      throw new IllegalStateException("0x80");
    }
    if ((value & 1) != 0) {
      off.at(clock.now() + BURNS_NS);
    }
    drive();
  }

  private void drive() {
    line.set((registers.get(Table.SWITCH) & 1) != 0);
  }

  @Override
  public long read(long offset, int size) {
    if (offset == 4 && defect == Defect.OWN_MIND) {
      return number;
    }
    if (offset == 4 && defect == Defect.RESET_VALUE) {
      return registers.read(offset) & 0xFFFE;
    }
    if (offset == 8 && defect == Defect.READ_COUNTS) {
      presses.value++;
    }
    if (offset == 8 && defect == Defect.READ_LOWERS_LINE) {
      line.set(false);
    }
    if (offset == 8 && defect == Defect.READ_GIVES_NEXT) {
      return registers.read(offset) ^ (looks++ & 1) << 4;
    }
    if (offset == 8 && defect == Defect.READ_ENDS_ALARM) {
      off.cancel();
    }
    if (offset == 8 && defect == Defect.UNSERVED) {
      return registers.read(0x80);
    }
    return offset > 0xC && defect == Defect.SILENT_GAP ? 0 : registers.read(offset);
  }

  @Override
  public void write(long offset, int size, long value) {
    registers.write(offset, value);
    if (offset == 8 && defect == Defect.ONE_SETS) {
      registers.set(Table.BROKEN, value & 1);
    }
    if (offset == 8 && defect == Defect.TABLE_WRITABLE) {
      registers.set(Table.BROKEN, registers.get(Table.BROKEN) & ~2L | value & 2);
    }
    if (offset == 0 && defect == Defect.MASK) {
      registers.set(Table.SWITCH, value & 0x7);
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    long pressed = presses.value;
    state.reset();
    hiddenPresses = 0;
    slip();
    if (defect == Defect.RESET_FORGETS_STATE) {
      presses.value = pressed;
    }
    if (defect != Defect.RESET_FORGETS_ALARM) {
      off.cancel();
    }
    if (defect != Defect.RESET_FORGETS_LINE) {
      drive();
    }
  }

  @Override
  public void restored() {
    if (defect == Defect.RESTORED_CHANGES_STATE) {
      registers.bits(Table.BROKEN, 1, true);
    }
    if (defect == Defect.RESTORED_ARMS_ALARM) {
      off.at(clock.now() + BURNS_NS);
    }
    if (defect != Defect.RESTORE_FORGETS_LINE) {
      drive();
    }
  }

  @Override
  public void removed() {
    if (defect != Defect.STAYS_PLUGGED_IN) {
      button.pressed = () -> {};
    }
  }
}
