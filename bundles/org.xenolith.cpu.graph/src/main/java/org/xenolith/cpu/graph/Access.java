// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.graph;

import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.TlbEntry;
import org.xenolith.machine.kit.Ram;

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
      return e.bytes[(int) va + e.delta] & 0xFF;
    }
    return c.memory.read(va, 1);
  }

  static long load16(Cpu c, long va) {
    TlbEntry e = entry(c, va);
    if ((va + 1 & -4096 | c.readContext) == e.read) {
      return (short) Ram.H16.get(e.bytes, (int) va + e.delta) & 0xFFFF;
    }
    return c.memory.read(va, 2);
  }

  static long load32(Cpu c, long va) {
    TlbEntry e = entry(c, va);
    if ((va + 3 & -4096 | c.readContext) == e.read) {
      return (int) Ram.H32.get(e.bytes, (int) va + e.delta) & 0xFFFF_FFFFL;
    }
    return c.memory.read(va, 4);
  }

  static long load64(Cpu c, long va) {
    TlbEntry e = entry(c, va);
    if ((va + 7 & -4096 | c.readContext) == e.read) {
      return (long) Ram.H64.get(e.bytes, (int) va + e.delta);
    }
    return c.memory.read(va, 8);
  }

  static void store8(Cpu c, long va, long value) {
    TlbEntry e = entry(c, va);
    if ((va & -4096 | c.writeContext) == e.write) {
      e.bytes[(int) va + e.delta] = (byte) value;
    } else {
      c.memory.write(va, 1, value);
    }
  }

  static void store16(Cpu c, long va, long value) {
    TlbEntry e = entry(c, va);
    if ((va + 1 & -4096 | c.writeContext) == e.write) {
      Ram.H16.set(e.bytes, (int) va + e.delta, (short) value);
    } else {
      c.memory.write(va, 2, value);
    }
  }

  static void store32(Cpu c, long va, long value) {
    TlbEntry e = entry(c, va);
    if ((va + 3 & -4096 | c.writeContext) == e.write) {
      Ram.H32.set(e.bytes, (int) va + e.delta, (int) value);
    } else {
      c.memory.write(va, 4, value);
    }
  }

  static void store64(Cpu c, long va, long value) {
    TlbEntry e = entry(c, va);
    if ((va + 7 & -4096 | c.writeContext) == e.write) {
      Ram.H64.set(e.bytes, (int) va + e.delta, value);
    } else {
      c.memory.write(va, 8, value);
    }
  }

  /** Unprivileged load of 1, 2, 4 or 8 bytes. */
  static long loadUser(Cpu c, long va, int size) {
    TlbEntry e = entry(c, va);
    if ((va + size - 1 & -4096 | c.userReadContext) == e.read) {
      int at = (int) va + e.delta;
      return switch (size) {
        case 1 -> e.bytes[at] & 0xFF;
        case 2 -> (short) Ram.H16.get(e.bytes, at) & 0xFFFF;
        case 4 -> (int) Ram.H32.get(e.bytes, at) & 0xFFFF_FFFFL;
        default -> (long) Ram.H64.get(e.bytes, at);
      };
    }
    return c.memory.read(va, size, true);
  }

  /** Unprivileged store of 1, 2, 4 or 8 bytes. */
  static void storeUser(Cpu c, long va, int size, long value) {
    TlbEntry e = entry(c, va);
    if ((va + size - 1 & -4096 | c.userWriteContext) == e.write) {
      int at = (int) va + e.delta;
      switch (size) {
        case 1 -> e.bytes[at] = (byte) value;
        case 2 -> Ram.H16.set(e.bytes, at, (short) value);
        case 4 -> Ram.H32.set(e.bytes, at, (int) value);
        default -> Ram.H64.set(e.bytes, at, value);
      }
    } else {
      c.memory.write(va, size, value, true);
    }
  }
}
