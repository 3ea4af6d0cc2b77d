// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.x64.isa.X64Mode;

/**
 * Transfers of control that load CS: far jumps, calls and returns, IRET, SYSCALL, SYSENTER and their returns (Intel SDM volume 2). {@link X64Core#pc} is behind
 * the instruction when it comes here, and where it continues afterwards. Methods may throw {@link X64Fault} before anything has changed.
 */
public final class X64Transfers {
  private static final int CALL_GATE_16 = 4;
  private static final int CALL_GATE = 12;

  private final X64Core cpu;

  X64Transfers(X64Core cpu) {
    this.cpu = cpu;
  }

  /** JMP far. */
  public void jump(int selector, long offset) {
    transfer(selector, offset, 0);
  }

  /** CALL far. @param size bytes of a word on the stack: 2, 4 or 8 */
  public void call(int selector, long offset, int size) {
    transfer(selector, offset, size);
  }

  private void transfer(int selector, long offset, int size) {
    if (cpu.is8086()) {
      if (size != 0) {
        pushed(cpu.selector[X64State.CS], cpu.pc, size);
      }
      cpu.segments.load(X64State.CS, selector);
      cpu.pc = offset & 0xFFFF_FFFFL;
      cpu.codeChanged();
      return;
    }
    if ((selector & 0xFFFC) == 0) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    long descriptor = cpu.segments.descriptor(selector, X64Vector.GP);
    int attributes = X64Segments.attributes(descriptor);
    if ((attributes & X64Segments.NOT_SYSTEM) == 0) {
      gate(selector, descriptor, size);
      return;
    }
    direct(selector, offset, descriptor, attributes, size);
  }

  private void direct(int selector, long offset, long descriptor, int attributes, int size) {
    int error = selector & 0xFFFC;
    boolean conforming = (attributes & X64Segments.DOWN) != 0;
    int level = X64Segments.level(attributes);
    boolean allowed = conforming ? level <= cpu.cpl : level == cpu.cpl && (selector & 3) <= cpu.cpl;
    if ((attributes & X64Segments.CODE) == 0 || !allowed || bothLongAndBig(attributes)) {
      throw cpu.fault(X64Vector.GP, error);
    }
    if ((attributes & X64Segments.PRESENT) == 0) {
      throw cpu.fault(X64Vector.NP, error);
    }
    checkTarget(offset, descriptor, attributes);
    if (size != 0) {
      pushed(cpu.selector[X64State.CS], cpu.pc, size);
    }
    cpu.segments.accessed(selector, descriptor);
    cpu.segments.set(X64State.CS, selector & ~3 | cpu.cpl, descriptor);
    cpu.pc = offset;
    cpu.codeChanged();
  }

  private boolean bothLongAndBig(int attributes) {
    return cpu.longMode() && (attributes & (X64Segments.LONG | X64Segments.BIG)) == (X64Segments.LONG | X64Segments.BIG);
  }

  private void checkTarget(long offset, long descriptor, int attributes) {
    boolean isLong = cpu.longMode() && (attributes & X64Segments.LONG) != 0;
    if (isLong ? !X64Mmu.canonical(offset) : offset < 0 || offset > X64Segments.limit(descriptor)) {
      throw cpu.fault(X64Vector.GP, 0);
    }
  }

