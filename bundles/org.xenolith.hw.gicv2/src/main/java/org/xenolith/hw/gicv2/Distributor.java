// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFaults;

/** The distributor's window. Priorities, targets and SGI sources are byte registers; all others are words. */
final class Distributor implements MmioHandler {
  private static final int[] ID = {0x04, 0, 0, 0, 0x90, 0xB4, 0x2B, 0, 0x0D, 0xF0, 0x05, 0xB1};

  private final InterruptStates interrupts;
  private final int priorityMask;
  private final IntSupplier accessor;
  private final RegisterFaults faults;
  private final Runnable changed;

  Distributor(InterruptStates interrupts, int priorityBits, IntSupplier accessor, RegisterFaults faults, Runnable changed) {
    this.interrupts = interrupts;
    this.priorityMask = 0xFF00 >> priorityBits & 0xFF;
    this.accessor = accessor;
    this.faults = faults;
    this.changed = changed;
  }

  @Override
  public long read(long offset, int size) {
    GicdRegister register = GicdRegister.at(offset);
    if (register == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
      return 0;
    }
    int shift = ((int) offset & 3) * 8;
    long word = word(register, ((int) offset & ~3) - register.offset, accessor.getAsInt()) & 0xFFFF_FFFFL;
    return word >>> shift & (size == 4 ? 0xFFFF_FFFFL : (1L << size * 8) - 1);
  }

  /** What a CPU would read. */
  OptionalLong shown(Register word, int cpu) {
    GicdRegister register = GicdRegister.at(word.spec().offset());
    return OptionalLong.of(word(register, word.spec().offset() - register.offset, cpu) & 0xFFFF_FFFFL);
  }

  private int word(GicdRegister register, int at, int cpu) {
    return switch (register) {
      case GICD_CTLR -> (int) interrupts.control.value;
      case GICD_TYPER -> interrupts.lines / 32 - 1 | interrupts.cpus - 1 << 5;
      case GICD_IIDR -> 0x43B;
      case GICD_IGROUPR -> bits(interrupts.group, at, cpu);
      case GICD_ISENABLER, GICD_ICENABLER -> bits(interrupts.enabled, at, cpu);
      case GICD_ISPENDR, GICD_ICPENDR -> at * 8 < interrupts.lines ? interrupts.pending(interrupts.bank(cpu, at * 8)) : 0;
      case GICD_ISACTIVER, GICD_ICACTIVER -> bits(interrupts.active, at, cpu);
      case GICD_IPRIORITYR, GICD_ITARGETSR -> bytes(register, at, cpu);
      case GICD_ICFGR -> configuration(at * 4, cpu);
      case GICD_NSACR, GICD_SGIR -> 0;
      case GICD_CPENDSGIR, GICD_SPENDSGIR -> sources(cpu * 16 + at);
      case GICD_ID -> ID[at / 4];
    };
  }

  private int bits(int[] set, int at, int cpu) {
    return at * 8 < interrupts.lines ? set[interrupts.bank(cpu, at * 8)] : 0;
  }

  private int bytes(GicdRegister register, int at, int cpu) {
    int word = 0;
    for (int i = 0; i < 4 && at + i < interrupts.lines; i++) {
      int value = register == GicdRegister.GICD_IPRIORITYR ? interrupts.priority(interrupts.bank(cpu, at + i), at + i) : interrupts.target(
          cpu, at + i);
      word |= value << i * 8;
    }
    return word;
  }

  private int configuration(int first, int cpu) {
    if (first >= interrupts.lines) {
      return 0;
    }
    int edges = interrupts.edge[interrupts.bank(cpu, first)] >>> (first & 31);
    int word = 0;
    for (int i = 0; i < 16; i++) {
      word |= (edges >> i & 1) << i * 2 + 1;
    }
    return word;
  }

