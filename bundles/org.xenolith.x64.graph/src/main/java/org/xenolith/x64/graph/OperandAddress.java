// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Instruction;

/** The address of a memory operand. */
public final class OperandAddress {
  private static final long NARROW = 0xFFFF_FFFFL;

  private final int base;
  private final int index;
  private final int scale;
  private final long displacement;
  private final long mask;
  private final int segment;
  /** Outside of 64-bit mode: linear addresses have 32 bits. */
  private final boolean legacy;
  /** Whether the segment's limit and kind count. */
  private final boolean checked;
  /** Whether the stack segment is used. */
  private final boolean stack;

  private OperandAddress(int base, int index, int scale, long displacement, int addressSize, int segment, DecodeMode mode, boolean flat) {
    this.base = base < 0 ? CpuState.ZERO : base;
    this.index = index < 0 ? CpuState.ZERO : index;
    this.scale = scale;
    this.displacement = displacement;
    mask = addressSize == 64 ? -1L : addressSize == 32 ? NARROW : 0xFFFF;
    legacy = mode != DecodeMode.LONG_64;
    stack = segment == CpuState.SS;
    boolean counts = segment == CpuState.FS || segment == CpuState.GS || legacy && !flat;
    this.segment = counts ? segment : CpuState.NO_SEGMENT;
    checked = legacy && counts;
  }

  /**
   * The memory operand of an instruction, by ModRM or as an offset in it.
   *
   * @param flat whether ES, CS, SS and DS are flat
   * @param end  offset in the page of the byte behind the instruction
   */
  public static OperandAddress of(Instruction insn, boolean flat, int end) {
    if (insn.ripRelative()) {
      return new OperandAddress(CpuState.PAGE, -1, 0, insn.displacement() + end, insn.addressSize(), segment(insn, CpuState.DS), insn
          .mode(),
          flat);
    }
    int base = insn.base();
    boolean stack = base == CpuState.RSP || base == CpuState.RBP;
    return new OperandAddress(base, insn.index(), insn.scale(), insn.displacement(), insn.addressSize(), segment(insn, stack ? CpuState.SS
        : CpuState.DS),
        insn.mode(), flat);
  }

  /** The operand at rSI, rDI or another register, of a string instruction. @param segment the one that counts, overrides applied */
  public static OperandAddress at(Instruction insn, int register, int segment, boolean flat) {
    return new OperandAddress(register, -1, 0, 0, insn.addressSize(), segment, insn.mode(), flat);
  }

  /** The segment of an operand: that of the override, or the given one. */
  public static int segment(Instruction insn, int otherwise) {
    return insn.segment() >= 0 ? insn.segment() : otherwise;
  }

  /** The linear address for an access of so many bytes. May throw {@code CpuFault}. */
  public long of(Core cpu, long[] r, int size, boolean write) {
    long offset = r[base] + (r[index] << scale) + displacement & mask;
    return legacy ? legacy(cpu, offset, size, write) : offset + cpu.base[segment];
  }

  private long legacy(Core cpu, long offset, int size, boolean write) {
    if (checked) {
      cpu.segments.check(segment, offset, size, write);
    }
    return offset + cpu.base[segment] & NARROW;
  }

  /** The linear address of what lies a number of bytes behind the operand. */
  public long behind(Core cpu, long[] r, long distance, int size, boolean write) {
    long offset = r[base] + (r[index] << scale) + displacement + distance & mask;
    return legacy ? legacy(cpu, offset, size, write) : offset + cpu.base[segment];
  }

  /** The linear address, whatever the segment's limit and kind. */
  public long unchecked(Core cpu, long[] r) {
    long address = offset(r) + cpu.base[segment];
    return legacy ? address & NARROW : address;
  }

  /** The offset in the segment: what LEA gives. */
  public long offset(long[] r) {
    return r[base] + (r[index] << scale) + displacement & mask;
  }

  /** Whether the stack segment is used. */
  public boolean stack() {
    return stack;
  }
}