  /** Through a call gate to code of the same level; to an inner one only in long mode, where no parameters are copied. */
  private void gate(int selector, long gate, int size) {
    int attributes = X64Segments.attributes(gate);
    int type = attributes & 15;
    int error = selector & 0xFFFC;
    boolean isLong = cpu.longMode();
    if (type != CALL_GATE && !isLong && type != CALL_GATE_16) {
      task(cpu.tasks.transfer(selector, gate, size != 0));
      return;
    }
    if (isLong && type != CALL_GATE || Math.max(cpu.cpl, selector & 3) > X64Segments.level(attributes)) {
      throw cpu.fault(X64Vector.GP, error);
    }
    if ((attributes & X64Segments.PRESENT) == 0) {
      throw cpu.fault(X64Vector.NP, error);
    }
    long offset = gate & 0xFFFF | (type == CALL_GATE ? gate >>> 48 << 16 : 0);
    if (isLong) {
      long high = cpu.segments.descriptor(selector + 8, X64Vector.GP);
      if ((high >>> 40 & 0x1F) != 0) {
        throw cpu.fault(X64Vector.GP, error);
      }
      offset |= high << 32;
    }
    int target = (int) (gate >>> 16) & 0xFFFF;
    if ((target & 0xFFFC) == 0) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    long descriptor = cpu.segments.descriptor(target, X64Vector.GP);
    int code = X64Segments.attributes(descriptor);
    boolean isCode = (code & (X64Segments.NOT_SYSTEM | X64Segments.CODE)) == (X64Segments.NOT_SYSTEM | X64Segments.CODE);
    int level = X64Segments.level(code);
    boolean same = (code & X64Segments.DOWN) != 0 || level == cpu.cpl;
    boolean sized = !isLong || (code & (X64Segments.LONG | X64Segments.BIG)) == X64Segments.LONG;
    if (!isCode || level > cpu.cpl || size == 0 && !same || !sized) {
      throw cpu.fault(X64Vector.GP, target & 0xFFFC);
    }
    if ((code & X64Segments.PRESENT) == 0) {
      throw cpu.fault(X64Vector.NP, target & 0xFFFC);
    }
    checkTarget(offset, descriptor, code);
    int word = isLong ? 8 : type == CALL_GATE ? 4 : 2;
    if (same) {
      if (size != 0) {
        pushed(cpu.selector[X64State.CS], cpu.pc, word);
      }
    } else {
      inner(level, word, isLong, (int) (gate >>> 32) & 0x1F);
    }
    cpu.segments.accessed(target, descriptor);
    cpu.cpl = same ? cpu.cpl : level;
    cpu.segments.set(X64State.CS, target & ~3 | cpu.cpl, descriptor);
    cpu.pc = offset;
    cpu.contextChanged();
    cpu.codeChanged();
  }

  /** A task switch is done. @param well false if the new task has met an exception */
  private void task(boolean well) {
    if (!well) {
      cpu.events.takeNoted();
    }
  }

  private void inner(int level, int word, boolean isLong, int parameters) {
    long oldStack = cpu.r[X64State.RSP];
    int oldSelector = cpu.selector[X64State.SS];
    long base = 0;
    long mask = -1;
    long stack = cpu.events.taskPointer(level, isLong);
    int selector = level;
    long descriptor = 0;
    int count = isLong ? 4 : 4 + parameters;
    if (isLong) {
      if (!X64Mmu.canonical(stack)) {
        throw cpu.fault(X64Vector.SS, 0);
      }
    } else {
      selector = cpu.events.taskSelector(level);
      descriptor = cpu.segments.stack(selector, level, X64Vector.TS, false);
      base = X64Segments.base(descriptor);
      int attributes = X64Segments.attributes(descriptor);
      mask = X64Segments.stackMask(attributes);
      if (!X64Segments.room(stack, count, word, X64Segments.limit(descriptor), attributes)) {
        throw cpu.fault(X64Vector.SS, selector & 0xFFFC);
      }
    }
    long[] words = new long[count];
    words[0] = oldSelector;
    words[1] = oldStack;
    for (int i = 2; i < count - 2; i++) {
      words[i] = pop(oldStack + (long) (count - 3 - i) * word, word);
    }
    words[count - 2] = cpu.selector[X64State.CS];
    words[count - 1] = cpu.pc;
    for (long value : words) {
      stack -= word;
      cpu.memory.systemWrite(cpu.wide(base + (stack & mask)), word, value);
    }
    if (isLong) {
      cpu.segments.set(X64State.SS, level, 0, 0, level << 5);
    } else {
      cpu.segments.accessed(selector, descriptor);
      cpu.segments.set(X64State.SS, selector, descriptor);
    }
    cpu.r[X64State.RSP] = isLong ? stack : oldStack & ~mask & 0xFFFF_FFFFL | stack & mask;
  }

