// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/**
 * Exceptions and interrupts: delivery through the IDT in 64-bit, 32-bit and real mode, double and triple faults (Intel SDM volume 3, chapter 7)
 * and by task gates, which {@link X64Tasks} has.
 */
public final class X64Events {
  private static final int EXTERNAL = 1;
  private static final int IDT = 2;
  private static final int STACK_TABLE = 36;
  /** What causes an event. */
  private static final int FAULT = 0;
  private static final int SOFTWARE = 1;
  private static final int INTERRUPT = 2;

  private final X64Core cpu;
  /** Where words are pushed. */
  private long stackBase;
  private long stackMask;
  private long stack;
  private int stackLevel;

  X64Events(X64Core cpu) {
    this.cpu = cpu;
  }

  /** Takes the exception that was noted, at {@link X64Core#pc}; what its instruction hit before is forgotten with the instruction. */
  public void takeNoted() {
    cpu.breakpoints.hit = 0;
    if (cpu.host.exits()) {
      cpu.host.exit();
      return;
    }
    cpu.counting.fault();
    take(cpu.faultVector, cpu.faultError, FAULT);
  }

  /** Takes a trap: {@link X64Core#pc} is behind the instruction. */
  public void trap(int vector) {
    take(vector, 0, INTERRUPT);
  }

  /** Takes an external or non-maskable interrupt. */
  void interrupt(int vector) {
    take(vector, 0, INTERRUPT);
  }

  /**
   * INT1: {@link X64Core#pc} is behind the instruction. No privilege is asked for. Breakpoints that a load of SS before it has hit are told of by the same exception. What its delivery
   * causes may be thrown as a fault at the instruction, with EXT in its error code (Intel SDM volume 2, INT n; volume 3, 7.13).
   */
  public void debugTrap() {
    int waiting = cpu.breakpoints.hit;
    cpu.breakpoints.hit = 0;
    at(X64Vector.DB, INTERRUPT);
    if (waiting != 0) {
      cpu.breakpoints.report(waiting);
    }
  }

  /** INT n, INT3, INTO: {@link X64Core#pc} is behind the instruction; what their delivery causes may be thrown as a fault at the instruction. */
  public void software(int vector) {
    at(vector, SOFTWARE);
  }

  /** INT n, which in virtual-8086 mode asks for IOPL 3. */
  public void called(int vector) {
    if (cpu.virtual8086() && cpu.ioLevel() < 3) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    software(vector);
  }

  /** An instruction's event. What a task that was switched to has met already is none of that instruction's. */
  private void at(int vector, int kind) {
    boolean well = deliver(vector, 0, kind, cpu.pc);
    tell(vector, kind);
    if (!well) {
      takeNoted();
    }
  }

  private void take(int vector, int error, int kind) {
    if (vector == X64Vector.PF) {
      cpu.cr2 = cpu.faultAddress;
    }
    again(vector, error, kind);
  }

  /** Takes an event whose delivery was ended by an exit to the host's software. */
  void again(int vector, int error, int kind) {
    int first = vector;
    int firstError = error;
    int firstKind = kind;
    for (;;) {
      boolean masked = (cpu.flags & X64Flags.IF) == 0 && !cpu.host.attached();
      long pc = cpu.pc;
      try {
        if (deliver(first, firstError, firstKind, pc)) {
          told(first, firstError, firstKind, pc, masked);
          return;
        }
      } catch (X64Fault nested) {
        if (cpu.host.exits()) {
          cpu.host.keep(first, firstError, firstKind);
          cpu.host.exit();
          return;
        }
      }
      int second = cpu.faultVector;
      if (second == X64Vector.PF) {
        cpu.cr2 = cpu.faultAddress;
      }
      boolean serial = firstKind != FAULT && first != X64Vector.DF || !contributory(first) && first != X64Vector.PF && first
          != X64Vector.DF;
      if (first == X64Vector.DF && firstKind == FAULT && (contributory(second) || second == X64Vector.PF)) {
        cpu.tripleFault(second);
        return;
      }
      boolean twice = contributory(first) ? contributory(second) : first == X64Vector.PF && (contributory(second) || second
          == X64Vector.PF);
      if (!serial && twice) {
        first = X64Vector.DF;
        firstError = 0;
      } else {
        first = second;
        firstError = cpu.faultError;
      }
      firstKind = FAULT;
    }
  }

