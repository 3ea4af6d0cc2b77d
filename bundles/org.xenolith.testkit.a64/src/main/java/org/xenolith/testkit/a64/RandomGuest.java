// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.Granule;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.isa.Insn;
import org.xenolith.arm.api.ArmCpu.Signal;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.watch.WatchedAddress;
import org.xenolith.regs.StateRecord;

/**
 * A guest made of random words, registers, system registers and page tables, all from a seed. A device at 0x900_0000 raises
 * interrupts, sends events and ends runs, as a function of what is written; interrupts also change after each quarter.
 */
public final class RandomGuest extends BareMachine {
  private static final long RAM = 0x4000_0000L;
  private static final int SIZE = 1 << 20;
  private static final int CODE = 1 << 16;
  private static final int TABLES = 0x2_0000;
  private static final long DEVICE = 0x900_0000L;
  /** The golden ratio of 64 bits: multiples of it are far from one another. */
  private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;
  private static final Insn[] FORMS = Insn.values();

  private final Ram ram;
  /** What the device saw: instructions executed before, the address, and a register of the CPU's. */
  private long deviceDigest;
  private long done;
  private Cpu cpu;
  private final CpuConfig config;
  /** What tables are made for. */
  private final Granule granule;
  private final CpuEngineFactory factory;
  private final long begins;
  private CpuEngine engine;

  /** Puts something that isn't random in its place. */
  public interface Shape {
    /** A guest of which all is random. */
    Shape NONE = new Shape() {};

    /** Writes the program, which lies in the first 64 KiB; tables for the MMU follow at 128 KiB. */
    default void program(Ram ram, Random random) {}

    /** Sets registers, before the first instruction. */
    default void registers(Cpu cpu, Random random) {}

    /** Virtual time of the first instruction, in nanoseconds: each takes one. */
    default long begins() {
      return 0;
    }

    /** Whether it brings its own tables if the CPU has more granules than that of 4 KiB. */
    default boolean ownTables() {
      return false;
    }
  }

  /** @param factory makes the engine */
  public RandomGuest(long seed, Shape shape, CpuEngineFactory factory) {
    super(new Ram(RAM, SIZE));
    ram = ram(RAM);
    this.factory = factory;
    begins = shape.begins();
    Random random = new Random(seed);
    // The first numbers of neighbouring seeds are nearly the same: all guests would be of one kind.
    random.nextInt(16);
    int features = (int) (seed * SPREAD >>> 60);
    // Half of all guests have all granules, by a choice of its own: the others are what they were before there were any. The first
    // bit of neighbouring seeds is the same, so they are spread.
    Random pages = new Random(~seed * SPREAD);
    boolean large = pages.nextBoolean();
    granule = large ? Granule.values()[pages.nextInt(3)] : Granule.K4;
    config = CpuConfig.cortexA57(0).withLevels((features & 1) != 0, (features & 2) != 0).withLse((features & 4) != 0)
        .withPan((features & 8) != 0).withGranules(large ? EnumSet.allOf(Granule.class) : Granule.DEFAULT);
    cpu = add(config);
    add(config);
    byte[] content = new byte[ram.size];
    random.nextBytes(content);
    ram.write(0, content, 0, content.length);
    for (int at = 0; at < CODE; at += 4) {
      if (random.nextInt(16) != 0) {
        Insn form = FORMS[random.nextInt(FORMS.length)];
        ram.write(at, 4, random.nextInt() & ~form.mask() | form.match());
      }
    }
    shape.program(ram, random);
    tables(random);
    if (granule != Granule.K4 && !shape.ownTables()) {
      largeTables(pages);
    }
    cpu.powerOn(RAM + random.nextInt(CODE) & -4, 0);
    cpu.begin(0);
    cpu.end();
    registers(random);
    shape.registers(cpu, random);
    engine = factory.create(cpu);
  }

