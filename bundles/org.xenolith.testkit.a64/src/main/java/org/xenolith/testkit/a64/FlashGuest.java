// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.a64;

import java.util.Arrays;
import java.util.Random;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.isa.Assembler;
import org.xenolith.cpu.api.CpuEngine;
import org.xenolith.cpu.api.CpuEngineFactory;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.regs.StateRecord;

/**
 * A guest that loads from, executes and writes a window which is read directly and written through a device, all from a seed: for
 * engines, which must see each change of the window at the same instruction. A 1 at the window's start makes reads come to the
 * device, a 2 makes them direct again; anything else is put where it is written. Functions in the window are changed, called, and
 * some of them take the window away from under themselves; what can't be fetched or stored is taken at the vectors, which put it back.
 */
public final class FlashGuest extends BareMachine {
  private static final long RAM = 0x4000_0000L;
  private static final int SIZE = 1 << 18;
  private static final int FLASH = 1 << 16;
  private static final int VECTORS = 0x1_0000;
  private static final int TABLES = 0x2_0000;
  /** Where the window has functions of 64 bytes; what is behind them is data. */
  private static final int FUNCTIONS = 0x1000;
  private static final int DATA = 0x2000;
  /** Virtual address at which the window is mapped as a device's. */
  private static final long ALIAS = 0x8000_0000L;
  private static final int OPERATIONS = 48;

  private static final String BOOT = """
        ldr x0, =0xFF
        msr mair_el1, x0
        ldr x0, =0x200803519
        msr tcr_el1, x0
        ldr x0, =0x40020000
        msr ttbr0_el1, x0
        ldr x0, =0x40010000
        msr vbar_el1, x0
        isb
        ldr x0, =0x34D5D805
        msr sctlr_el1, x0
        isb
        mov x20, #0
        ldr x21, =0x80000000
      again:
      """;
  /** Makes the window direct; who couldn't be fetched is left by its caller's way, anything else is passed over. */
  private static final String SYNCHRONOUS = """
        mrs x28, esr_el1
        add x27, x27, x28
        mrs x29, elr_el1
        add x27, x27, x29
        mov w26, #2
        str w26, [x20]
        lsr x28, x28, #26
        cmp x28, #0x21
        b.eq fetch
        add x29, x29, #4
        msr elr_el1, x29
        eret
      fetch:
        msr elr_el1, x30
        eret
      """;

  private final Ram ram;
  private final Ram flash = new Ram(0, FLASH);
  private final CpuConfig config = CpuConfig.cortexA57(0).withLse(true);
  private final CpuEngineFactory factory;
  private Cpu cpu;
  private CpuEngine engine;
  private boolean direct = true;
  private long done;
  private long device;
  private long changes;
  private long trappedReads;

  /** @param factory makes the engine */
  public FlashGuest(long seed, CpuEngineFactory factory) {
    super(new Ram(RAM, SIZE));
    ram = ram(RAM);
    this.factory = factory;
    Random random = new Random(seed);
    cpu = add(config);
    tellOfCode(flash);
    byte[] content = new byte[flash.size];
    random.nextBytes(content);
    flash.write(0, content, 0, content.length);
    for (int i = 0; i < 16; i++) {
      String body = i % 4 == 3 ? "mov w9, #1\n str w9, [x20]\n add x12, x12, #" + i + "\n ret" // takes itself away
          : i % 4 == 2 ? "mov w9, #" + (1 + i / 4 % 2) + "\n str w9, [x20]\n b done\n add x12, x12, #7\n done: ret"
          : "add x11, x11, #" + i + "\n ldr x1, [x20, #" + (DATA + 8 * i) + "]\n eor x10, x10, x1\n ret";
      copy(FUNCTIONS + i * 64, body, flash);
    }
    StringBuilder program = new StringBuilder(BOOT);
    for (int i = 0; i < OPERATIONS; i++) {
      program.append(operation(random, i)).append("add x25, x25, #1\n");
    }
    copy(0, program + "b again", ram);
    copy(VECTORS + 0x200, SYNCHRONOUS, ram);
    // Level 1 of a 39-bit space: the window as memory, RAM as memory, the window as a device.
    ram.write(TABLES, 8, 1L | 3 << 8 | 1 << 10);
    ram.write(TABLES + 8, 8, RAM | 1L | 3 << 8 | 1 << 10);
    ram.write(TABLES + 16, 8, 1L | 1 << 2 | 1 << 10 | 1L << 53 | 1L << 54);
    cpu.powerOn(RAM, 0);
    engine = factory.create(cpu);
  }

  private static void copy(int offset, String source, Ram to) {
    byte[] bytes = Assembler.program(to.base + offset, source).bytes();
    to.write(offset, bytes, 0, bytes.length);
  }

