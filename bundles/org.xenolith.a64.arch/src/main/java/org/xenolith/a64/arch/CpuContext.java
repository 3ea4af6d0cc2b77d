// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.xenolith.a64.fp.FpStatus;
import org.xenolith.regs.DeviceState;

/**
 * What a virtual CPU keeps while another one executes: general registers, stack pointers, PC and PSTATE, the CPU's own system
 * registers of EL0 and EL1, and the vectors. Not in it: EL2's registers (HCR_EL2, VTTBR_EL2, VMPIDR_EL2 …) and those of
 * devices (timers, GIC), which the hypervisor moves itself, nor the TLBs, which are the physical CPU's. PC and PSTATE are in
 * ELR_EL2 and SPSR_EL2, so contexts are switched during a call of {@code El2Port}.
 */
public final class CpuContext {
  /** Ordinals of the registers that are kept: all that EL0 and EL1 can store to. */
  private static final int[] KEPT = Arrays.stream(SysReg.values())
      .filter(reg -> reg.kind == SysReg.Kind.STORAGE && reg.level <= 1).mapToInt(SysReg::ordinal).toArray();
  private static final int SP_EL0 = 31;
  private static final int SP_EL1 = 32;
  private static final int PC = 33;
  private static final int PSTATE = 34;
  private static final int FPCR = 35;
  private static final int FPSR = 36;
  private static final int GENERAL = 37;

  private final long[] general;
  private final long[] system;
  private final long[] vectors;

  /** A context of its own. It isn't part of any record. */
  public CpuContext() {
    this(new DeviceState(), "");
  }

  /**
   * A context that is declared in its owner's state, under names that begin with {@code prefix}.
   *
   * <p>It begins all zero: {@link #reset} makes it that of a CPU after reset.
   */
  public CpuContext(DeviceState state, String prefix) {
    general = state.longs(prefix + "general", GENERAL);
    system = state.longs(prefix + "system", KEPT.length);
    vectors = state.longs(prefix + "vectors", 64);
  }

  /**
   * Makes it the state that a CPU has at EL1 after reset.
   *
   * @param entry   PC
   * @param context x0
   */
  public void reset(long entry, long context) {
    Arrays.fill(general, 0);
    Arrays.fill(vectors, 0);
    SysReg[] all = SysReg.values();
    for (int i = 0; i < KEPT.length; i++) {
      system[i] = all[KEPT[i]].reset;
    }
    general[0] = context;
    general[PC] = entry;
    general[PSTATE] = El2.EL1_MASKED;
  }

  /** Takes the state of the guest that was interrupted. */
  public void save(Cpu cpu) {
    atEl2(cpu);
    System.arraycopy(cpu.x, 0, general, 0, 31);
    general[SP_EL0] = cpu.sp[0];
    general[SP_EL1] = cpu.sp[1];
    general[PC] = cpu.sys(SysReg.ELR_EL2);
    general[PSTATE] = cpu.sys(SysReg.SPSR_EL2);
    general[FPCR] = cpu.fpcr;
    general[FPSR] = cpu.fp.fpsr;
    long[] from = cpu.sys;
    for (int i = 0; i < KEPT.length; i++) {
      system[i] = from[KEPT[i]];
    }
    System.arraycopy(cpu.v, 0, vectors, 0, 64);
  }

  /** Makes the CPU go on with this state when the port returns. */
  public void load(Cpu cpu) {
    atEl2(cpu);
    System.arraycopy(general, 0, cpu.x, 0, 31);
    cpu.sp[0] = general[SP_EL0];
    cpu.sp[1] = general[SP_EL1];
    cpu.fpcr = (int) general[FPCR];
    cpu.fp.fpsr = (int) general[FPSR] & FpStatus.MASK;
    long[] to = cpu.sys;
    to[SysReg.ELR_EL2.ordinal()] = general[PC];
    to[SysReg.SPSR_EL2.ordinal()] = general[PSTATE];
    for (int i = 0; i < KEPT.length; i++) {
      to[KEPT[i]] = system[i];
    }
    System.arraycopy(vectors, 0, cpu.v, 0, 64);
    cpu.mmu.attributesChanged();
    cpu.controlsChanged();
    cpu.refetch = true;
    cpu.attention();
  }

  /** General register 0 to 30. */
  public long x(int n) {
    return general[Objects.checkIndex(n, 31)];
  }

  /** Sets general register 0 to 30. */
  public void x(int n, long value) {
    general[Objects.checkIndex(n, 31)] = value;
  }

  /** The address of the next instruction. */
  public long pc() {
    return general[PC];
  }

  /** Sets the address of the next instruction. */
  public void pc(long value) {
    general[PC] = value;
  }

  /** PSTATE as SPSR_EL2 has it. */
  public long pstate() {
    return general[PSTATE];
  }

  /** Sets PSTATE as SPSR_EL2 has it; the caller sees to it that it is one of EL0 or EL1. */
  public void pstate(long value) {
    general[PSTATE] = value;
  }

  /** The stack pointer of EL0 or EL1. */
  public long stackPointer(int level) {
    return general[SP_EL0 + Objects.checkIndex(level, 2)];
  }

  /** Sets the stack pointer of EL0 or EL1. */
  public void stackPointer(int level, long value) {
    general[SP_EL0 + Objects.checkIndex(level, 2)] = value;
  }

  /** A stored system register of EL0 or EL1. */
  public long register(SysReg reg) {
    return system[place(reg)];
  }

  /** Sets a stored system register of EL0 or EL1, as given: the caller heeds {@code reg.mask}. */
  public void register(SysReg reg, long value) {
    system[place(reg)] = value;
  }

  /** All of them but the vectors, by the names that the Arm ARM has, PC first. */
  public Map<String, Long> named() {
    Map<String, Long> named = new LinkedHashMap<>();
    named.put("PC", general[PC]);
    for (int i = 0; i < 31; i++) {
      named.put("X" + i, general[i]);
    }
    named.put("PSTATE", general[PSTATE]);
    named.put("SP_EL0", general[SP_EL0]);
    named.put("SP_EL1", general[SP_EL1]);
    SysReg[] all = SysReg.values();
    for (int i = 0; i < KEPT.length; i++) {
      named.putIfAbsent(all[KEPT[i]].name(), system[i]);
    }
    return named;
  }

  private static int place(SysReg reg) {
    int place = Arrays.binarySearch(KEPT, reg.ordinal());
    if (place < 0) {
      throw new IllegalArgumentException(reg + " isn't part of a virtual CPU's context");
    }
    return place;
  }

  private static void atEl2(Cpu cpu) {
    if (cpu.el != 2) {
      throw new IllegalStateException("cpu" + cpu.index() + " is at EL" + cpu.el + ": contexts are switched at EL2 only");
    }
  }
}