  private void tables(Random random) {
    // Level 1, 2 and 3 map RAM to itself with random rights; five more tables are random.
    for (int table = 0; table < 8; table++) {
      for (int i = 0; i < 512; i++) {
        long next = RAM + TABLES + (random.nextInt(8) << 12);
        long target = RAM + (random.nextInt(SIZE) & -4096);
        long rights = random.nextLong() & 0x60_0000_0000_0BDCL | (random.nextInt(16) == 0 ? 0 : 1 << 10);
        long entry = switch (random.nextInt(6)) {
          case 0, 1 -> next | 3;
          case 2 -> target & -1L << 21 | rights | 1;
          case 3, 4 -> target | rights | 3;
          default -> random.nextLong();
        };
        if (table == 2 && i < SIZE >> 12 && random.nextInt(8) != 0) {
          entry = RAM + (i << 12) | rights & ~0x1CL & (random.nextInt(4) != 0 ? ~0x60_0000_0000_0080L : -1) | 3;
        } else if (table == 0 && i == 1 || table == 1 && i == 0) {
          entry = RAM + TABLES + (table + 1 << 12) | 3;
        } else if (table == 0 && i == 0) {
          entry = 0x405 | (random.nextBoolean() ? 1 << 6 : 0);
        }
        ram.write(TABLES + (table << 12) + i * 8, 8, entry);
      }
    }
  }

  /** The same with larger pages, for 39 bits: as many levels as that takes, one table each; what else there is leads to any of them. */
  private void largeTables(Random random) {
    int bits = granule.shift - 3;
    int levels = granule == Granule.K16 ? 3 : 2;
    for (int i = 0; i < levels; i++) {
      int shift = granule.shift + (levels - 1 - i) * bits;
      boolean last = i == levels - 1;
      long table = TABLES + ((long) i << granule.shift);
      for (int entry = 0; entry < 1 << bits; entry++) {
        long rights = random.nextLong() & 0x60_0000_0000_0BDCL | (random.nextInt(16) == 0 ? 0 : 1 << 10);
        long target = RAM + (random.nextInt(SIZE) & -granule.bytes());
        long value = switch (random.nextInt(6)) {
          case 0, 1 -> RAM + TABLES + ((long) random.nextInt(levels) << granule.shift) | 3;
          case 2 -> target & -1L << shift | rights | 1;
          case 3, 4 -> target | rights | 3;
          default -> random.nextLong();
        };
        if (last && entry < SIZE >> granule.shift && random.nextInt(8) != 0) {
          value = RAM + ((long) entry << granule.shift) | rights & ~0x1CL & (random.nextInt(4) != 0 ? ~0x60_0000_0000_0080L : -1) | 3;
        } else if (!last && entry == RAM >>> shift) {
          value = RAM + TABLES + ((long) (i + 1) << granule.shift) | 3;
        } else if (i == levels - 2 && entry == DEVICE >>> shift) {
          value = DEVICE & -1L << shift | 0x405 | (random.nextBoolean() ? 1 << 6 : 0);
        }
        ram.write((int) table + entry * 8, 8, value);
      }
    }
  }