  /** An event was delivered. */
  private void told(int vector, int error, int kind, long pc, boolean masked) {
    tell(vector, kind);
    long cause = (long) kind << X64Vector.KIND_SHIFT | (long) vector << 32 | error & 0xFFFF_FFFFL;
    if (kind != FAULT) {
      cpu.faults.event(pc, cause, kind == INTERRUPT);
    } else if (cpu.faults.fault(pc, cause, cpu.cr2, masked)) {
      cpu.requestExit();
    }
  }

  private void tell(int vector, int kind) {
    if (cpu.exits.watched()) {
      String name = kind == SOFTWARE && vector >= 32 ? "INT 0x" + Integer.toHexString(vector) : X64Vector.text(vector, kind == FAULT);
      String what = "to CPL " + cpu.cpl + ": " + name;
      cpu.exits.tell(watcher -> watcher.exception(cpu, what));
    }
  }

  private static boolean contributory(int vector) {
    return vector == X64Vector.DE || vector >= X64Vector.TS && vector <= X64Vector.GP;
  }

  /** Returns false if a task that was switched to has met an exception, which is noted. */
  private boolean deliver(int vector, int error, int kind, long pc) {
    if (cpu.real()) {
      real(vector, pc);
      return true;
    }
    boolean isLong = cpu.longMode();
    int external = kind == SOFTWARE ? 0 : EXTERNAL;
    int code = vector * 8 + IDT + external;
    int size = isLong ? 16 : 8;
    if (vector * size + size - 1 > cpu.idtLimit) {
      throw cpu.fault(X64Vector.GP, code);
    }
    long place = cpu.wide(cpu.idtBase + vector * size);
    long gate = cpu.memory.systemRead(place, 8);
    int attributes = X64Segments.attributes(gate);
    int type = attributes & 0x1F;
    boolean wideGate = type == 14 || type == 15;
    if (!wideGate && (isLong || type != 6 && type != 7 && type != X64Segments.TASK_GATE)) {
      throw cpu.fault(X64Vector.GP, code);
    }
    if (kind == SOFTWARE && X64Segments.level(attributes) < cpu.cpl) {
      throw cpu.fault(X64Vector.GP, code);
    }
    if ((attributes & X64Segments.PRESENT) == 0) {
      throw cpu.fault(X64Vector.NP, code);
    }
    boolean hasError = kind == FAULT && X64Vector.hasErrorCode(vector);
    long image = cpu.rflags() | (kind == FAULT && vector != X64Vector.DB && vector != X64Vector.DF && vector != X64Vector.MC ? X64Flags.RF
        : 0);
    if (type == X64Segments.TASK_GATE) {
      boolean well = cpu.tasks.event((int) (gate >>> 16) & 0xFFFF, external, image, hasError, error);
      cpu.eventTaken(vector);
      return well;
    }
    long offset = gate & 0xFFFF | (wideGate ? gate >>> 48 << 16 : 0);
    if (isLong) {
      offset |= cpu.memory.systemRead(place + 8, 8) << 32;
    }
    int selector = (int) (gate >>> 16) & 0xFFFF;
    if ((selector & 0xFFFC) == 0) {
      throw cpu.fault(X64Vector.GP, external);
    }
    long target = codeSegment(selector, external, isLong);
    int segment = X64Segments.attributes(target);
    int level = (segment & X64Segments.DOWN) != 0 ? cpu.cpl : X64Segments.level(segment);
    if (isLong && !X64Mmu.canonical(offset)) {
      throw cpu.fault(X64Vector.GP, external);
    }
    boolean virtual = cpu.virtual8086();
    if (virtual && level != 0) {
      throw cpu.fault(X64Vector.GP, selector & 0xFFFC | external);
    }
    if (isLong) {
      enterLong(gate, level, image, pc, hasError, error, external);
    } else {
      enter(level, image, pc, hasError, error, wideGate ? 4 : 2, external);
    }
    cpu.segments.accessed(selector, target);
    int oldLevel = cpu.cpl;
    cpu.cpl = level;
    cpu.segments.set(X64State.CS, selector & ~3 | level, target);
    cpu.pc = offset;
    cpu.flags &= ~(X64Flags.TF | X64Flags.NT | X64Flags.RF | X64Flags.VM) & ~((type & 1) == 0 ? X64Flags.IF : 0);
    cpu.eventTaken(vector);
    if (oldLevel != level) {
      cpu.contextChanged();
    }
    if (virtual) {
      leave8086();
    }
    return true;
  }

