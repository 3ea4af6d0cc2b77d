// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/**
 * The segment registers of a task that is switched to: all are looked up first, then loaded at once (Intel SDM volume 3, table 9-1). Behind the first that can't be used all are loaded
 * with their selectors only.
 */
final class SegmentLoads {
  private static final int LOCAL_TABLE_TYPE = 2;
  /** The order that registers are looked up in. */
  private static final int[] ORDER = {CpuState.CS, CpuState.SS, CpuState.ES, CpuState.DS, CpuState.FS, CpuState.GS};

  private final Core cpu;
  private final int[] selectors = new int[6];
  /** Of registers that may be used; 0 for others. */
  private final long[] descriptors = new long[6];
  private boolean virtual;
  private int local;
  private long localDescriptor;

  SegmentLoads(Core cpu) {
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
    long base = cpu.base[CpuState.LDTR];
    long limit = cpu.limit[CpuState.LDTR];
    int attributes = cpu.attributes[CpuState.LDTR];
    try {
      lookUp();
      touchStack(stack, size);
      return true;
    } catch (CpuFault fault) {
      if (cpu.host.exits()) {
        throw fault;
      }
      cpu.faultError |= cpu.faultVector == ExceptionVector.PF ? 0 : external;
      return false;
    } finally {
      cpu.base[CpuState.LDTR] = base;
      cpu.limit[CpuState.LDTR] = limit;
      cpu.attributes[CpuState.LDTR] = attributes;
    }
  }

  private void lookUp() {
    localTable();
    if (virtual) {
      return;
    }
    int level = selectors[CpuState.CS] & 3;
    for (int segment : ORDER) {
      int selector = selectors[segment];
      long descriptor = switch (segment) {
        case CpuState.CS -> code(selector);
        case CpuState.SS -> cpu.segments.stack(selector, level, ExceptionVector.TS, false);
        default -> (selector & 0xFFFC) == 0 ? 0 : cpu.segments.data(selector, level, ExceptionVector.TS);
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
      cpu.attributes[CpuState.LDTR] = 0;
      return;
    }
    long place = (local & 4) != 0 ? -1 : cpu.segments.place(local, 8);
    long descriptor = place == -1 ? 0 : cpu.memory.systemRead(place, 8);
    int attributes = Segments.attributes(descriptor);
    if ((attributes & 0x1F) != LOCAL_TABLE_TYPE || (attributes & Segments.PRESENT) == 0) {
      cpu.attributes[CpuState.LDTR] = 0;
      throw cpu.fault(ExceptionVector.TS, error);
    }
    localDescriptor = descriptor;
    cpu.base[CpuState.LDTR] = Segments.base(descriptor);
    cpu.limit[CpuState.LDTR] = Segments.limit(descriptor);
    cpu.attributes[CpuState.LDTR] = attributes;
  }

  private long code(int selector) {
    int error = selector & 0xFFFC;
    if (error == 0) {
      throw cpu.fault(ExceptionVector.TS, 0);
    }
    long descriptor = cpu.segments.descriptor(selector, ExceptionVector.TS);
    int attributes = Segments.attributes(descriptor);
    boolean isCode = (attributes & (Segments.NOT_SYSTEM | Segments.CODE)) == (Segments.NOT_SYSTEM | Segments.CODE);
    int level = Segments.level(attributes);
    boolean its = (attributes & Segments.DOWN) != 0 ? level <= (selector & 3) : level == (selector & 3);
    if (!isCode || !its) {
      throw cpu.fault(ExceptionVector.TS, error);
    }
    if ((attributes & Segments.PRESENT) == 0) {
      throw cpu.fault(ExceptionVector.NP, error);
    }
    return descriptor;
  }

  /** A host's software that has the page of the stack to make does that before the switch, not in the midst of it. */
  private void touchStack(long stack, int size) {
    if (!cpu.host.attached() || virtual) {
      return;
    }
    long descriptor = descriptors[CpuState.SS];
    long mask = Segments.stackMask(Segments.attributes(descriptor));
    long base = Segments.base(descriptor);
    boolean implicit = (selectors[CpuState.CS] & 3) != 3;
    try {
      cpu.mmu.data(cpu.wide(base + (stack - size & mask)), true, implicit);
      cpu.mmu.data(cpu.wide(base + (stack - 1 & mask)), true, implicit);
    } catch (CpuFault fault) {
      if (cpu.host.exits()) {
        throw fault;
      }
      // If there is an error code, that meets it again.
    }
  }

  /** Loads them, and the level. */
  void load() {
    if (localDescriptor == 0) {
      cpu.segments.set(CpuState.LDTR, local, 0, 0, 0);
    } else {
      cpu.segments.set(CpuState.LDTR, local, Segments.base(localDescriptor), Segments.limit(localDescriptor), Segments.attributes(
          localDescriptor));
    }
    cpu.cpl = virtual ? 3 : selectors[CpuState.CS] & 3;
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
