// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/**
 * Segment registers and descriptors (Intel SDM volume 3, chapters 3 and 5). Methods may throw {@link CpuFault}.
 */
public final class Segments {
  /** Attribute: accessed. */
  static final int ACCESSED = 1;
  /** Attribute of data: writable; of code: readable. */
  static final int WRITABLE = 1 << 1;
  /** Attribute of data: expands down; of code: conforming. */
  static final int DOWN = 1 << 2;
  /** Attribute: code. */
  static final int CODE = 1 << 3;
  /** Attribute: code or data, not a system segment. */
  static final int NOT_SYSTEM = 1 << 4;
  /** Attribute: present. */
  static final int PRESENT = 1 << 7;
  /** Attribute of code: 64-bit. */
  static final int LONG = 1 << 13;
  /** Attribute: 32-bit. */
  static final int BIG = 1 << 14;
  /** Type: a task gate. */
  static final int TASK_GATE = 5;
  private static final int GRANULAR = 1 << 15;
  private static final int TSS_16 = 1;
  private static final int LDT = 2;
  private static final int TSS = 9;
  private static final int BUSY = 2;
  private static final long FOUR_GIB = 0xFFFF_FFFFL;

  private final Core cpu;

  Segments(Core cpu) {
    this.cpu = cpu;
  }

  // ---- Descriptors

  static long base(long descriptor) {
    return descriptor >>> 16 & 0xFF_FFFF | descriptor >>> 56 << 24;
  }

  static int attributes(long descriptor) {
    return (int) (descriptor >>> 40) & 0xF0FF;
  }

  static long limit(long descriptor) {
    long limit = descriptor & 0xFFFF | descriptor >>> 32 & 0xF_0000;
    return (descriptor >>> 55 & 1) != 0 ? limit << 12 | 0xFFF : limit;
  }

  static int level(int attributes) {
    return attributes >> 5 & 3;
  }

  /** Linear address of a selector's descriptor; -1 if it is beyond its table. */
  long place(int selector, int size) {
    int offset = selector & 0xFFF8;
    if ((selector & 4) == 0) {
      return offset + size - 1 > cpu.gdtLimit ? -1 : cpu.wide(cpu.gdtBase + offset);
    }
    boolean none = (cpu.attributes[CpuState.LDTR] & PRESENT) == 0;
    return none || offset + size - 1 > cpu.limit[CpuState.LDTR] ? -1 : cpu.wide(cpu.base[CpuState.LDTR] + offset);
  }

  /** The descriptor of a selector that isn't null. */
  long descriptor(int selector, int vector) {
    long place = place(selector, 8);
    if (place == -1) {
      throw cpu.fault(vector, selector & 0xFFFC);
    }
    return cpu.memory.systemRead(place, 8);
  }

  /** Marks a code or data segment as accessed. */
  void accessed(int selector, long descriptor) {
    if ((descriptor >>> 40 & ACCESSED) == 0) {
      cpu.memory.systemWrite(place(selector, 8) + 5, 1, descriptor >>> 40 | ACCESSED);
    }
  }

  void set(int segment, int selector, long descriptor) {
    set(segment, selector, base(descriptor), limit(descriptor), attributes(descriptor) | ACCESSED);
  }

  /** Sets a segment register, checked already. */
  public void set(int segment, int selector, long base, long limit, int attributes) {
    cpu.selector[segment] = selector & 0xFFFF;
    // In 64-bit mode code has no base, whatever its descriptor says.
    cpu.base[segment] = segment == CpuState.CS && cpu.longMode() && (attributes & LONG) != 0 ? 0 : base;
    cpu.limit[segment] = limit;
    cpu.attributes[segment] = attributes;
    if (segment < CpuState.LDTR) {
      cpu.selectMode();
    }
  }

  // ---- Loads of data segments

  /** MOV and POP to ES, SS, DS, FS or GS. */
  public void load(int segment, int selector) {
    if (cpu.is8086()) {
      load8086(segment, selector);
      return;
    }
    if (segment == CpuState.SS) {
      loadStack(selector, cpu.cpl, ExceptionVector.GP);
      return;
    }
    if ((selector & 0xFFFC) == 0) {
      set(segment, selector, 0, 0, 0);
      return;
    }
    long descriptor = data(selector, cpu.cpl, ExceptionVector.GP);
    accessed(selector, descriptor);
    set(segment, selector, descriptor);
  }

  /** The same in real-address and virtual-8086 mode: a selector is the number of a paragraph. */
  void load8086(int segment, int selector) {
    long base = (long) (selector & 0xFFFF) << 4;
    if (cpu.real()) {
      set(segment, selector, base, cpu.limit[segment], cpu.attributes[segment] | PRESENT | NOT_SYSTEM | WRITABLE | ACCESSED);
    } else {
      set(segment, selector, base, 0xFFFF, PRESENT | 3 << 5 | NOT_SYSTEM | WRITABLE | ACCESSED);
    }
  }