  private static String operation(Random random, int number) {
    int at = DATA + (random.nextInt(FLASH - DATA - 0x40) & -8);
    int function = FUNCTIONS + random.nextInt(16) * 64;
    return switch (random.nextInt(18)) {
      case 0, 1 -> "ldr x2, =%d\n ldr x1, [x20, x2]\n add x10, x10, x1\n".formatted(at);
      case 2 -> "ldr x2, =%d\n add x2, x2, x20\n ldp x1, x3, [x2]\n eor x10, x10, x1\n add x10, x10, x3\n".formatted(at);
      case 3 -> "ldr x2, =%d\n ldr w1, [x21, x2]\n add x10, x10, x1\n".formatted(at);
      case 4 -> "ldr x2, =%d\n ldr x1, [x20, x2]\n add x10, x10, x1\n".formatted(at | 1 + random.nextInt(7));
      case 5 -> "ldr x2, =%d\n add x2, x2, x20\n ldxr x1, [x2]\n stxr w3, x10, [x2]\n add x10, x10, x1\n add x10, x10, x3\n".formatted(at);
      case 6 -> "mov w1, #1\n str w1, [x20]\n";
      case 7 -> "mov w1, #2\n str w1, [x20]\n";
      case 8 -> "ldr x2, =%d\n str x10, [x20, x2]\n".formatted(at);
      case 9 -> "ldr x2, =%d\n add x2, x2, x20\n %s\n".formatted(at & -64, random.nextBoolean() ? "dc zva, x2" : "swp x10, x1, [x2]");
      // The first word of a function that adds.
      case 10 -> "ldr x1, =%d\n ldr x2, =%d\n str w1, [x20, x2]\n".formatted(
          Assembler.assemble("add x11, x11, #" + random.nextInt(4096)) & 0xFFFF_FFFFL, FUNCTIONS + random.nextInt(4) * 256);
      // Loops, which engines like best: that only read, that write beside what they read, that take it away in the middle.
      case 11, 12 ->
          "ldr x2, =%d\n mov x5, #40\n loop%d: ldr x1, [x20, x2]\n eor x10, x10, x1\n add x10, x10, #1\n sub x5, x5, #1\n cbnz x5, loop%d\n"
              .formatted(at, number, number);
      case 13 ->
          "ldr x2, =%d\n mov x5, #9\n loop%d: ldr x1, [x20, x2]\n add x10, x10, x1\n str x10, [x20, x2]\n sub x5, x5, #1\n cbnz x5, loop%d\n"
              .formatted(at, number, number);
      case 14 ->
          ("ldr x2, =%d\n mov x5, #12\n loop%d: ldr x1, [x20, x2]\n eor x10, x10, x1\n cmp x5, #%d\n b.ne not%d\n mov w1, #%d\n str w1, [x20]\n"
              + " not%d: sub x5, x5, #1\n cbnz x5, loop%d\n").formatted(at, number, 1 + random.nextInt(12), number, 1 + random.nextInt(2),
                  number, number);
      default -> "ldr x4, =%d\n blr x4\n".formatted(function);
    };
  }

  /** Executes up to an absolute number of instructions, in runs that {@code cut} gives the sizes of; null for one. */
  public void runTo(long end, Random cut) {
    while (done < end) {
      long executed = engine.run(cut == null ? end - done : Math.min(end - done, 1 + cut.nextInt(1 << cut.nextInt(8))));
      if (executed <= 0) {
        throw new AssertionError("nothing executed, PC 0x%x".formatted(cpu.pc));
      }
      done += executed;
    }
  }

  /** Another engine goes on, of another CPU that knows nothing but the saved state. */
  public void restore() {
    StateRecord record = cpu.state().save();
    engine.close();
    cpu = replace(cpu, config);
    cpu.state().restore(record);
    cpu.restored();
    engine = factory.create(cpu);
  }

  /** All that a guest could notice, as text. */
  public String state() {
    StringBuilder text = new StringBuilder("at %d: PC %x, device %x, %d changes, %d trapped reads, memory %x %x\n".formatted(done, cpu.pc,
        device,
        changes, trappedReads, Arrays.hashCode(ram.content()), Arrays.hashCode(flash.content())));
    cpu.state().save().values().forEach((name, value) -> text.append(name).append(' ').append(value instanceof long[] words ? Arrays
        .hashCode(
            words) : value).append('\n'));
    for (int i = 0; i < 31; i++) {
      text.append("x%d %x%n".formatted(i, cpu.x[i]));
    }
    return text.toString();
  }

  /** How often the window became direct, or no longer was. */
  public long changes() {
    return changes;
  }

  /** The CPU; {@link #restore} makes another one. */
  public Cpu cpu() {
    return cpu;
  }

  @Override
  public boolean firmwareCall(Cpu caller, boolean hvc) {
    return false;
  }

  @Override
  public Ram readable(long address) {
    return direct && address >= 0 && address < FLASH ? flash : ram(address);
  }

  private void window(long address) {
    if (address < 0 || address >= FLASH) {
      throw ExternalAbort.INSTANCE;
    }
  }

  @Override
  public long read(long address, int size) {
    window(address);
    if (direct) {
      return flash.read((int) address, size);
    }
    trappedReads++;
    device = (device * 31 + done + cpu.executed()) * 31 + address;
    return device * 0x9E37_79B9_7F4A_7C15L >>> 64 - 8 * size;
  }

  @Override
  public void write(long address, int size, long value) {
    window(address);
    device = (device * 31 + done + cpu.executed()) * 31 + (address ^ value);
    if (address != 0) {
      flash.write((int) address, size, value);
    } else if (value == 2) {
      changes += direct ? 0 : 1;
      direct = true;
    } else if (direct) {
      changes++;
      direct = false;
      flash.dropCode();
      cpus().forEach(Cpu::windowChanged);
    }
  }
}
