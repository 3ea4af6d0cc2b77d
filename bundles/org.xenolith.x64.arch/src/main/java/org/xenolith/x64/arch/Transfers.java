// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.x64.isa.DecodeMode;

/**
 * Transfers of control that load CS: far jumps, calls and returns, IRET, SYSCALL, SYSENTER and their returns (Intel SDM volume 2). {@link Core#pc} is behind
 * the instruction when it comes here, and where it continues afterwards. Methods may throw {@link CpuFault} before anything has changed.
 */
public final class Transfers {
  private static final int CALL_GATE_16 = 4;
  private static final int CALL_GATE = 12;

  private final Core cpu;

  Transfers(Core cpu) {
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
        pushed(cpu.selector[CpuState.CS], cpu.pc, size);
      }
      cpu.segments.load(CpuState.CS, selector);
      cpu.pc = offset & 0xFFFF_FFFFL;
      cpu.codeChanged();
      return;
    }
    if ((selector & 0xFFFC) == 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    long descriptor = cpu.segments.descriptor(selector, ExceptionVector.GP);
    int attributes = Segments.attributes(descriptor);
    if ((attributes & Segments.NOT_SYSTEM) == 0) {
      gate(selector, descriptor, size);
      return;
    }
    direct(selector, offset, descriptor, attributes, size);
  }

  private void direct(int selector, long offset, long descriptor, int attributes, int size) {
    int error = selector & 0xFFFC;
    boolean conforming = (attributes & Segments.DOWN) != 0;
    int level = Segments.level(attributes);
    boolean allowed = conforming ? level <= cpu.cpl : level == cpu.cpl && (selector & 3) <= cpu.cpl;
    if ((attributes & Segments.CODE) == 0 || !allowed || bothLongAndBig(attributes)) {
      throw cpu.fault(ExceptionVector.GP, error);
    }
    if ((attributes & Segments.PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, error);
    }
    checkTarget(offset, descriptor, attributes);
    if (size != 0) {
      pushed(cpu.selector[CpuState.CS], cpu.pc, size);
    }
    cpu.segments.accessed(selector, descriptor);
    cpu.segments.set(CpuState.CS, selector & ~3 | cpu.cpl, descriptor);
    cpu.pc = offset;
    cpu.codeChanged();
  }

  private boolean bothLongAndBig(int attributes) {
    return cpu.longMode() && (attributes & (Segments.LONG | Segments.BIG)) == (Segments.LONG | Segments.BIG);
  }

  private void checkTarget(long offset, long descriptor, int attributes) {
    boolean isLong = cpu.longMode() && (attributes & Segments.LONG) != 0;
    if (isLong ? !Mmu.canonical(offset) : offset < 0 || offset > Segments.limit(descriptor)) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
  }

  /** Through a call gate to code of the same level; to an inner one only in long mode, where no parameters are copied. */
  private void gate(int selector, long gate, int size) {
    int attributes = Segments.attributes(gate);
    int type = attributes & 15;
    int error = selector & 0xFFFC;
    boolean isLong = cpu.longMode();
    if (type != CALL_GATE && !isLong && type != CALL_GATE_16) {
      task(cpu.tasks.transfer(selector, gate, size != 0));
      return;
    }
    if (isLong && type != CALL_GATE || Math.max(cpu.cpl, selector & 3) > Segments.level(attributes)) {
      throw cpu.fault(ExceptionVector.GP, error);
    }
    if ((attributes & Segments.PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, error);
    }
    long offset = gate & 0xFFFF | (type == CALL_GATE ? gate >>> 48 << 16 : 0);
    if (isLong) {
      long high = cpu.segments.descriptor(selector + 8, ExceptionVector.GP);
      if ((high >>> 40 & 0x1F) != 0) {
        throw cpu.fault(ExceptionVector.GP, error);
      }
      offset |= high << 32;
    }
    int target = (int) (gate >>> 16) & 0xFFFF;
    if ((target & 0xFFFC) == 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    long descriptor = cpu.segments.descriptor(target, ExceptionVector.GP);
    int code = Segments.attributes(descriptor);
    boolean isCode = (code & (Segments.NOT_SYSTEM | Segments.CODE)) == (Segments.NOT_SYSTEM | Segments.CODE);
    int level = Segments.level(code);
    boolean same = (code & Segments.DOWN) != 0 || level == cpu.cpl;
    boolean sized = !isLong || (code & (Segments.LONG | Segments.BIG)) == Segments.LONG;
    if (!isCode || level > cpu.cpl || size == 0 && !same || !sized) {
      throw cpu.fault(ExceptionVector.GP, target & 0xFFFC);
    }
    if ((code & Segments.PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, target & 0xFFFC);
    }
    checkTarget(offset, descriptor, code);
    int word = isLong ? 8 : type == CALL_GATE ? 4 : 2;
    if (same) {
      if (size != 0) {
        pushed(cpu.selector[CpuState.CS], cpu.pc, word);
      }
    } else {
      inner(level, word, isLong, (int) (gate >>> 32) & 0x1F);
    }
    cpu.segments.accessed(target, descriptor);
    cpu.cpl = same ? cpu.cpl : level;
    cpu.segments.set(CpuState.CS, target & ~3 | cpu.cpl, descriptor);
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
    long oldStack = cpu.r[CpuState.RSP];
    int oldSelector = cpu.selector[CpuState.SS];
    long base = 0;
    long mask = -1;
    long stack = cpu.events.taskPointer(level, isLong);
    int selector = level;
    long descriptor = 0;
    int count = isLong ? 4 : 4 + parameters;
    if (isLong) {
      if (!Mmu.canonical(stack)) {
        throw cpu.fault(ExceptionVector.SS, 0);
      }
    } else {
      selector = cpu.events.taskSelector(level);
      descriptor = cpu.segments.stack(selector, level, ExceptionVector.TS, false);
      base = Segments.base(descriptor);
      int attributes = Segments.attributes(descriptor);
      mask = Segments.stackMask(attributes);
      if (!Segments.room(stack, count, word, Segments.limit(descriptor), attributes)) {
        throw cpu.fault(ExceptionVector.SS, selector & 0xFFFC);
      }
    }
    long[] words = new long[count];
    words[0] = oldSelector;
    words[1] = oldStack;
    for (int i = 2; i < count - 2; i++) {
      words[i] = pop(oldStack + (long) (count - 3 - i) * word, word);
    }
    words[count - 2] = cpu.selector[CpuState.CS];
    words[count - 1] = cpu.pc;
    for (long value : words) {
      stack -= word;
      cpu.memory.systemWrite(cpu.wide(base + (stack & mask)), word, value);
    }
    if (isLong) {
      cpu.segments.set(CpuState.SS, level, 0, 0, level << 5);
    } else {
      cpu.segments.accessed(selector, descriptor);
      cpu.segments.set(CpuState.SS, selector, descriptor);
    }
    cpu.r[CpuState.RSP] = isLong ? stack : oldStack & ~mask & 0xFFFF_FFFFL | stack & mask;
  }

  private void pushed(long first, long second, int size) {
    long stack = cpu.r[CpuState.RSP];
    if (cpu.mode != DecodeMode.LONG_64) {
      cpu.segments.check(CpuState.SS, stack - size & cpu.stackMask(), size, true);
      cpu.segments.check(CpuState.SS, stack - 2 * size & cpu.stackMask(), size, true);
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
    long stack = cpu.r[CpuState.RSP];
    long offset = pop(stack, size);
    int selector = (int) pop(stack + size, size) & 0xFFFF;
    if (cpu.is8086()) {
      cpu.segments.load(CpuState.CS, selector);
      cpu.pc = offset;
      cpu.stackPointer(stack + 2 * size + release);
      cpu.codeChanged();
      return;
    }
    long descriptor = returnSegment(selector);
    if ((selector & 3) == cpu.cpl) {
      checkTarget(offset, descriptor, Segments.attributes(descriptor));
      cpu.segments.accessed(selector, descriptor);
      cpu.segments.set(CpuState.CS, selector, descriptor);
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
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    long descriptor = cpu.segments.descriptor(selector, ExceptionVector.GP);
    int attributes = Segments.attributes(descriptor);
    int level = Segments.level(attributes);
    boolean code = (attributes & (Segments.NOT_SYSTEM | Segments.CODE)) == (Segments.NOT_SYSTEM | Segments.CODE);
    boolean conforming = (attributes & Segments.DOWN) != 0;
    boolean allowed = (selector & 3) >= cpu.cpl && (conforming ? level <= (selector & 3) : level == (selector & 3));
    if (!code || !allowed || bothLongAndBig(attributes)) {
      throw cpu.fault(ExceptionVector.GP, selector & 0xFFFC);
    }
    if ((attributes & Segments.PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, selector & 0xFFFC);
    }
    return descriptor;
  }

  private void outer(int selector, long descriptor, long offset, int stackSelector, long stack) {
    int level = selector & 3;
    int oldLevel = cpu.cpl;
    boolean isLong = cpu.longMode() && (Segments.attributes(descriptor) & Segments.LONG) != 0;
    long stackSegment = cpu.segments.stack(stackSelector, level, ExceptionVector.GP, isLong);
    checkTarget(offset, descriptor, Segments.attributes(descriptor));
    if (stackSegment == 0) {
      cpu.segments.set(CpuState.SS, stackSelector, 0, 0, level << 5);
    } else {
      cpu.segments.accessed(stackSelector, stackSegment);
      cpu.segments.set(CpuState.SS, stackSelector, stackSegment);
    }
    cpu.segments.accessed(selector, descriptor);
    cpu.segments.set(CpuState.CS, selector, descriptor);
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
    if (cpu.mode != DecodeMode.LONG_64) {
      cpu.segments.check(CpuState.SS, stack & cpu.stackMask(), size, false);
    }
    return cpu.memory.read(cpu.stackAddress(stack), size);
  }

  /** IRET. @param size bytes of a word on the stack */
  public void interruptReturn(int size) {
    boolean is8086 = cpu.is8086();
    if (is8086 && !cpu.real() && cpu.ioLevel() < 3) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    if (!is8086 && (cpu.flags & FlagBits.NT) != 0) {
      if (cpu.longMode()) {
        throw cpu.fault(ExceptionVector.GP, 0);
      }
      task(cpu.tasks.back());
      return;
    }
    long stack = cpu.r[CpuState.RSP];
    long offset = pop(stack, size);
    int selector = (int) pop(stack + size, size) & 0xFFFF;
    long image = pop(stack + 2 * size, size);
    int changeable = flagsOfReturn(size);
    if (is8086) {
      cpu.segments.load(CpuState.CS, selector);
      cpu.pc = offset & 0xFFFF;
      cpu.stackPointer(stack + 3 * size);
      cpu.setFlags(image, changeable);
      cpu.interruptReturned();
      return;
    }
    if ((image & FlagBits.VM) != 0 && size == 4 && !cpu.longMode() && cpu.cpl == 0) {
      virtual8086(stack, selector, offset, image);
      return;
    }
    boolean from64 = cpu.mode == DecodeMode.LONG_64;
    long descriptor = returnSegment(selector);
    boolean outer = (selector & 3) != cpu.cpl;
    if (outer || from64) {
      long outerStack = pop(stack + 3 * size, size);
      int outerSelector = (int) pop(stack + 4 * size, size) & 0xFFFF;
      outer(selector, descriptor, offset, outerSelector, outerStack);
    } else {
      checkTarget(offset, descriptor, Segments.attributes(descriptor));
      cpu.segments.accessed(selector, descriptor);
      cpu.segments.set(CpuState.CS, selector, descriptor);
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
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    cpu.rflags(image);
    cpu.cpl = 3;
    cpu.segments.load8086(CpuState.CS, selector);
    cpu.segments.load8086(CpuState.SS, (int) words[1]);
    cpu.segments.load8086(CpuState.ES, (int) words[2]);
    cpu.segments.load8086(CpuState.DS, (int) words[3]);
    cpu.segments.load8086(CpuState.FS, (int) words[4]);
    cpu.segments.load8086(CpuState.GS, (int) words[5]);
    cpu.pc = offset;
    cpu.r[CpuState.RSP] = words[0];
    cpu.modeChanged();
    cpu.interruptReturned();
  }

  private int flagsOfReturn(int size) {
    int mask = FlagBits.ARITHMETIC | FlagBits.TF | FlagBits.DF | FlagBits.NT;
    if (size != 2) {
      mask |= FlagBits.RF | FlagBits.AC | FlagBits.ID;
    }
    if (cpu.cpl <= cpu.ioLevel()) {
      mask |= FlagBits.IF;
    }
    if (cpu.cpl == 0) {
      mask |= FlagBits.IOPL | (size != 2 ? FlagBits.VIF | FlagBits.VIP : 0);
    }
    return mask;
  }

  // ---- Fast calls

  /** SYSCALL. */
  public void systemCall() {
    if ((cpu.efer & ControlBits.SCE) == 0 || cpu.mode != DecodeMode.LONG_64) {
      throw cpu.fault(ExceptionVector.UD);
    }
    cpu.r[CpuState.RCX] = cpu.pc;
    cpu.r[11] = cpu.rflags() & ~FlagBits.RF;
    cpu.pc = cpu.lstar;
    cpu.setFlags(cpu.rflags() & ~cpu.fmask, FlagBits.ARITHMETIC | FlagBits.SYSTEM & ~FlagBits.RF);
    cpu.flags &= ~FlagBits.RF;
    int selector = (int) (cpu.star >>> 32) & 0xFFFC;
    flatSegments(selector, selector + 8, 0, true);
    cpu.inputs.stepsBehind();
  }

  /** SYSRET. @param isLong to 64-bit code */
  public void systemReturn(boolean isLong) {
    if ((cpu.efer & ControlBits.SCE) == 0 || cpu.mode != DecodeMode.LONG_64) {
      throw cpu.fault(ExceptionVector.UD);
    }
    if (cpu.cpl != 0 || isLong && !Mmu.canonical(cpu.r[CpuState.RCX])) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    int selector = (int) (cpu.star >>> 48) & 0xFFFF;
    cpu.pc = isLong ? cpu.r[CpuState.RCX] : cpu.r[CpuState.RCX] & 0xFFFF_FFFFL;
    cpu.setFlags(cpu.r[11], FlagBits.ARITHMETIC | FlagBits.SYSTEM & ~(FlagBits.RF | FlagBits.VM));
    cpu.flags &= ~(FlagBits.RF | FlagBits.VM);
    flatSegments((isLong ? selector + 16 : selector) | 3, selector + 8 | 3, 3, isLong);
    cpu.inputs.stepsBehind();
  }

  /** SYSENTER. */
  public void fastEnter() {
    if (cpu.real() || (cpu.sysenterCs & 0xFFFC) == 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    boolean isLong = cpu.longMode();
    int selector = (int) cpu.sysenterCs & 0xFFFC;
    cpu.pc = isLong ? cpu.sysenterEip : cpu.sysenterEip & 0xFFFF_FFFFL;
    cpu.r[CpuState.RSP] = isLong ? cpu.sysenterEsp : cpu.sysenterEsp & 0xFFFF_FFFFL;
    cpu.flags &= ~(FlagBits.IF | FlagBits.VM | FlagBits.RF);
    flatSegments(selector, selector + 8, 0, isLong);
  }

  /** SYSEXIT. @param isLong to 64-bit code */
  public void fastExit(boolean isLong) {
    if (cpu.real() || (cpu.sysenterCs & 0xFFFC) == 0 || cpu.cpl != 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    if (isLong && (!Mmu.canonical(cpu.r[CpuState.RCX]) || !Mmu.canonical(cpu.r[CpuState.RDX]))) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    int selector = (int) cpu.sysenterCs & 0xFFFC;
    long mask = isLong ? -1L : 0xFFFF_FFFFL;
    cpu.pc = cpu.r[CpuState.RDX] & mask;
    cpu.r[CpuState.RSP] = cpu.r[CpuState.RCX] & mask;
    int code = isLong ? selector + 32 : selector + 16;
    flatSegments(code | 3, code + 8 | 3, 3, isLong);
  }

  private void flatSegments(int code, int stack, int level, boolean isLong) {
    int attributes = 0x8000 | Segments.PRESENT | Segments.NOT_SYSTEM | Segments.WRITABLE | Segments.ACCESSED | level << 5;
    cpu.cpl = level;
    cpu.segments.set(CpuState.SS, stack, 0, 0xFFFF_FFFFL, attributes | Segments.BIG);
    cpu.segments.set(CpuState.CS, code, 0, 0xFFFF_FFFFL, attributes | Segments.CODE | (isLong ? Segments.LONG : Segments.BIG));
    cpu.contextChanged();
    cpu.codeChanged();
  }
}
