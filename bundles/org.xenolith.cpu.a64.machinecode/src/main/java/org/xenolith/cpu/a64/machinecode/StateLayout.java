// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.Mmu;
import org.xenolith.machine.kit.WatchDistances;

/**
 * Where generated code finds what: bytes behind the address that it has in RBP. The general registers are within displacements of
 * one byte.
 */
final class StateLayout {
  /** Bytes of state before that address. */
  static final int BEFORE = 128;
  /** Flags as LAHF and SETO leave them in AX, the carry inverted. */
  static final int FLAGS = -128;
  private static final int GENERAL = -120;
  /** Address of the page that is executed. */
  static final int PAGE = 136;
  /** {@code Cpu.readContext}; the five contexts are in the order of {@link Mmu#copyTo}. */
  static final int READ = 144;
  /** {@code Cpu.writeContext}. */
  static final int WRITE = 152;
  /** {@code Cpu.fetchContext}. */
  static final int FETCH = 160;
  /** {@code Cpu.userReadContext}. */
  static final int USER_READ = 168;
  /** {@code Cpu.userWriteContext}. */
  static final int USER_WRITE = 176;
  /** Instructions to go, when code is left. */
  static final int LEFT = 184;
  /** PSTATE.EL. */
  static final int LEVEL = 192;
  /** SP_EL0 where it isn't the current stack pointer. */
  static final int USER_STACK = 200;
  /** 1 if {@link #USER_STACK} may be read. */
  static final int USER_STACK_OPEN = 208;
  /** The address of an access that left. */
  static final int ACCESS = 216;
  /** Where a branch that left leads to. */
  static final int TARGET = 224;
  /** 1 if DC ZVA is neither trapped nor UNDEFINED. */
  static final int ZERO_OPEN = 232;
  /** PSTATE.DAIF. */
  static final int MASKS = 240;
  /** 1 if an interrupt is asserted. */
  static final int INTERRUPTS = 248;
  /** For each of {@link Counters} what makes ticks of nanoseconds, 0 while code can't read it, and what is added to them. */
  static final int COUNTERS = 256;
  static final int COUNTER_BYTES = 16;
  /** Bytes from the one to the other. */
  static final int COUNTER_OFFSET = 8;
  /** Virtual time in nanoseconds when {@link #LEFT} will be zero. */
  static final int END_TIME = 288;
  /** 1 while the exclusive monitor is armed. */
  static final int ARMED = 320;
  static final int MONITOR_ADDRESS = 328;
  static final int MONITOR_SIZE = 336;
  static final int MONITOR_LOW = 344;
  static final int MONITOR_HIGH = 352;
  /** 1 while {@link #VECTORS} are the CPU's, and instructions on them don't trap. */
  static final int VECTORS_OPEN = 360;
  /** 1 while the host's arithmetic of floating point is what FPCR asks for, and {@link #MXCSR} is where its flags are collected. */
  static final int NUMBERS_OPEN = 368;
  /** The host's control and status of floating point while code is executed. */
  static final int MXCSR = 376;
  /** Zero: how far the next watched byte is from a store that leaves in any case. */
  static final int NO_DISTANCE = 480;
  /** Vector registers: the low half of Vn at 16n, the high half behind it. */
  static final int VECTORS = 512;
  /** System registers that are read or written without an exit, by their place in {@link PlainRegisters}. */
  static final int SYSTEM = 392;
  /** 1 if PSTATE.D decides something. */
  static final int DEBUGGED = 384;
  /** 1 if code has written one of {@link #SYSTEM} since the CPU had them. */
  static final int SYSTEM_WRITTEN = 472;
  /** Data TLB: {@code Cpu.data}'s tags, each entry {@link #DATA_ENTRY} bytes. */
  static final int DATA = 4096;
  static final int DATA_ENTRY = Mmu.DATA_COPY;
  /** Instruction TLB: a tag, and the address of the page's table of entries. */
  static final int CODE = DATA + (DATA_ENTRY << 12);
  static final int CODE_ENTRY = 16;
  /** Behind the place of an entry of the data TLB: what {@link Mmu#copyWatches} says of it. */
  static final int WATCHED = CODE + (CODE_ENTRY << 12);
  /** Maps of pages that are watched. */
  static final int DISTANCES = WATCHED + (DATA_ENTRY << 12);
  /** Bytes of all. */
  static final int SIZE = DISTANCES + WatchDistances.SIZE + BEFORE;

  private StateLayout() {}

  /** A general register's word, by its number in {@code Cpu.x}, to {@link Cpu#SP}. */
  static int general(int register) {
    return GENERAL + 8 * register;
  }
}