  private int sources(int at) {
    int word = 0;
    for (int i = 0; i < 4; i++) {
      word |= (interrupts.sources[at + i] & 0xFF) << i * 8;
    }
    return word;
  }

  @Override
  public void write(long offset, int size, long value) {
    GicdRegister register = GicdRegister.at(offset);
    if (register == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, value);
      return;
    }
    int cpu = accessor.getAsInt();
    int at = (int) offset - register.offset;
    switch (register) {
      case GICD_IPRIORITYR, GICD_ITARGETSR, GICD_CPENDSGIR, GICD_SPENDSGIR -> {
        for (int i = 0; i < size; i++) {
          writeByte(register, at + i, cpu, (int) (value >> i * 8) & 0xFF);
        }
      }
      default -> {
        int shift = (at & 3) * 8;
        int lanes = (int) ((size == 4 ? 0xFFFF_FFFFL : (1L << size * 8) - 1) << shift);
        writeWord(register, at & ~3, cpu, (int) (value << shift) & lanes, lanes);
      }
    }
    changed.run();
  }

  private void writeByte(GicdRegister register, int at, int cpu, int value) {
    switch (register) {
      case GICD_IPRIORITYR -> {
        if (at < interrupts.lines) {
          interrupts.setPriority(interrupts.bank(cpu, at), at, value & priorityMask);
        }
      }
      case GICD_ITARGETSR -> {
        if (at < interrupts.lines) {
          interrupts.setTarget(at, value);
        }
      }
      default -> interrupts.sgi(cpu, at, value, register == GicdRegister.GICD_SPENDSGIR);
    }
  }

  /** @param value the written bits in their lanes, zero elsewhere: right for registers where a one acts */
  private void writeWord(GicdRegister register, int at, int cpu, int value, int lanes) {
    if (register == GicdRegister.GICD_SGIR) {
      send(cpu, value);
      return;
    }
    if (register == GicdRegister.GICD_CTLR) {
      interrupts.control.value = interrupts.control.value & ~lanes | value & 3;
      return;
    }
    boolean configuration = register == GicdRegister.GICD_ICFGR;
    int first = configuration ? at * 4 : at * 8;
    if (first >= interrupts.lines) {
      return;
    }
    int word = interrupts.bank(cpu, first);
    // SGIs are always enabled, always edges, and pending by source only.
    int own = first == 0 ? ~0xFFFF : ~0;
    switch (register) {
      case GICD_IGROUPR -> interrupts.group[word] = interrupts.group[word] & ~lanes | value;
      case GICD_ISENABLER -> interrupts.enabled[word] |= value;
      case GICD_ICENABLER -> interrupts.enabled[word] &= ~(value & own);
      case GICD_ISPENDR -> interrupts.latch(word, value & own);
      case GICD_ICPENDR -> interrupts.unlatch(word, value & own);
      case GICD_ISACTIVER -> interrupts.active[word] |= value;
      case GICD_ICACTIVER -> interrupts.active[word] &= ~value;
      case GICD_ICFGR -> configure(first, word, value, lanes);
      default -> {
      }
    }
  }

  private void configure(int first, int word, int value, int lanes) {
    if (first < 16) {
      return;
    }
    for (int i = 0; i < 16; i++) {
      int bit = 1 << first + i;
      if ((lanes >> i * 2 + 1 & 1) != 0) {
        interrupts.edge[word] = (value >> i * 2 + 1 & 1) != 0 ? interrupts.edge[word] | bit : interrupts.edge[word] & ~bit;
      }
    }
  }

  private void send(int cpu, int value) {
    int to = switch (value >>> 24 & 3) {
      case 0 -> value >> 16 & 0xFF;
      case 1 -> ~(1 << cpu);
      case 2 -> 1 << cpu;
      default -> 0;
    };
    for (int other = 0; other < interrupts.cpus; other++) {
      if ((to >> other & 1) != 0) {
        interrupts.sgi(other, value & 15, 1 << cpu, true);
      }
    }
  }
}