  /** An event has left virtual-8086 mode, whose segments are on the stack. */
  private void leave8086() {
    cpu.segments.set(X64State.ES, 0, 0, 0, 0);
    cpu.segments.set(X64State.DS, 0, 0, 0, 0);
    cpu.segments.set(X64State.FS, 0, 0, 0, 0);
    cpu.segments.set(X64State.GS, 0, 0, 0, 0);
    cpu.selectMode();
  }

  private long codeSegment(int selector, int external, boolean isLong) {
    int error = selector & 0xFFFC | external;
    long descriptor;
    try {
      descriptor = cpu.segments.descriptor(selector, X64Vector.GP);
    } catch (X64Fault fault) {
      cpu.faultError |= cpu.faultVector == X64Vector.GP ? external : 0;
      throw fault;
    }
    int attributes = X64Segments.attributes(descriptor);
    boolean code = (attributes & (X64Segments.NOT_SYSTEM | X64Segments.CODE)) == (X64Segments.NOT_SYSTEM | X64Segments.CODE);
    if (!code || X64Segments.level(attributes) > cpu.cpl) {
      throw cpu.fault(X64Vector.GP, error);
    }
    if ((attributes & X64Segments.PRESENT) == 0) {
      throw cpu.fault(X64Vector.NP, error);
    }
    if (isLong && (attributes & (X64Segments.LONG | X64Segments.BIG)) != X64Segments.LONG) {
      throw cpu.fault(X64Vector.GP, error);
    }
    return descriptor;
  }

  private void enterLong(long gate, int level, long image, long pc, boolean hasError, int error, int external) {
    int ist = (int) (gate >>> 32) & 7;
    boolean outer = level < cpu.cpl;
    stack = cpu.r[X64State.RSP];
    if (ist != 0 || outer) {
      stack = taskWord(ist != 0 ? STACK_TABLE + (ist - 1) * 8 : 4 + level * 8, 8);
      if (!X64Mmu.canonical(stack)) {
        throw cpu.fault(X64Vector.SS, external);
      }
    }
    stack &= -16;
    stackBase = 0;
    stackMask = -1;
    stackLevel = level;
    push(8, cpu.selector[X64State.SS]);
    push(8, cpu.r[X64State.RSP]);
    push(8, image);
    push(8, cpu.selector[X64State.CS]);
    push(8, pc);
    if (hasError) {
      push(8, error);
    }
    if (outer) {
      cpu.segments.set(X64State.SS, level, 0, 0, level << 5);
    }
    cpu.r[X64State.RSP] = stack;
  }

