// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.watch.ExitKind;

/**
 * EL2 in Java: the port that stands for EL2's software, and what such software can do with instructions. Registers and
 * operations act as at EL2 whatever the current level, so a hypervisor may use them on a CPU that isn't executing too.
 */
public final class El2 {
  /** SPSR of a guest's start: EL1h, D, A, I and F masked. */
  static final long EL1_MASKED = 0x3C5;
  /** CRn of TLB maintenance. */
  private static final int TLBI = 8;
  /** CRn and CRm of AT. */
  private static final int AT = 7 << 4 | 8;
  /** The stage that PAR_EL1 blames is in bit 9; bit 11 is RES1. */
  private static final long PAR_FAULT = 1 | 1 << 11;

  /** The guest's memory. */
  public final GuestMemory memory;

  private final Cpu cpu;
  private El2Port port;

  El2(Cpu cpu) {
    this.cpu = cpu;
    memory = new GuestMemory(cpu);
  }

  // ---- The port

  /**
   * Puts Java in the place of EL2's software, or takes it away with null.
   *
   * <p>One port may follow another between two instructions of EL0 or EL1; else the CPU must be powered off.
   *
   * @throws IllegalStateException if the CPU is powered on or has no EL2
   */
  public void attach(@Nullable El2Port newPort) {
    if (cpu.powered() && (port == null || newPort == null || cpu.el == 2)) {
      throw new IllegalStateException("cpu" + cpu.index() + ": EL2 changes hands only while the CPU is powered off");
    }
    if (newPort != null && !cpu.config.el2()) {
      throw new IllegalStateException("cpu" + cpu.index() + " has no EL2 for a hypervisor: give its node the option el2=true");
    }
    port = newPort;
  }

  /** Whether EL2 is Java. */
  public boolean attached() {
    return port != null;
  }

  /** The CPU left reset and is at EL2, {@code pc} is its entry: the port prepares it and lets it go on at EL1. */
  void start() {
    cpu.sys[SysReg.ELR_EL2.ordinal()] = cpu.pc;
    cpu.sys[SysReg.SPSR_EL2.ordinal()] = EL1_MASKED;
    call(-1);
  }

  /** The CPU has entered EL2 for a vector: calls the port, then returns to where it says. */
  void call(int vector) {
    if (!cpu.exits.wanted()) {
      serve(vector);
      return;
    }
    cpu.exits.begin(ExitKind.HYPERVISOR, vector < 0 ? "start"
        : ExceptionNames.of(vector, (int) (cpu.sys(SysReg.ESR_EL2) >>> 26) & 63));
    try {
      serve(vector);
    } finally {
      cpu.exits.end();
    }
  }

  private void serve(int vector) {
    boolean completed = false;
    try {
      switch (vector) {
        case -1 -> port.start(cpu);
        case Exceptions.VECTOR_IRQ -> port.irq(cpu);
        case Exceptions.VECTOR_FIQ -> port.fiq(cpu);
        case Exceptions.VECTOR_SERROR -> port.systemError(cpu);
        default -> port.synchronous(cpu);
      }
      if (!cpu.exceptions.legal((int) cpu.sys(SysReg.SPSR_EL2), 1)) {
        throw new IllegalStateException(
            "cpu%d: EL2 returns with SPSR_EL2 0x%x: expected AArch64 state of EL1 or EL0, and HCR_EL2.TGE clear for EL1"
                .formatted(cpu.index(), cpu.sys(SysReg.SPSR_EL2)));
      }
      completed = true;
    } finally {
      if (!completed) {
        cpu.powerOff();
      }
    }
    cpu.exceptions.exceptionReturn();
  }

  // ---- Instructions of EL2

  /**
   * MRS at EL2.
   *
   * @param id as packed by {@link SystemRegister#id}
   * @throws IllegalArgumentException if that is UNDEFINED or traps
   */
  public long readRegister(int id) {
    if (cpu.el == 2) {
      return read(id);
    }
    int level = cpu.el;
    int selection = cpu.spsel;
    cpu.enter(2, 1);
    try {
      return read(id);
    } finally {
      cpu.enter(level, selection);
    }
  }

  private long read(int id) {
    try {
      return cpu.registers.read(id, 31);
    } catch (GuestFault fault) {
      throw refused(id, "read");
    }
  }

  /**
   * MSR at EL2.
   *
   * @param id as packed by {@link SystemRegister#id}
   * @throws IllegalArgumentException if that is UNDEFINED or traps
   */
  public void writeRegister(int id, long value) {
    if (cpu.el == 2) {
      write(id, value);
      return;
    }
    int level = cpu.el;
    int selection = cpu.spsel;
    cpu.enter(2, 1);
    try {
      write(id, value);
    } finally {
      cpu.enter(level, selection);
      cpu.counting.changed();
    }
  }

  private void write(int id, long value) {
    try {
      cpu.registers.write(id, 31, value);
    } catch (GuestFault fault) {
      throw refused(id, "written");
    }
  }

  /** Reads a register of the CPU's own. */
  public long read(SysReg reg) {
    return reg.kind == SysReg.Kind.STORAGE ? cpu.sys(reg) : readRegister(reg.id);
  }

  /** Writes a register of the CPU's own, with all that follows from it. */
  public void write(SysReg reg, long value) {
    writeRegister(reg.id, value);
  }

  private IllegalArgumentException refused(int id, String done) {
    return new IllegalArgumentException("cpu%d: %s can't be %s at EL2".formatted(cpu.index(), SystemRegister.name(id), done));
  }

  /**
   * TLB maintenance or AT at EL2. The result of AT is in PAR_EL1; what would be an abort is a fault there.
   *
   * @param op the encoding with op0 = 1, as packed by {@link SystemRegister#id}
   * @throws IllegalArgumentException if it is another operation or UNDEFINED
   */
  public void operation(int op, long value) {
    boolean translation = (op >> 3 & 0xFF) == AT;
    if ((op >> 7 & 15) != TLBI && !translation) {
      throw refused(op, "executed from Java");
    }
    int level = cpu.el;
    int selection = cpu.spsel;
    if (level != 2) {
      cpu.enter(2, 1);
    }
    try {
      cpu.operations.execute(op, 31, value);
    } catch (GuestFault fault) {
      if (!translation || !cpu.exceptions.notedWalkAbort()) {
        throw refused(op, "executed");
      }
      cpu.sys[SysReg.PAR_EL1.ordinal()] = PAR_FAULT | (long) cpu.exceptions.notedStatus() << 1;
    } finally {
      if (level != 2) {
        cpu.enter(level, selection);
      }
    }
  }

  // ---- The guest's memory

  /**
   * What AT S12E1R and its kin say of a guest's virtual address, by walking both stages as they are programmed now; PAR_EL1
   * isn't touched, nor a TLB.
   *
   * @param user whether EL0's permissions count
   * @return as PAR_EL1: bit 0 is set for a fault, else bits 47:12 are the physical page
   */
  public long translate(long va, boolean write, boolean user) {
    int access = user ? write ? Tlb.USER_WRITE : Tlb.USER_READ : write ? Tlb.WRITE : Tlb.READ;
    try {
      return cpu.mmu.probe(va, 1, access, false, false);
    } catch (GuestFault fault) {
      return PAR_FAULT | (long) cpu.exceptions.notedStatus() << 1;
    }
  }
}
