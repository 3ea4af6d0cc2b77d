// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv3;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.gic.kit.BankRegister;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.RegisterFaults;

/**
 * One region of redistributors: for each of its CPUs an RD frame and an SGI frame of 64 KiB each. Without LPIs the RD frame
 * is little more than the wake-up handshake; the registers that come with them are in {@link Lpis}.
 */
final class Redistributors implements MmioHandler {
  /** Bytes of the two frames of one CPU. */
  static final long FRAMES = 0x2_0000;
  private static final String REFERENCE = "Arm IHI 0069H, tables 12-27 and 12-29";
  private static final int CTLR = 0x0;
  private static final int IIDR = 0x4;
  private static final int TYPER = 0x8;
  private static final int TYPER_HIGH = 0xC;
  private static final int WAKER = 0x14;
  private static final int SGI_FRAME = 0x1_0000;
  private static final int ARM = 0x43B;
  private static final int PART = 0x93;
  private static final int PROCESSOR_SLEEP = 1 << 1;
  private static final int CHILDREN_ASLEEP = 1 << 2;
  private static final int LAST = 1 << 4;
  private static final int PLPIS = 1;
  /** GICR_TYPER.CommonLPIAff as QEMU reports it, with and without LPIs: one configuration table for all with the same Aff3. */
  private static final int COMMON_LPI_AFF = 1 << 24;

  private final InterruptStates interrupts;
  private final BankRegisters banks;
  private final long[] affinity;
  private final int firstCpu;
  private final int cpusHere;
  private final long stride;
  private final RegisterFaults faults;
  private final Runnable changed;

  /**
   * @param firstCpu index of the CPU whose frames come first
   * @param cpusHere CPUs whose frames are in this region
   * @param stride   bytes from one CPU's frames to the next one's
   */
  Redistributors(InterruptStates interrupts, BankRegisters banks, long[] affinity, int firstCpu, int cpusHere, long stride,
      RegisterFaults faults, Runnable changed) {
    this.interrupts = interrupts;
    this.banks = banks;
    this.affinity = affinity;
    this.firstCpu = firstCpu;
    this.cpusHere = cpusHere;
    this.stride = stride;
    this.faults = faults;
    this.changed = changed;
  }

  /** All of them, those of one CPU behind those of another. */
  List<ListedRegister> registers() {
    List<ListedRegister> all = new ArrayList<>();
    for (int here = 0; here < cpusHere; here++) {
      int base = (int) (here * stride);
      all.addAll(List.of(row("CTLR", base + CTLR, Integer.BYTES), row("IIDR", base + IIDR, Integer.BYTES), row("TYPER", base + TYPER,
          Long.BYTES), row("WAKER", base + WAKER, Integer.BYTES)));
      if (interrupts.lpis != null) {
        all.addAll(List.of(row("PROPBASER", base + Lpis.PROPBASER, Long.BYTES), row("PENDBASER", base + Lpis.PENDBASER, Long.BYTES)));
      }
      all.addAll(IdentificationRegisters.listed("GICR", base));
      for (BankRegister bank : BankRegister.values()) {
        if (bank != BankRegister.ITARGETSR) {
          all.addAll(ListedRegister.run("GICR_" + bank, base + SGI_FRAME + bank.offset, Integer.BYTES, bank.bits, REFERENCE));
        }
      }
      all.addAll(IdentificationRegisters.listed("GICR_SGI", base + SGI_FRAME));
    }
    return ListedRegister.saidBy(Redistributors.class, all);
  }

  private static ListedRegister row(String name, int offset, int bytes) {
    return ListedRegister.of("GICR_" + name, offset, bytes, REFERENCE);
  }

  @Override
  public long read(long offset, int size) {
    long here = offset / stride;
    long at = offset % stride & ~3L;
    if (here < cpusHere && at < FRAMES) {
      int cpu = firstCpu + (int) here;
      int frame = (int) at & SGI_FRAME;
      if (at - frame >= IdentificationRegisters.FIRST) {
        return Lanes.of(IdentificationRegisters.word(at - frame, PART), offset, size);
      }
      BankRegister register = frame != 0 ? bank(at) : null;
      if (register != null) {
        return Lanes.of(banks.read(register, cpu, register.first(at - SGI_FRAME)), offset, size);
      }
      if (hasLpis(at)) {
        return Lanes.of(interrupts.lpis.read(cpu, at), offset, size);
      }
      switch ((int) at) {
        case CTLR -> {
          return 0;
        }
        case IIDR -> {
          return Lanes.of(ARM, offset, size);
        }
        case TYPER -> {
          boolean last = here == cpusHere - 1;
          return Lanes.of(COMMON_LPI_AFF | cpu << 8 | (last ? LAST : 0) | (interrupts.lpis != null ? PLPIS : 0), offset, size);
        }
        case TYPER_HIGH -> {
          long packed = affinity[cpu] & 0xFF_FFFF | affinity[cpu] >> 8 & 0xFF00_0000L;
          return Lanes.of((int) packed, offset, size);
        }
        case WAKER -> {
          return Lanes.of(interrupts.asleep[cpu] != 0 ? PROCESSOR_SLEEP | CHILDREN_ASLEEP : 0, offset, size);
        }
        default -> {
        }
      }
    }
    faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
    return 0;
  }

  @Override
  public void write(long offset, int size, long value) {
    long here = offset / stride;
    long at = offset % stride & ~3L;
    int lanes = Lanes.mask(offset, size);
    int word = (int) value << Lanes.shift(offset) & lanes;
    if (here < cpusHere && at < FRAMES) {
      int cpu = firstCpu + (int) here;
      BankRegister register = at >= SGI_FRAME ? bank(at) : null;
      if (register != null) {
        banks.write(register, cpu, register.first(at - SGI_FRAME), word, lanes);
        changed.run();
        return;
      }
      if (at == WAKER) {
        if ((lanes & PROCESSOR_SLEEP) != 0) {
          interrupts.asleep[cpu] = (word & PROCESSOR_SLEEP) != 0 ? 1 : 0;
          changed.run();
        }
        return;
      }
      if (hasLpis(at)) {
        interrupts.lpis.write(cpu, at, word, lanes);
        changed.run();
        return;
      }
      if (at == CTLR || at == IIDR || at == TYPER || at == TYPER_HIGH) {
        return;
      }
    }
    faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
  }

  private boolean hasLpis(long at) {
    return interrupts.lpis != null && Lpis.isRegister(at);
  }

  /** The register of an SGI frame offset; a frame has the first 32 interrupts only. */
  private static BankRegister bank(long at) {
    BankRegister register = BankRegisters.at(at - SGI_FRAME);
    return register != null && register.first(at - SGI_FRAME) < InterruptStates.SPI ? register : null;
  }
}