  private void pushed(long first, long second, int size) {
    long stack = cpu.r[X64State.RSP];
    if (cpu.mode != X64Mode.LONG_64) {
      cpu.segments.check(X64State.SS, stack - size & cpu.stackMask(), size, true);
      cpu.segments.check(X64State.SS, stack - 2 * size & cpu.stackMask(), size, true);
    }
    cpu.memory.probe(cpu.stackAddress(stack - 2 * size), 2 * size);
    cpu.memory.write(cpu.stackAddress(stack - size), size, first);
    cpu.memory.write(cpu.stackAddress(stack - 2 * size), size, second);
    cpu.stackPointer(stack - 2 * size);
  }

  /**
   * RET far.
   *
   * @param size    bytes of a word on the stack
   * @param release bytes of parameters behind the return address
   */
  public void ret(int size, int release) {
    long stack = cpu.r[X64State.RSP];
    long offset = pop(stack, size);
    int selector = (int) pop(stack + size, size) & 0xFFFF;
    if (cpu.is8086()) {
      cpu.segments.load(X64State.CS, selector);
      cpu.pc = offset;
      cpu.stackPointer(stack + 2 * size + release);
      cpu.codeChanged();
      return;
    }
    long descriptor = returnSegment(selector);
    if ((selector & 3) == cpu.cpl) {
      checkTarget(offset, descriptor, X64Segments.attributes(descriptor));
      cpu.segments.accessed(selector, descriptor);
      cpu.segments.set(X64State.CS, selector, descriptor);
      cpu.pc = offset;
      cpu.stackPointer(stack + 2 * size + release);
      cpu.narrowStack();
    } else {
      long outerStack = pop(stack + 2 * size + release, size);
      int outerSelector = (int) pop(stack + 3 * size + release, size) & 0xFFFF;
      outer(selector, descriptor, offset, outerSelector, outerStack + release);
    }
    cpu.codeChanged();
  }

  private long returnSegment(int selector) {
    if ((selector & 0xFFFC) == 0) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    long descriptor = cpu.segments.descriptor(selector, X64Vector.GP);
    int attributes = X64Segments.attributes(descriptor);
    int level = X64Segments.level(attributes);
    boolean code = (attributes & (X64Segments.NOT_SYSTEM | X64Segments.CODE)) == (X64Segments.NOT_SYSTEM | X64Segments.CODE);
    boolean conforming = (attributes & X64Segments.DOWN) != 0;
    boolean allowed = (selector & 3) >= cpu.cpl && (conforming ? level <= (selector & 3) : level == (selector & 3));
    if (!code || !allowed || bothLongAndBig(attributes)) {
      throw cpu.fault(X64Vector.GP, selector & 0xFFFC);
    }
    if ((attributes & X64Segments.PRESENT) == 0) {
      throw cpu.fault(X64Vector.NP, selector & 0xFFFC);
    }
    return descriptor;
  }

  private void outer(int selector, long descriptor, long offset, int stackSelector, long stack) {
    int level = selector & 3;
    int oldLevel = cpu.cpl;
    boolean isLong = cpu.longMode() && (X64Segments.attributes(descriptor) & X64Segments.LONG) != 0;
    long stackSegment = cpu.segments.stack(stackSelector, level, X64Vector.GP, isLong);
    checkTarget(offset, descriptor, X64Segments.attributes(descriptor));
    if (stackSegment == 0) {
      cpu.segments.set(X64State.SS, stackSelector, 0, 0, level << 5);
    } else {
      cpu.segments.accessed(stackSelector, stackSegment);
      cpu.segments.set(X64State.SS, stackSelector, stackSegment);
    }
    cpu.segments.accessed(selector, descriptor);
    cpu.segments.set(X64State.CS, selector, descriptor);
    cpu.cpl = level;
    cpu.pc = offset;
    cpu.stackPointer(stack);
    cpu.narrowStack();
    if (level > oldLevel) {
      cpu.segments.nullInner(level);
    }
    cpu.contextChanged();
    if (level == 0) {
      cpu.known.note(selector, descriptor, stackSelector, stackSegment);
    }
  }