  /** The descriptor of a segment that may be read from a level, by a selector that isn't null. */
  long data(int selector, int level, int vector) {
    long descriptor = descriptor(selector, vector);
    int attributes = attributes(descriptor);
    boolean code = (attributes & CODE) != 0;
    boolean data = (attributes & NOT_SYSTEM) != 0 && (!code || (attributes & WRITABLE) != 0);
    boolean conforming = code && (attributes & DOWN) != 0;
    if (!data || !conforming && Math.max(selector & 3, level) > level(attributes)) {
      throw cpu.fault(vector, selector & 0xFFFC);
    }
    if ((attributes & PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, selector & 0xFFFC);
    }
    return descriptor;
  }

  /** Loads SS for a level, which is the current one or that of a transfer. */
  void loadStack(int selector, int level, int vector) {
    long descriptor = stack(selector, level, vector, cpu.mode == org.xenolith.x64.isa.DecodeMode.LONG_64);
    if (descriptor == 0) {
      set(CpuState.SS, selector, 0, 0, level << 5);
      return;
    }
    accessed(selector, descriptor);
    set(CpuState.SS, selector, descriptor);
  }

  /**
   * The descriptor of a stack segment; 0 for a null selector where 64-bit mode allows it.
   *
   * @param isLong whether the code that will use it is 64-bit
   */
  long stack(int selector, int level, int vector, boolean isLong) {
    if ((selector & 0xFFFC) == 0) {
      if (isLong && level != 3 && (selector & 3) == level) {
        return 0;
      }
      throw cpu.fault(vector, 0);
    }
    long descriptor = descriptor(selector, vector);
    int attributes = attributes(descriptor);
    boolean writable = (attributes & (NOT_SYSTEM | CODE | WRITABLE)) == (NOT_SYSTEM | WRITABLE);
    if (!writable || (selector & 3) != level || level(attributes) != level) {
      throw cpu.fault(vector, selector & 0xFFFC);
    }
    if ((attributes & PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.SS, selector & 0xFFFC);
    }
    return descriptor;
  }

  /** A return to an outer level: what its code may not use isn't left in the registers. */
  void nullInner(int level) {
    for (int segment = 0; segment <= CpuState.GS; segment++) {
      if (segment == CpuState.CS || segment == CpuState.SS) {
        continue;
      }
      int attributes = cpu.attributes[segment];
      if ((cpu.selector[segment] & 0xFFFC) == 0) {
        // A null selector leaves no level behind, either; what is null has a base nevertheless.
        cpu.selector[segment] = 0;
      }
      boolean conforming = (attributes & (CODE | DOWN)) == (CODE | DOWN);
      if ((attributes & NOT_SYSTEM) != 0 && !conforming && level(attributes) < level) {
        // The base stays: kernels have one of their own in GS behind a selector of level 0.
        set(segment, 0, cpu.base[segment], 0, 0);
      }
    }
  }

  // ---- System segments

  /** LLDT. */
  public void loadLocalTable(int selector) {
    if ((selector & 0xFFFC) == 0) {
      set(CpuState.LDTR, selector, 0, 0, 0);
      return;
    }
    system(CpuState.LDTR, selector, LDT, LDT);
  }

