// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.x64.isa.DecodeMode;

/**
 * The descriptors of the last return to level 0 of 64-bit code. An IRET that finds the same in the GDT, at the same level, changes nothing of CS and SS: kernels execute one to have
 * other code fetched that they have written. Source: Intel SDM volume 2, IRET; volume 3, 3.4.5.
 */
public final class KnownReturn {
  private static final int LOCAL_TABLE = 4;
  private static final int DESCRIPTOR = 8;

  private final Core cpu;
  private int code;
  private int stack;
  private long codeDescriptor;
  private long stackDescriptor;

  KnownReturn(Core cpu) {
    this.cpu = cpu;
  }

  /** A return to level 0 has loaded CS and SS. @param ofStack 0 for a null selector */
  void note(int codeSelector, long ofCode, int stackSelector, long ofStack) {
    code = codeSelector;
    stack = stackSelector;
    codeDescriptor = ofCode;
    stackDescriptor = ofStack;
  }

  /**
   * Whether an IRET to the current CS and SS would change neither of them, if the descriptors are still those, and end nothing that NMI or RF have begun; nor has anybody to
   * be told of it, which generated code doesn't do.
   */
  public boolean holds() {
    Core c = cpu;
    return !c.exits.watched() && c.cpl == 0 && c.mode == DecodeMode.LONG_64 && (c.flags & (FlagBits.NT | FlagBits.RF | FlagBits.AC)) == 0
        && !c.inputs
            .nmiBlocked()
        && is(CpuState.CS, code, codeDescriptor) && is(CpuState.SS, stack, stackDescriptor) && (codePlace() ^ stackPlace()) >>> 12 == 0;
  }

  private boolean is(int segment, int selector, long descriptor) {
    Core c = cpu;
    // One that wasn't marked as accessed isn't what the register has.
    int attributes = Segments.attributes(descriptor);
    return c.selector[segment] == selector && c.attributes[segment] == attributes
        && c.limit[segment] == Segments.limit(descriptor) && (selector & LOCAL_TABLE) == 0 && (selector | DESCRIPTOR - 1) <= c.gdtLimit
        && (place(selector) & 0xFFF) <= 4096 - DESCRIPTOR && c.base[segment] == (segment == CpuState.CS ? 0 : Segments.base(descriptor));
  }

  private long place(int selector) {
    return cpu.gdtBase + (selector & -DESCRIPTOR);
  }

  /** Linear address of the descriptor of CS. */
  public long codePlace() {
    return place(code);
  }

  /** Linear address of the descriptor of SS. */
  public long stackPlace() {
    return place(stack);
  }

  /** The descriptor of CS, all eight bytes of it. */
  public long codeDescriptor() {
    return codeDescriptor;
  }

  /** The descriptor of SS. */
  public long stackDescriptor() {
    return stackDescriptor;
  }
}