  private long pop(long stack, int size) {
    if (cpu.mode != X64Mode.LONG_64) {
      cpu.segments.check(X64State.SS, stack & cpu.stackMask(), size, false);
    }
    return cpu.memory.read(cpu.stackAddress(stack), size);
  }

  /** IRET. @param size bytes of a word on the stack */
  public void interruptReturn(int size) {
    boolean is8086 = cpu.is8086();
    if (is8086 && !cpu.real() && cpu.ioLevel() < 3) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    if (!is8086 && (cpu.flags & X64Flags.NT) != 0) {
      if (cpu.longMode()) {
        throw cpu.fault(X64Vector.GP, 0);
      }
      task(cpu.tasks.back());
      return;
    }
    long stack = cpu.r[X64State.RSP];
    long offset = pop(stack, size);
    int selector = (int) pop(stack + size, size) & 0xFFFF;
    long image = pop(stack + 2 * size, size);
    int changeable = flagsOfReturn(size);
    if (is8086) {
      cpu.segments.load(X64State.CS, selector);
      cpu.pc = offset & 0xFFFF;
      cpu.stackPointer(stack + 3 * size);
      cpu.setFlags(image, changeable);
      cpu.interruptReturned();
      return;
    }
    if ((image & X64Flags.VM) != 0 && size == 4 && !cpu.longMode() && cpu.cpl == 0) {
      virtual8086(stack, selector, offset, image);
      return;
    }
    boolean from64 = cpu.mode == X64Mode.LONG_64;
    long descriptor = returnSegment(selector);
    boolean outer = (selector & 3) != cpu.cpl;
    if (outer || from64) {
      long outerStack = pop(stack + 3 * size, size);
      int outerSelector = (int) pop(stack + 4 * size, size) & 0xFFFF;
      outer(selector, descriptor, offset, outerSelector, outerStack);
    } else {
      checkTarget(offset, descriptor, X64Segments.attributes(descriptor));
      cpu.segments.accessed(selector, descriptor);
      cpu.segments.set(X64State.CS, selector, descriptor);
      cpu.pc = offset;
      cpu.stackPointer(stack + 3 * size);
    }
    cpu.setFlags(image, changeable);
    cpu.interruptReturned();
  }

  /** IRET of level 0 to virtual-8086 mode. */
  private void virtual8086(long stack, int selector, long offset, long image) {
    long[] words = new long[6];
    for (int i = 0; i < words.length; i++) {
      words[i] = pop(stack + 12 + 4 * i, 4);
    }
    if (offset > 0xFFFF) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    cpu.rflags(image);
    cpu.cpl = 3;
    cpu.segments.load8086(X64State.CS, selector);
    cpu.segments.load8086(X64State.SS, (int) words[1]);
    cpu.segments.load8086(X64State.ES, (int) words[2]);
    cpu.segments.load8086(X64State.DS, (int) words[3]);
    cpu.segments.load8086(X64State.FS, (int) words[4]);
    cpu.segments.load8086(X64State.GS, (int) words[5]);
    cpu.pc = offset;
    cpu.r[X64State.RSP] = words[0];
    cpu.modeChanged();
    cpu.interruptReturned();
  }

  private int flagsOfReturn(int size) {
    int mask = X64Flags.ARITHMETIC | X64Flags.TF | X64Flags.DF | X64Flags.NT;
    if (size != 2) {
      mask |= X64Flags.RF | X64Flags.AC | X64Flags.ID;
    }
    if (cpu.cpl <= cpu.ioLevel()) {
      mask |= X64Flags.IF;
    }
    if (cpu.cpl == 0) {
      mask |= X64Flags.IOPL | (size != 2 ? X64Flags.VIF | X64Flags.VIP : 0);
    }
    return mask;
  }

  // ---- Fast calls