  private void registers(Random random) {
    for (SysReg reg : SysReg.values()) {
      if (reg.kind == SysReg.Kind.STORAGE && reg.mask != 0) {
        cpu.sys[reg.ordinal()] = reg.reset & ~reg.mask | value(random) & reg.mask;
      }
    }
    boolean translated = random.nextInt(3) != 0;
    for (SysReg reg : List.of(SysReg.SCTLR_EL1, SysReg.SCTLR_EL2, SysReg.SCTLR_EL3)) {
      cpu.sys[reg.ordinal()] = cpu.sys[reg.ordinal()] & ~0x8_0003L | (translated ? 1 : 0) | (random.nextInt(8) == 0 ? 2 : 0);
    }
    for (SysReg reg : List.of(SysReg.TTBR0_EL1, SysReg.TTBR1_EL1, SysReg.TTBR0_EL2, SysReg.TTBR0_EL3, SysReg.VTTBR_EL2)) {
      cpu.sys[reg.ordinal()] = RAM + TABLES | (long) random.nextInt(4) << 48;
    }
    if (random.nextInt(4) != 0) {
      cpu.sys[SysReg.TCR_EL1.ordinal()] = 25 | 25 << 16 | 5L << 32 | (long) random.nextInt(8) << 36;
      cpu.sys[SysReg.TCR_EL2.ordinal()] = 0x8080_0000L | 25 | 5 << 16;
      cpu.sys[SysReg.TCR_EL3.ordinal()] = 0x8080_0000L | 25 | 5 << 16;
      cpu.sys[SysReg.VTCR_EL2.ordinal()] = 0x8000_0000L | 25 | 1 << 6 | 5 << 16;
      cpu.sys[SysReg.MAIR_EL1.ordinal()] = 0xFFFF_FF44_FFFF_04FFL;
      granules();
    }
    if (random.nextInt(2) != 0) {
      cpu.sys[SysReg.HCR_EL2.ordinal()] = 0x8000_0000L;
    }
    cpu.sys[SysReg.HCR_EL2.ordinal()] |= 0x8000_0000L;
    for (SysReg reg : List.of(SysReg.VBAR_EL1, SysReg.VBAR_EL2, SysReg.VBAR_EL3)) {
      cpu.sys[reg.ordinal()] = RAM + random.nextInt(CODE) & -2048;
    }
    if (random.nextInt(4) != 0) {
      cpu.sys[SysReg.CPACR_EL1.ordinal()] = 3 << 20;
    }
    for (int i = 0; i < 31; i++) {
      cpu.x[i] = value(random);
    }
    for (int i = 0; i < 64; i++) {
      cpu.v[i] = random.nextLong();
    }
    for (int i = 0; i < 4; i++) {
      cpu.sp[i] = value(random) & (random.nextInt(8) == 0 ? -1 : -16);
    }
    cpu.daif = random.nextInt(16) << 6;
    do {
      cpu.el = random.nextInt(4);
    } while (cpu.el == 2 && !config.el2() || cpu.el == 3 && !config.el3());
    cpu.spsel = cpu.el == 0 ? 0 : random.nextInt(2);
    cpu.restored();
  }

  /** TG0 of all regimes and stages, TG1; at stage 2 the first level that 39 bits take. */
  private void granules() {
    if (granule == Granule.K4) {
      return;
    }
    long low = granule == Granule.K16 ? 2 << 14 : 1 << 14;
    for (SysReg reg : List.of(SysReg.TCR_EL1, SysReg.TCR_EL2, SysReg.TCR_EL3, SysReg.VTCR_EL2)) {
      cpu.sys[reg.ordinal()] |= low;
    }
    cpu.sys[SysReg.TCR_EL1.ordinal()] |= granule == Granule.K16 ? 1L << 30 : 3L << 30;
    // 16 KiB: level 1 is SL0 = 2; 64 KiB: level 2 is SL0 = 1.
    cpu.sys[SysReg.VTCR_EL2.ordinal()] ^= granule == Granule.K16 ? 3 << 6 : 0;
  }

  private static long value(Random random) {
    return switch (random.nextInt(8)) {
      case 0, 1, 2 -> RAM + random.nextInt(SIZE);
      case 3 -> RAM + random.nextInt(CODE) & -4;
      case 4 -> RAM + (random.nextInt(SIZE) | 0xFF0);
      case 5 -> DEVICE + random.nextInt(64);
      case 6 -> random.nextInt(512) - 256;
      default -> random.nextLong();
    };
  }

  /** Executes up to an absolute number of instructions, in runs that {@code cut} gives the sizes of, half of them about. */
  public void runTo(long end, @Nullable Random cut) {
    while (done < end && cpu.runnable()) {
      long budget = cut == null ? end - done : Math.min(end - done, 1 + cut.nextInt(1 << cut.nextInt(8)));
      long executed = cut != null && cut.nextBoolean() ? engine.runAbout(budget) : engine.run(budget);
      if (executed < 0 || executed > budget) {
        throw new AssertionError("budget " + budget + ", executed " + executed);
      }
      done += executed;
      if (executed == 0 && cpu.runnable() && !cpu.exitRequested()) {
        throw new AssertionError("nothing executed, PC 0x%x".formatted(cpu.pc));
      }
    }
    done = Math.max(done, end);
  }