  private void enter(int level, long image, long pc, boolean hasError, int error, int size, int external) {
    boolean outer = level < cpu.cpl;
    long oldStack = cpu.r[X64State.RSP];
    int oldSelector = cpu.selector[X64State.SS];
    int selector = 0;
    long descriptor = 0;
    int attributes = cpu.attributes[X64State.SS];
    long limit = cpu.limit[X64State.SS];
    stack = oldStack;
    stackBase = cpu.base[X64State.SS];
    if (outer) {
      stack = taskPointer(level, false);
      selector = taskSelector(level);
      try {
        descriptor = cpu.segments.stack(selector, level, X64Vector.TS, false);
      } catch (X64Fault fault) {
        cpu.faultError |= external;
        throw fault;
      }
      stackBase = X64Segments.base(descriptor);
      attributes = X64Segments.attributes(descriptor);
      limit = X64Segments.limit(descriptor);
    }
    stackMask = X64Segments.stackMask(attributes);
    boolean virtual = cpu.virtual8086();
    if (!X64Segments.room(stack, (virtual ? 9 : outer ? 5 : 3) + (hasError ? 1 : 0), size, limit, attributes)) {
      throw cpu.fault(X64Vector.SS, selector & 0xFFFC | external);
    }
    stackLevel = level;
    if (virtual) {
      push(size, cpu.selector[X64State.GS]);
      push(size, cpu.selector[X64State.FS]);
      push(size, cpu.selector[X64State.DS]);
      push(size, cpu.selector[X64State.ES]);
    }
    if (outer) {
      push(size, oldSelector);
      push(size, oldStack);
    }
    push(size, image);
    push(size, cpu.selector[X64State.CS]);
    push(size, pc);
    if (hasError) {
      push(size, error);
    }
    if (outer) {
      cpu.segments.accessed(selector, descriptor);
      cpu.segments.set(X64State.SS, selector, descriptor);
    }
    cpu.r[X64State.RSP] = oldStack & ~stackMask & 0xFFFF_FFFFL | stack & stackMask;
  }

  private void push(int size, long value) {
    stack = stack - size;
    long address = cpu.wide(stackBase + (stack & stackMask));
    if (stackLevel == 3) {
      cpu.memory.write(address, size, value);
    } else {
      cpu.memory.systemWrite(address, size, value);
    }
  }

  private boolean wideTask() {
    return (cpu.attributes[X64State.TR] & 8) != 0;
  }

  /** The stack pointer of an inner level. */
  long taskPointer(int level, boolean isLong) {
    return isLong ? taskWord(4 + level * 8, 8) : wideTask() ? taskWord(4 + level * 8, 4) : taskWord(2 + level * 4, 2);
  }

  /** The stack segment of an inner level outside of IA-32e mode. */
  int taskSelector(int level) {
    return (int) (wideTask() ? taskWord(8 + level * 8, 2) : taskWord(4 + level * 4, 2));
  }

  /** A word of the task state segment. */
  long taskWord(int offset, int size) {
    if (offset + size - 1 > cpu.limit[X64State.TR]) {
      throw cpu.fault(X64Vector.TS, cpu.selector[X64State.TR] & 0xFFFC);
    }
    return cpu.memory.systemRead(cpu.wide(cpu.base[X64State.TR] + offset), size);
  }

  /** Real mode: through the interrupt vector table (Intel SDM volume 3, 21.1.4). */
  private void real(int vector, long pc) {
    if (vector * 4 + 3 > cpu.idtLimit) {
      throw cpu.fault(X64Vector.GP, 0);
    }
    long place = cpu.idtBase + vector * 4 & 0xFFFF_FFFFL;
    long far = cpu.memory.systemRead(place, 4);
    stack = cpu.r[X64State.RSP];
    stackBase = cpu.base[X64State.SS];
    stackMask = 0xFFFF;
    stackLevel = 0;
    push(2, cpu.rflags());
    push(2, cpu.selector[X64State.CS]);
    push(2, pc);
    cpu.r[X64State.RSP] = cpu.r[X64State.RSP] & ~0xFFFFL | stack & 0xFFFF;
    cpu.flags &= ~(X64Flags.IF | X64Flags.TF | X64Flags.RF | X64Flags.AC);
    cpu.segments.load(X64State.CS, (int) (far >>> 16));
    cpu.pc = far & 0xFFFF;
    cpu.eventTaken(vector);
  }
}