  /** SYSCALL. */
  public void systemCall() {
    if ((cpu.efer & X64Control.SCE) == 0 || cpu.mode != X64Mode.LONG_64) {
      throw cpu.fault(X64Vector.UD);
    }
    cpu.r[X64State.RCX] = cpu.pc;
    cpu.r[11] = cpu.rflags() & ~X64Flags.RF;
    cpu.pc = cpu.lstar;
    cpu.setFlags(cpu.rflags() & ~cpu.fmask, X64Flags.ARITHMETIC | X64Flags.SYSTEM & ~X64Flags.RF);
    cpu.flags &= ~X64Flags.RF;
    int selector = (int) (cpu.star >>> 32) & 0xFFFC;
    flatSegments(selector, selector + 8, 0, true);
    cpu.inputs.stepsBehind();
  }

  /** SYSRET. @param isLong to 64-bit code */
  public void systemReturn(boolean isLong) {
    if ((cpu.efer & X64Control.SCE) == 0 || cpu.mode != X64Mode.LONG_64) {
      throw cpu.fault(X64Vector.UD);
    }
    if (cpu.cpl != 0 || isLong && !X64Mmu.canonical(cpu.r[X64State.RCX])) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    int selector = (int) (cpu.star >>> 48) & 0xFFFF;
    cpu.pc = isLong ? cpu.r[X64State.RCX] : cpu.r[X64State.RCX] & 0xFFFF_FFFFL;
    cpu.setFlags(cpu.r[11], X64Flags.ARITHMETIC | X64Flags.SYSTEM & ~(X64Flags.RF | X64Flags.VM));
    cpu.flags &= ~(X64Flags.RF | X64Flags.VM);
    flatSegments((isLong ? selector + 16 : selector) | 3, selector + 8 | 3, 3, isLong);
    cpu.inputs.stepsBehind();
  }

  /** SYSENTER. */
  public void fastEnter() {
    if (cpu.real() || (cpu.sysenterCs & 0xFFFC) == 0) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    boolean isLong = cpu.longMode();
    int selector = (int) cpu.sysenterCs & 0xFFFC;
    cpu.pc = isLong ? cpu.sysenterEip : cpu.sysenterEip & 0xFFFF_FFFFL;
    cpu.r[X64State.RSP] = isLong ? cpu.sysenterEsp : cpu.sysenterEsp & 0xFFFF_FFFFL;
    cpu.flags &= ~(X64Flags.IF | X64Flags.VM | X64Flags.RF);
    flatSegments(selector, selector + 8, 0, isLong);
  }

  /** SYSEXIT. @param isLong to 64-bit code */
  public void fastExit(boolean isLong) {
    if (cpu.real() || (cpu.sysenterCs & 0xFFFC) == 0 || cpu.cpl != 0) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    if (isLong && (!X64Mmu.canonical(cpu.r[X64State.RCX]) || !X64Mmu.canonical(cpu.r[X64State.RDX]))) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    int selector = (int) cpu.sysenterCs & 0xFFFC;
    long mask = isLong ? -1L : 0xFFFF_FFFFL;
    cpu.pc = cpu.r[X64State.RDX] & mask;
    cpu.r[X64State.RSP] = cpu.r[X64State.RCX] & mask;
    int code = isLong ? selector + 32 : selector + 16;
    flatSegments(code | 3, code + 8 | 3, 3, isLong);
  }

  private void flatSegments(int code, int stack, int level, boolean isLong) {
    int attributes = 0x8000 | X64Segments.PRESENT | X64Segments.NOT_SYSTEM | X64Segments.WRITABLE | X64Segments.ACCESSED | level << 5;
    cpu.cpl = level;
    cpu.segments.set(X64State.SS, stack, 0, 0xFFFF_FFFFL, attributes | X64Segments.BIG);
    cpu.segments.set(X64State.CS, code, 0, 0xFFFF_FFFFL, attributes | X64Segments.CODE | (isLong ? X64Segments.LONG : X64Segments.BIG));
    cpu.contextChanged();
    cpu.codeChanged();
  }
}