  /** Takes what is pending before the next instruction, as the next run would. */
  public void takePending() {
    engine.run(0);
  }

  /**
   * Has addresses watched from now on, instead of those that were.
   *
   * @param told is told of each that is met, in a line that says after how many instructions
   */
  public void watch(List<WatchedAddress> addresses, Consumer<String> told) {
    ram.clearBreakpoints();
    List<WatchedAddress> writes = addresses.stream().filter(each -> each.space() == WatchedAddress.Space.PHYSICAL && each.tells(true))
        .toList();
    for (int page = 0; page < SIZE; page += 4096) {
      long address = RAM + page;
      ram.watchWrites(page, writes.stream().anyMatch(each -> each.overlaps(address, 4096)));
    }
    ram.listenToWrites((chunk, offset, length) -> {
      for (WatchedAddress each : writes) {
        if (each.overlaps(chunk.base + offset, length)) {
          cpu.requestExit();
          told.accept("%d %s RAM 0x%x %d".formatted(done + cpu.executed(), each.kind(), chunk.base + offset, length));
        }
      }
    });
    cpu.points.set(addresses, (which, watched, address, size, write) -> told.accept("%d %s %s 0x%x %d %s".formatted(done + cpu.executed(),
        watched.kind(), watched.space(), address, size, write)));
    cpu.debugPointsChanged();
  }

  /** Instructions executed so far. */
  public long executed() {
    return done;
  }

  /** Another engine goes on. */
  public void exchangeEngine() {
    engine.close();
    engine = factory.create(cpu);
  }

  /** Goes on in a CPU that knows nothing but the saved state. */
  public void restore() {
    StateRecord record = cpu.state().save();
    engine.close();
    cpu = replace(cpu, config);
    cpu.state().restore(record);
    cpu.restored();
    engine = factory.create(cpu);
  }

  /** Sets the interrupt inputs, a bit for each of {@link Signal}. */
  public void signals(int levels) {
    for (Signal signal : Signal.values()) {
      cpu.signal(signal, (levels >> signal.ordinal() & 1) != 0);
    }
  }

  /** The CPU; {@link #restore} makes another one. */
  public Cpu cpu() {
    return cpu;
  }

  /** A digest of when its device was accessed, and where. */
  public long deviceDigest() {
    return deviceDigest;
  }

  /** A digest of RAM. */
  public int memoryDigest() {
    return Arrays.hashCode(ram.content());
  }

  @Override
  public boolean firmwareCall(Cpu caller, boolean hvc) {
    caller.x[0] ^= 5 + (caller.x[17] & 0xFF00);
    if ((caller.x[1] & 4) != 0) {
      caller.results = 1;
    } else {
      caller.x[17] += 0x100;
    }
    if ((caller.x[0] & 7) == 3) {
      caller.requestExit();
    }
    return (caller.x[1] & 3) != 0;
  }

  @Override
  public long nanoseconds() {
    return begins + done + cpu.executed();
  }

  private void device(long address, long value) {
    deviceDigest = (deviceDigest * 31 + done + cpu.executed()) * 31 + (address ^ value) + cpu.systemRegister(SysReg.TPIDR_EL0.id);
    if ((address & -4096) != DEVICE) {
      throw ExternalAbort.INSTANCE;
    }
  }

  @Override
  public long read(long address, int size) {
    device(address, size);
    return address * 0x9E37_79B9_7F4A_7C15L >>> 64 - 8 * size;
  }

  @Override
  public void write(long address, int size, long value) {
    device(address, value);
    cpu.signal(Signal.IRQ, (value & 1) != 0);
    if ((value & 2) != 0) {
      cpu.requestExit();
    }
    if ((value & 4) != 0) {
      cpu.event();
    }
    if ((value & 0x78) == 0x78) {
      cpu.systemError();
    }
  }
}
