// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/**
 * Task switches outside of IA-32e mode (Intel SDM volume 3, chapter 9): by far jumps and calls to a task state segment or a task gate, by events with a task gate, and by IRET with NT. What
 * is wrong with the new task's segment is thrown before anything has changed; what is wrong with what that segment names is noted when the switch is done, and is the new task's
 * exception.
 */
final class Tasks {
  private static final int TYPE_16 = 1;
  private static final int TYPE_32 = 9;
  private static final int BUSY = 2;
  /** Bytes of a task state segment, at least. */
  private static final int SIZE_32 = 0x68;
  private static final int SIZE_16 = 0x2C;
  private static final int SEGMENTS = 6;
  private static final int REGISTERS = 8;
  private static final long UPPER_HALF = 0xFFFF_0000L;
  /** L0 to L3 of DR7. */
  private static final int LOCAL_BREAKPOINTS = 0x55;
  /** BT of DR6. */
  private static final int TASK_TRAP = 1 << 15;

  private final Core cpu;

  // The new task, as its segment has it.
  private final long[] registers = new long[REGISTERS];
  private final int[] selectors = new int[SEGMENTS];
  private final SegmentLoads loads;
  private boolean wide;
  private long pc;
  private long flags;
  private long root;
  private int local;
  private boolean traps;

  Tasks(Core cpu) {
    this.cpu = cpu;
    loads = new SegmentLoads(cpu);
  }

  /**
   * JMP or CALL to a segment or gate whose descriptor is neither code nor a call gate.
   *
   * @return false if the new task has met an exception, which is noted
   */
  boolean transfer(int selector, long descriptor, boolean call) {
    int attributes = Segments.attributes(descriptor);
    if (cpu.longMode() || Math.max(cpu.cpl, selector & 3) > Segments.level(attributes)) {
      throw cpu.fault(ExceptionVector.GP, selector & 0xFFFC);
    }
    int task = selector;
    if ((attributes & 0x1F) == Segments.TASK_GATE) {
      if ((attributes & Segments.PRESENT) == 0) {
        throw cpu.fault(ExceptionVector.NP, selector & 0xFFFC);
      }
      task = (int) (descriptor >>> 16) & 0xFFFF;
    }
    return change(task, segment(task, false, ExceptionVector.GP, 0), call, false, 0, cpu.rflags());
  }

  /**
   * An event with a task gate.
   *
   * @param external EXT of the error codes
   * @param image    RFLAGS, as the task that is left is to have them
   * @return as {@link #transfer}
   */
  boolean event(int task, int external, long image, boolean hasError, int error) {
    if (!change(task, segment(task, false, ExceptionVector.GP, external), true, false, external, image)) {
      return false;
    }
    return !hasError || pushed(error, external);
  }

  /** IRET with NT. @return as {@link #transfer} */
  boolean back() {
    int task = (int) cpu.memory.systemRead(cpu.wide(cpu.base[CpuState.TR]), 2);
    return change(task, segment(task, true, ExceptionVector.TS, 0), false, true, 0, cpu.rflags() & ~FlagBits.NT);
  }

  /** The descriptor of a task state segment. */
  private long segment(int selector, boolean busy, int vector, int external) {
    int error = selector & 0xFFFC | external;
    long place = (selector & 4) != 0 ? -1 : cpu.segments.place(selector, 8);
    if (place == -1) {
      throw cpu.fault(vector, error);
    }
    long descriptor = cpu.memory.systemRead(place, 8);
    int attributes = Segments.attributes(descriptor);
    int type = attributes & 0x1F & ~BUSY;
    if (type != TYPE_16 && type != TYPE_32 || (attributes & BUSY) != 0 != busy) {
      throw cpu.fault(vector, error);
    }
    if ((attributes & Segments.PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, error);
    }
    if (Segments.limit(descriptor) < (type == TYPE_32 ? SIZE_32 : SIZE_16) - 1) {
      throw cpu.fault(ExceptionVector.TS, error);
    }
    return descriptor;
  }

  private boolean change(int selector, long descriptor, boolean nests, boolean returns, int external, long image) {
    long task = Segments.base(descriptor);
    read(task, (descriptor >>> 40 & 8) != 0);
    // Everything that will be stored to is there before anything is.
    long busy = descriptor(selector) + 5;
    long left = (cpu.selector[CpuState.TR] & 0xFFFC) == 0 || nests ? -1 : descriptor(cpu.selector[CpuState.TR]) + 5;
    probe(task, 2);
    probe(busy, 1);
    if (left != -1) {
      probe(left, 1);
    }
    save(image);
    long leftByte = left == -1 ? 0 : cpu.memory.systemRead(left, 1);
    mark(left, leftByte & ~BUSY, busy, descriptor >>> 40 & 0xFF | BUSY);
    if (nests) {
      cpu.memory.systemWrite(cpu.wide(task), 2, cpu.selector[CpuState.TR]);
    }
    long oldRoot = cpu.cr3;
    boolean valid = paging(root);
    boolean loaded;
    try {
      loaded = loads.look(local, selectors, (flags & FlagBits.VM) != 0, external, registers[CpuState.RSP], wide ? 4 : 2);
    } catch (CpuFault exit) {
      // The host's software is to do something first: it is as if nothing had been done yet.
      paging(oldRoot);
      mark(left, leftByte, busy, descriptor >>> 40 & 0xFF);
      throw exit;
    }
    int vector = cpu.faultVector;
    int error = cpu.faultError;
    enter(selector, descriptor, nests, returns);
    if (!valid) {
      cpu.fault(ExceptionVector.GP, 0);
      return false;
    }
    if (!loaded) {
      cpu.fault(vector, error);
      return false;
    }
    if (pc > cpu.limit[CpuState.CS]) {
      cpu.fault(ExceptionVector.GP, external);
      return false;
    }
    if (traps) {
      cpu.breakpoints.report(0);
      cpu.dr[6] |= TASK_TRAP;
      cpu.events.trap(ExceptionVector.DB);
    }
    return true;
  }

