// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/**
 * Exceptions and interrupts: delivery through the IDT in 64-bit, 32-bit and real mode, double and triple faults (Intel SDM volume 3, chapter 7)
 * and by task gates, which {@link Tasks} has.
 */
public final class EventDelivery {
  private static final int EXTERNAL = 1;
  private static final int IDT = 2;
  private static final int STACK_TABLE = 36;
  /** What causes an event. */
  private static final int FAULT = 0;
  private static final int SOFTWARE = 1;
  private static final int INTERRUPT = 2;

  private final Core cpu;
  /** Where words are pushed. */
  private long stackBase;
  private long stackMask;
  private long stack;
  private int stackLevel;

  EventDelivery(Core cpu) {
    this.cpu = cpu;
  }

  /** Takes the exception that was noted, at {@link Core#pc}; what its instruction hit before is forgotten with the instruction. */
  public void takeNoted() {
    cpu.breakpoints.hit = 0;
    if (cpu.host.exits()) {
      cpu.host.exit();
      return;
    }
    cpu.counting.fault();
    take(cpu.faultVector, cpu.faultError, FAULT);
  }

  /** Takes a trap: {@link Core#pc} is behind the instruction. */
  public void trap(int vector) {
    take(vector, 0, INTERRUPT);
  }

  /** Takes an external or non-maskable interrupt. */
  void interrupt(int vector) {
    take(vector, 0, INTERRUPT);
  }

  /**
   * INT1: {@link Core#pc} is behind the instruction. No privilege is asked for. Breakpoints that a load of SS before it has hit are told of by the same exception. What its delivery
   * causes may be thrown as a fault at the instruction, with EXT in its error code (Intel SDM volume 2, INT n; volume 3, 7.13).
   */
  public void debugTrap() {
    int waiting = cpu.breakpoints.hit;
    cpu.breakpoints.hit = 0;
    at(ExceptionVector.DB, INTERRUPT);
    if (waiting != 0) {
      cpu.breakpoints.report(waiting);
    }
  }

  /** INT n, INT3, INTO: {@link Core#pc} is behind the instruction; what their delivery causes may be thrown as a fault at the instruction. */
  public void software(int vector) {
    at(vector, SOFTWARE);
  }