  /** LTR. */
  public void loadTask(int selector) {
    if ((selector & 0xFFFC) == 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    system(CpuState.TR, selector, TSS, cpu.longMode() ? TSS : TSS_16);
    cpu.memory.systemWrite(place(selector, 8) + 5, 1, cpu.attributes[CpuState.TR] | BUSY);
    cpu.attributes[CpuState.TR] |= BUSY;
  }

  private void system(int segment, int selector, int type, int other) {
    int size = cpu.longMode() ? 16 : 8;
    long place = (selector & 4) != 0 ? -1 : place(selector, size);
    if (place == -1) {
      throw cpu.fault(ExceptionVector.GP, selector & 0xFFFC);
    }
    long descriptor = cpu.memory.systemRead(place, 8);
    long high = size == 16 ? cpu.memory.systemRead(place + 8, 8) : 0;
    int attributes = attributes(descriptor);
    int kind = attributes & 0x1F;
    if (kind != type && kind != other || (high >>> 40 & 0x1F) != 0) {
      throw cpu.fault(ExceptionVector.GP, selector & 0xFFFC);
    }
    if ((attributes & PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, selector & 0xFFFC);
    }
    long base = base(descriptor) | high << 32;
    if (size == 16 && !Mmu.canonical(base)) {
      throw cpu.fault(ExceptionVector.GP, selector & 0xFFFC);
    }
    set(segment, selector, base, limit(descriptor), attributes);
  }

  // ---- Queries

  /** VERR, VERW: whether a segment may be read, or written, from the current level. */
  public boolean verify(int selector, boolean write) {
    int attributes = query(selector);
    if ((attributes & NOT_SYSTEM) == 0) {
      return false;
    }
    boolean code = (attributes & CODE) != 0;
    boolean able = write ? !code && (attributes & WRITABLE) != 0 : !code || (attributes & WRITABLE) != 0;
    return able && ((attributes & (CODE | DOWN)) == (CODE | DOWN) || Math.max(selector & 3, cpu.cpl) <= level(attributes));
  }

  /** LAR: the access rights of a segment, or -1. */
  public long rights(int selector) {
    if (!visible(selector, false)) {
      return -1;
    }
    return cpu.memory.systemRead(place(selector, 8), 8) >>> 32 & 0xFF_FF00;
  }

  /** LSL: the limit of a segment, or -1. */
  public long limit(int selector) {
    if (!visible(selector, true)) {
      return -1;
    }
    return limit(cpu.memory.systemRead(place(selector, 8), 8));
  }

  private int query(int selector) {
    long place = (selector & 0xFFFC) == 0 ? -1 : place(selector, 8);
    return place == -1 ? 0 : attributes(cpu.memory.systemRead(place, 8));
  }

  private boolean visible(int selector, boolean limit) {
    long place = (selector & 0xFFFC) == 0 ? -1 : place(selector, 8);
    if (place == -1) {
      return false;
    }
    int attributes = attributes(cpu.memory.systemRead(place, 8));
    if ((attributes & NOT_SYSTEM) == 0) {
      int type = attributes & 15;
      boolean legacy = type == 1 || type == 3 || !limit && (type == 4 || type == 5);
      boolean known = type == LDT || type == TSS || type == TSS + BUSY || !limit && type == 12 || !cpu.longMode() && legacy;
      if (!known) {
        return false;
      }
    }
    return (attributes & (NOT_SYSTEM | CODE | DOWN)) == (NOT_SYSTEM | CODE | DOWN) || Math.max(selector & 3, cpu.cpl) <= level(attributes);
  }

  // ---- Use

  /** Whether accesses through ES, CS, SS and DS need neither a base nor a check: all of them are flat. */
  boolean flat() {
    for (int segment = 0; segment <= CpuState.DS; segment++) {
      int attributes = cpu.attributes[segment];
      boolean usable = segment == CpuState.CS ? (attributes & WRITABLE) != 0 : (attributes & (CODE | DOWN | WRITABLE)) == WRITABLE;
      if (!usable || cpu.base[segment] != 0 || cpu.limit[segment] != FOUR_GIB || (attributes & PRESENT) == 0) {
        return false;
      }
    }
    return true;
  }

  /** Checks an access of so many bytes at an offset outside of 64-bit mode. */
  public void check(int segment, long offset, int size, boolean write) {
    int attributes = cpu.attributes[segment];
    boolean real = cpu.real();
    boolean code = (attributes & CODE) != 0;
    boolean able = write ? !code && (attributes & WRITABLE) != 0 : !code || (attributes & WRITABLE) != 0;
    boolean usable = real || (attributes & PRESENT) != 0 && able;
    if (!usable || !inside(offset, size, cpu.limit[segment], attributes)) {
      throw cpu.fault(segment == CpuState.SS ? ExceptionVector.SS : ExceptionVector.GP, 0);
    }
  }

  /** Whether so many bytes at an offset are inside of a segment. */
  private static boolean inside(long offset, int size, long limit, int attributes) {
    long last = offset + size - 1;
    if ((attributes & (CODE | DOWN)) == DOWN) {
      return offset > limit && last <= ((attributes & BIG) != 0 ? FOUR_GIB : 0xFFFF);
    }
    return last <= limit;
  }

  /** Whether so many words can be pushed to a stack outside of 64-bit mode. */
  static boolean room(long pointer, int words, int size, long limit, int attributes) {
    long mask = stackMask(attributes);
    for (int i = 1; i <= words; i++) {
      if (!inside(pointer - (long) i * size & mask, size, limit, attributes)) {
        return false;
      }
    }
    return true;
  }

  /** The bits of a stack pointer that a stack segment uses outside of 64-bit mode. */
  static long stackMask(int attributes) {
    return (attributes & BIG) != 0 ? FOUR_GIB : 0xFFFF;
  }

  /** After reset: real mode with what the first instruction is fetched through. */
  void reset() {
    for (int segment = 0; segment <= CpuState.TR; segment++) {
      set(segment, 0, 0, 0xFFFF, segment == CpuState.LDTR ? 0x82 : segment == CpuState.TR ? 0x8B : 0x93);
    }
  }

  /** Flat 32-bit segments as the PVH boot ABI has them: the selectors mean nothing. */
  void flat32() {
    int data = GRANULAR | BIG | PRESENT | NOT_SYSTEM | WRITABLE | ACCESSED;
    for (int segment = 0; segment <= CpuState.GS; segment++) {
      set(segment, 0, 0, FOUR_GIB, segment == CpuState.CS ? data | CODE : data);
    }
    set(CpuState.LDTR, 0, 0, 0, 0x82);
    set(CpuState.TR, 0, 0, 0x67, 0x8B);
  }
}
