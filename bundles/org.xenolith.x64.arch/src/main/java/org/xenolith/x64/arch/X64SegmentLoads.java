// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/**
 * The segment registers of a task that is switched to: all are looked up first, then loaded at once (Intel SDM volume 3, table 9-1). Behind the first that can't be used all are loaded
 * with their selectors only.
 */
final class X64SegmentLoads {
  private static final int LOCAL_TABLE_TYPE = 2;
  /** The order that registers are looked up in. */
  private static final int[] ORDER = {X64State.CS, X64State.SS, X64State.ES, X64State.DS, X64State.FS, X64State.GS};

  private final X64Core cpu;
  private final int[] selectors = new int[6];
  /** Of registers that may be used; 0 for others. */
  private final long[] descriptors = new long[6];
  private boolean virtual;
  private int local;
  private long localDescriptor;

  X64SegmentLoads(X64Core cpu) {
    this.cpu = cpu;
  }

  /**
   * Looks up all, in the tables that are mapped now; descriptors are marked as accessed.
   *
   * @param table    selector of LDTR
   * @param all      selectors of ES, CS, SS, DS, FS and GS
   * @param is8086   whether they are those of virtual-8086 mode
   * @param external EXT of error codes
   * @param stack    the stack pointer, below which an error code may come
   * @param size     bytes of that
   * @return whether all may be used; else the exception is noted
   */
  boolean look(int table, int[] all, boolean is8086, int external, long stack, int size) {
    System.arraycopy(all, 0, selectors, 0, selectors.length);
    java.util.Arrays.fill(descriptors, 0);
    local = table;
    localDescriptor = 0;
    virtual = is8086;
    long base = cpu.base[X64State.LDTR];
    long limit = cpu.limit[X64State.LDTR];
    int attributes = cpu.attributes[X64State.LDTR];
    try {
      lookUp();
      touchStack(stack, size);
      return true;
    } catch (X64Fault fault) {
      if (cpu.host.exits()) {
        throw fault;
      }
      cpu.faultError |= cpu.faultVector == X64Vector.PF ? 0 : external;
      return false;
    } finally {
      cpu.base[X64State.LDTR] = base;
      cpu.limit[X64State.LDTR] = limit;
      cpu.attributes[X64State.LDTR] = attributes;
    }
  }

  private void lookUp() {
    localTable();
    if (virtual) {
      return;
    }
    int level = selectors[X64State.CS] & 3;
    for (int segment : ORDER) {
      int selector = selectors[segment];
      long descriptor = switch (segment) {
        case X64State.CS -> code(selector);
        case X64State.SS -> cpu.segments.stack(selector, level, X64Vector.TS, false);
        default -> (selector & 0xFFFC) == 0 ? 0 : cpu.segments.data(selector, level, X64Vector.TS);
      };
      if (descriptor != 0) {
        cpu.segments.accessed(selector, descriptor);
        descriptors[segment] = descriptor;
      }
    }
  }

  private void localTable() {
    int error = local & 0xFFFC;
    if (error == 0) {
      cpu.attributes[X64State.LDTR] = 0;
      return;
    }
    long place = (local & 4) != 0 ? -1 : cpu.segments.place(local, 8);
    long descriptor = place == -1 ? 0 : cpu.memory.systemRead(place, 8);
    int attributes = X64Segments.attributes(descriptor);
    if ((attributes & 0x1F) != LOCAL_TABLE_TYPE || (attributes & X64Segments.PRESENT) == 0) {
      cpu.attributes[X64State.LDTR] = 0;
      throw cpu.fault(X64Vector.TS, error);
    }
    localDescriptor = descriptor;
    cpu.base[X64State.LDTR] = X64Segments.base(descriptor);
    cpu.limit[X64State.LDTR] = X64Segments.limit(descriptor);
    cpu.attributes[X64State.LDTR] = attributes;
  }

  private long code(int selector) {
    int error = selector & 0xFFFC;
    if (error == 0) {
      throw cpu.fault(X64Vector.TS, 0);
    }
    long descriptor = cpu.segments.descriptor(selector, X64Vector.TS);
    int attributes = X64Segments.attributes(descriptor);
    boolean isCode = (attributes & (X64Segments.NOT_SYSTEM | X64Segments.CODE)) == (X64Segments.NOT_SYSTEM | X64Segments.CODE);
    int level = X64Segments.level(attributes);
    boolean its = (attributes & X64Segments.DOWN) != 0 ? level <= (selector & 3) : level == (selector & 3);
    if (!isCode || !its) {
      throw cpu.fault(X64Vector.TS, error);
    }
    if ((attributes & X64Segments.PRESENT) == 0) {
      throw cpu.fault(X64Vector.NP, error);
    }
    return descriptor;
  }

  /** A host's software that has the page of the stack to make does that before the switch, not in the midst of it. */
  private void touchStack(long stack, int size) {
    if (!cpu.host.attached() || virtual) {
      return;
    }
    long descriptor = descriptors[X64State.SS];
    long mask = X64Segments.stackMask(X64Segments.attributes(descriptor));
    long base = X64Segments.base(descriptor);
    boolean implicit = (selectors[X64State.CS] & 3) != 3;
    try {
      cpu.mmu.data(cpu.wide(base + (stack - size & mask)), true, implicit);
      cpu.mmu.data(cpu.wide(base + (stack - 1 & mask)), true, implicit);
    } catch (X64Fault fault) {
      if (cpu.host.exits()) {
        throw fault;
      }
      // If there is an error code, that meets it again.
    }
  }

  /** Loads them, and the level. */
  void load() {
    if (localDescriptor == 0) {
      cpu.segments.set(X64State.LDTR, local, 0, 0, 0);
    } else {
      cpu.segments.set(X64State.LDTR, local, X64Segments.base(localDescriptor), X64Segments.limit(localDescriptor), X64Segments.attributes(
          localDescriptor));
    }
    cpu.cpl = virtual ? 3 : selectors[X64State.CS] & 3;
    for (int segment : ORDER) {
      long descriptor = descriptors[segment];
      if (virtual) {
        cpu.segments.load8086(segment, selectors[segment]);
      } else if (descriptor != 0) {
        cpu.segments.set(segment, selectors[segment], descriptor);
      } else {
        cpu.segments.set(segment, selectors[segment], 0, 0, 0);
      }
    }
  }
}
