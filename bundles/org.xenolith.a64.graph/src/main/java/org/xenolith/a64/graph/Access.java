// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.TlbEntry;
import org.xenolith.machine.kit.HostMemory;

/** Loads and stores: the inline path through the data TLB's tags, with {@code Memory} for everything else. */
final class Access {
  private Access() {}

  private static TlbEntry entry(Cpu c, long va) {
    TlbEntry[] entries = c.data;
    return entries[Cpu.tlbIndex(va) & entries.length - 1];
  }

  static long load8(Cpu c, long va) {
    TlbEntry e = entry(c, va);
    if ((va & -4096 | c.readContext) == e.read) {
      return HostMemory.read8(e.heap, va + e.delta);
    }
    return c.memory.read(va, 1);
  }

  static long load16(Cpu c, long va) {
    TlbEntry e = entry(c, va);
    if ((va + 1 & -4096 | c.readContext) == e.read) {
      return HostMemory.read16(e.heap, va + e.delta);
    }
    return c.memory.read(va, 2);
  }

  static long load32(Cpu c, long va) {
    TlbEntry e = entry(c, va);
    if ((va + 3 & -4096 | c.readContext) == e.read) {
      return HostMemory.read32(e.heap, va + e.delta);
    }
    return c.memory.read(va, 4);
  }

  static long load64(Cpu c, long va) {
    TlbEntry e = entry(c, va);
    if ((va + 7 & -4096 | c.readContext) == e.read) {
      return HostMemory.read64(e.heap, va + e.delta);
    }
    return c.memory.read(va, 8);
  }

  static void store8(Cpu c, long va, long value) {
    TlbEntry e = entry(c, va);
    if ((va & -4096 | c.writeContext) == e.write) {
      HostMemory.write8(e.heap, va + e.delta, value);
    } else {
      c.memory.write(va, 1, value);
    }
  }

  static void store16(Cpu c, long va, long value) {
    TlbEntry e = entry(c, va);
    if ((va + 1 & -4096 | c.writeContext) == e.write) {
      HostMemory.write16(e.heap, va + e.delta, value);
    } else {
      c.memory.write(va, 2, value);
    }
  }

  static void store32(Cpu c, long va, long value) {
    TlbEntry e = entry(c, va);
    if ((va + 3 & -4096 | c.writeContext) == e.write) {
      HostMemory.write32(e.heap, va + e.delta, value);
    } else {
      c.memory.write(va, 4, value);
    }
  }

  static void store64(Cpu c, long va, long value) {
    TlbEntry e = entry(c, va);
    if ((va + 7 & -4096 | c.writeContext) == e.write) {
      HostMemory.write64(e.heap, va + e.delta, value);
    } else {
      c.memory.write(va, 8, value);
    }
  }

  /** Unprivileged load of 1, 2, 4 or 8 bytes. */
  static long loadUser(Cpu c, long va, int size) {
    TlbEntry e = entry(c, va);
    if ((va + size - 1 & -4096 | c.userReadContext) == e.read) {
      long at = va + e.delta;
      return switch (size) {
        case 1 -> HostMemory.read8(e.heap, at);
        case 2 -> HostMemory.read16(e.heap, at);
        case 4 -> HostMemory.read32(e.heap, at);
        default -> HostMemory.read64(e.heap, at);
      };
    }
    return c.memory.read(va, size, true);
  }

  /** Unprivileged store of 1, 2, 4 or 8 bytes. */
  static void storeUser(Cpu c, long va, int size, long value) {
    TlbEntry e = entry(c, va);
    if ((va + size - 1 & -4096 | c.userWriteContext) == e.write) {
      long at = va + e.delta;
      switch (size) {
        case 1 -> HostMemory.write8(e.heap, at, value);
        case 2 -> HostMemory.write16(e.heap, at, value);
        case 4 -> HostMemory.write32(e.heap, at, value);
        default -> HostMemory.write64(e.heap, at, value);
      }
    } else {
      c.memory.write(va, size, value, true);
    }
  }
}