  private void mark(long left, long leftByte, long busy, long busyByte) {
    if (left != -1) {
      cpu.memory.systemWrite(left, 1, leftByte);
    }
    cpu.memory.systemWrite(busy, 1, busyByte);
  }

  /** The descriptor's linear address: that of TR need not be inside of the table any more. */
  private long descriptor(int selector) {
    return cpu.wide(cpu.gdtBase + (selector & 0xFFF8));
  }

  private void probe(long address, int size) {
    cpu.mmu.data(cpu.wide(address), true, true);
    cpu.mmu.data(cpu.wide(address + size - 1), true, true);
  }

  private void read(long task, boolean isWide) {
    wide = isWide;
    int word = isWide ? 4 : 2;
    root = isWide ? word(task + 0x1C, 4) : cpu.cr3;
    pc = word(task + (isWide ? 0x20 : 0x0E), word);
    flags = word(task + (isWide ? 0x24 : 0x10), word);
    for (int i = 0; i < REGISTERS; i++) {
      // The manual doesn't say what the upper halves are behind a switch to a task of 16 bits.
      registers[i] = isWide ? word(task + 0x28 + 4 * i, 4) : word(task + 0x12 + 2 * i, 2) | UPPER_HALF;
    }
    for (int i = 0; i < SEGMENTS; i++) {
      selectors[i] = isWide || i <= CpuState.DS ? (int) word(task + (isWide ? 0x48 + 4 * i : 0x22 + 2 * i), 2) : 0;
    }
    local = (int) word(task + (isWide ? 0x60 : 0x2A), 2);
    traps = isWide && (word(task + 0x64, 2) & 1) != 0;
  }

  private long word(long address, int size) {
    return cpu.memory.systemRead(cpu.wide(address), size);
  }

  /** Stores the task that is left, in the form that its own segment has. */
  private void save(long image) {
    long task = cpu.base[CpuState.TR];
    boolean isWide = (cpu.attributes[CpuState.TR] & 8) != 0;
    int word = isWide ? 4 : 2;
    int from = isWide ? 0x20 : 0x0E;
    probe(task + from, isWide ? 0x5E - from : 0x2A - from);
    store(task + from, word, cpu.pc);
    store(task + from + word, word, image);
    for (int i = 0; i < REGISTERS; i++) {
      store(task + from + (2 + i) * word, word, cpu.r[i]);
    }
    for (int i = 0; i < (isWide ? SEGMENTS : CpuState.DS + 1); i++) {
      store(task + from + (2 + REGISTERS + i) * word, 2, cpu.selector[i]);
    }
  }

  private void store(long address, int size, long value) {
    cpu.memory.systemWrite(cpu.wide(address), size, value);
  }

  /** Pages are those of another task. Returns false if PAE's pointers aren't valid, which stay as they were. */
  private boolean paging(long newRoot) {
    if (!wide || (cpu.cr0 & ControlBits.PG) == 0) {
      return true;
    }
    boolean valid = (cpu.cr4 & ControlBits.PAE) == 0 || cpu.mmu.loadPointers(newRoot);
    cpu.cr3 = newRoot;
    cpu.mmu.flushSpace();
    return valid;
  }

  private void enter(int selector, long descriptor, boolean nests, boolean returns) {
    System.arraycopy(registers, 0, cpu.r, 0, REGISTERS);
    cpu.pc = pc;
    cpu.rflags(flags | (nests ? FlagBits.NT : 0));
    cpu.cr0 |= ControlBits.TS;
    cpu.segments.set(CpuState.TR, selector, Segments.base(descriptor), Segments.limit(descriptor), Segments.attributes(descriptor)
        | BUSY);
    loads.load();
    if ((cpu.dr[7] & LOCAL_BREAKPOINTS) != 0) {
      cpu.dr[7] &= ~LOCAL_BREAKPOINTS;
      cpu.breakpoints.changed();
    }
    cpu.modeChanged();
    if (returns) {
      cpu.interruptReturned();
    }
  }

  /** The error code of an exception is on the new task's stack. */
  private boolean pushed(int error, int external) {
    int size = wide ? 4 : 2;
    long stack = cpu.r[CpuState.RSP] - size;
    try {
      cpu.segments.check(CpuState.SS, stack & cpu.stackMask(), size, true);
      cpu.memory.write(cpu.stackAddress(stack), size, error);
    } catch (CpuFault fault) {
      cpu.faultError |= cpu.faultVector == ExceptionVector.SS ? external : 0;
      return false;
    }
    cpu.stackPointer(stack);
    return true;
  }
}