  /** INT n, which in virtual-8086 mode asks for IOPL 3. */
  public void called(int vector) {
    if (cpu.virtual8086() && cpu.ioLevel() < 3) {
      throw cpu.fault(ExceptionVector.GP, 0);
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
    if (vector == ExceptionVector.PF) {
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
      boolean masked = (cpu.flags & FlagBits.IF) == 0 && !cpu.host.attached();
      long pc = cpu.pc;
      try {
        if (deliver(first, firstError, firstKind, pc)) {
          told(first, firstError, firstKind, pc, masked);
          return;
        }
      } catch (CpuFault nested) {
        if (cpu.host.exits()) {
          cpu.host.keep(first, firstError, firstKind);
          cpu.host.exit();
          return;
        }
      }
      int second = cpu.faultVector;
      if (second == ExceptionVector.PF) {
        cpu.cr2 = cpu.faultAddress;
      }
      boolean serial = firstKind != FAULT && first != ExceptionVector.DF || !contributory(first) && first != ExceptionVector.PF && first
          != ExceptionVector.DF;
      if (first == ExceptionVector.DF && firstKind == FAULT && (contributory(second) || second == ExceptionVector.PF)) {
        cpu.tripleFault(second);
        return;
      }
      boolean twice = contributory(first) ? contributory(second) : first == ExceptionVector.PF && (contributory(second) || second
          == ExceptionVector.PF);
      if (!serial && twice) {
        first = ExceptionVector.DF;
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
    long cause = (long) kind << ExceptionVector.KIND_SHIFT | (long) vector << 32 | error & 0xFFFF_FFFFL;
    if (kind != FAULT) {
      cpu.faults.event(pc, cause, kind == INTERRUPT);
    } else if (cpu.faults.fault(pc, cause, cpu.cr2, masked)) {
      cpu.requestExit();
    }
  }

  private void tell(int vector, int kind) {
    if (cpu.exits.watched()) {
      String name = kind == SOFTWARE && vector >= 32 ? "INT 0x" + Integer.toHexString(vector) : ExceptionVector.text(vector, kind == FAULT);
      String what = "to CPL " + cpu.cpl + ": " + name;
      cpu.exits.tell(watcher -> watcher.exception(cpu, what));
    }
  }

  private static boolean contributory(int vector) {
    return vector == ExceptionVector.DE || vector >= ExceptionVector.TS && vector <= ExceptionVector.GP;
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
      throw cpu.fault(ExceptionVector.GP, code);
    }
    long place = cpu.wide(cpu.idtBase + vector * size);
    long gate = cpu.memory.systemRead(place, 8);
    int attributes = Segments.attributes(gate);
    int type = attributes & 0x1F;
    boolean wideGate = type == 14 || type == 15;
    if (!wideGate && (isLong || type != 6 && type != 7 && type != Segments.TASK_GATE)) {
      throw cpu.fault(ExceptionVector.GP, code);
    }
    if (kind == SOFTWARE && Segments.level(attributes) < cpu.cpl) {
      throw cpu.fault(ExceptionVector.GP, code);
    }
    if ((attributes & Segments.PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, code);
    }
    boolean hasError = kind == FAULT && ExceptionVector.hasErrorCode(vector);
    long image = cpu.rflags() | (kind == FAULT && vector != ExceptionVector.DB && vector != ExceptionVector.DF && vector
        != ExceptionVector.MC ? FlagBits.RF
            : 0);
    if (type == Segments.TASK_GATE) {
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
      throw cpu.fault(ExceptionVector.GP, external);
    }
    long target = codeSegment(selector, external, isLong);
    int segment = Segments.attributes(target);
    int level = (segment & Segments.DOWN) != 0 ? cpu.cpl : Segments.level(segment);
    if (isLong && !Mmu.canonical(offset)) {
      throw cpu.fault(ExceptionVector.GP, external);
    }
    boolean virtual = cpu.virtual8086();
    if (virtual && level != 0) {
      throw cpu.fault(ExceptionVector.GP, selector & 0xFFFC | external);
    }
    if (isLong) {
      enterLong(gate, level, image, pc, hasError, error, external);
    } else {
      enter(level, image, pc, hasError, error, wideGate ? 4 : 2, external);
    }
    cpu.segments.accessed(selector, target);
    int oldLevel = cpu.cpl;
    cpu.cpl = level;
    cpu.segments.set(CpuState.CS, selector & ~3 | level, target);
    cpu.pc = offset;
    cpu.flags &= ~(FlagBits.TF | FlagBits.NT | FlagBits.RF | FlagBits.VM) & ~((type & 1) == 0 ? FlagBits.IF : 0);
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
    cpu.segments.set(CpuState.ES, 0, 0, 0, 0);
    cpu.segments.set(CpuState.DS, 0, 0, 0, 0);
    cpu.segments.set(CpuState.FS, 0, 0, 0, 0);
    cpu.segments.set(CpuState.GS, 0, 0, 0, 0);
    cpu.selectMode();
  }

  private long codeSegment(int selector, int external, boolean isLong) {
    int error = selector & 0xFFFC | external;
    long descriptor;
    try {
      descriptor = cpu.segments.descriptor(selector, ExceptionVector.GP);
    } catch (CpuFault fault) {
      cpu.faultError |= cpu.faultVector == ExceptionVector.GP ? external : 0;
      throw fault;
    }
    int attributes = Segments.attributes(descriptor);
    boolean code = (attributes & (Segments.NOT_SYSTEM | Segments.CODE)) == (Segments.NOT_SYSTEM | Segments.CODE);
    if (!code || Segments.level(attributes) > cpu.cpl) {
      throw cpu.fault(ExceptionVector.GP, error);
    }
    if ((attributes & Segments.PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, error);
    }
    if (isLong && (attributes & (Segments.LONG | Segments.BIG)) != Segments.LONG) {
      throw cpu.fault(ExceptionVector.GP, error);
    }
    return descriptor;
  }

  private void enterLong(long gate, int level, long image, long pc, boolean hasError, int error, int external) {
    int ist = (int) (gate >>> 32) & 7;
    boolean outer = level < cpu.cpl;
    stack = cpu.r[CpuState.RSP];
    if (ist != 0 || outer) {
      stack = taskWord(ist != 0 ? STACK_TABLE + (ist - 1) * 8 : 4 + level * 8, 8);
      if (!Mmu.canonical(stack)) {
        throw cpu.fault(ExceptionVector.SS, external);
      }
    }
    stack &= -16;
    stackBase = 0;
    stackMask = -1;
    stackLevel = level;
    push(8, cpu.selector[CpuState.SS]);
    push(8, cpu.r[CpuState.RSP]);
    push(8, image);
    push(8, cpu.selector[CpuState.CS]);
    push(8, pc);
    if (hasError) {
      push(8, error);
    }
    if (outer) {
      cpu.segments.set(CpuState.SS, level, 0, 0, level << 5);
    }
    cpu.r[CpuState.RSP] = stack;
  }

  private void enter(int level, long image, long pc, boolean hasError, int error, int size, int external) {
    boolean outer = level < cpu.cpl;
    long oldStack = cpu.r[CpuState.RSP];
    int oldSelector = cpu.selector[CpuState.SS];
    int selector = 0;
    long descriptor = 0;
    int attributes = cpu.attributes[CpuState.SS];
    long limit = cpu.limit[CpuState.SS];
    stack = oldStack;
    stackBase = cpu.base[CpuState.SS];
    if (outer) {
      stack = taskPointer(level, false);
      selector = taskSelector(level);
      try {
        descriptor = cpu.segments.stack(selector, level, ExceptionVector.TS, false);
      } catch (CpuFault fault) {
        cpu.faultError |= external;
        throw fault;
      }
      stackBase = Segments.base(descriptor);
      attributes = Segments.attributes(descriptor);
      limit = Segments.limit(descriptor);
    }
    stackMask = Segments.stackMask(attributes);
    boolean virtual = cpu.virtual8086();
    if (!Segments.room(stack, (virtual ? 9 : outer ? 5 : 3) + (hasError ? 1 : 0), size, limit, attributes)) {
      throw cpu.fault(ExceptionVector.SS, selector & 0xFFFC | external);
    }
    stackLevel = level;
    if (virtual) {
      push(size, cpu.selector[CpuState.GS]);
      push(size, cpu.selector[CpuState.FS]);
      push(size, cpu.selector[CpuState.DS]);
      push(size, cpu.selector[CpuState.ES]);
    }
    if (outer) {
      push(size, oldSelector);
      push(size, oldStack);
    }
    push(size, image);
    push(size, cpu.selector[CpuState.CS]);
    push(size, pc);
    if (hasError) {
      push(size, error);
    }
    if (outer) {
      cpu.segments.accessed(selector, descriptor);
      cpu.segments.set(CpuState.SS, selector, descriptor);
    }
    cpu.r[CpuState.RSP] = oldStack & ~stackMask & 0xFFFF_FFFFL | stack & stackMask;
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
    return (cpu.attributes[CpuState.TR] & 8) != 0;
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
    if (offset + size - 1 > cpu.limit[CpuState.TR]) {
      throw cpu.fault(ExceptionVector.TS, cpu.selector[CpuState.TR] & 0xFFFC);
    }
    return cpu.memory.systemRead(cpu.wide(cpu.base[CpuState.TR] + offset), size);
  }

  /** Real mode: through the interrupt vector table (Intel SDM volume 3, 21.1.4). */
  private void real(int vector, long pc) {
    if (vector * 4 + 3 > cpu.idtLimit) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    long place = cpu.idtBase + vector * 4 & 0xFFFF_FFFFL;
    long far = cpu.memory.systemRead(place, 4);
    stack = cpu.r[CpuState.RSP];
    stackBase = cpu.base[CpuState.SS];
    stackMask = 0xFFFF;
    stackLevel = 0;
    push(2, cpu.rflags());
    push(2, cpu.selector[CpuState.CS]);
    push(2, pc);
    cpu.r[CpuState.RSP] = cpu.r[CpuState.RSP] & ~0xFFFFL | stack & 0xFFFF;
    cpu.flags &= ~(FlagBits.IF | FlagBits.TF | FlagBits.RF | FlagBits.AC);
    cpu.segments.load(CpuState.CS, (int) (far >>> 16));
    cpu.pc = far & 0xFFFF;
    cpu.eventTaken(vector);
  }
}
