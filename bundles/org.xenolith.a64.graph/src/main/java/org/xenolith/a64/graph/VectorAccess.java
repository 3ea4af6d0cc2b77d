// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.graph;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.TlbEntry;
import org.xenolith.machine.kit.HostMemory;

/** Loads and stores of vector registers. {@code at} is twice the register's number; size is a power of two of bytes, 0 to 4. */
final class VectorAccess {
  private VectorAccess() {}

  private static TlbEntry entry(Cpu c, long va) {
    TlbEntry[] entries = c.data;
    return entries[Cpu.tlbIndex(va) & entries.length - 1];
  }

  /** Loads a register; the bytes above the access are cleared. */
  static void load(Cpu c, long va, int size, int at) {
    long low;
    switch (size) {
      case 0 -> low = Access.load8(c, va);
      case 1 -> low = Access.load16(c, va);
      case 2 -> low = Access.load32(c, va);
      case 3 -> low = Access.load64(c, va);
      default -> {
        load128(c, va, at);
        return;
      }
    }
    c.v[at] = low;
    c.v[at + 1] = 0;
  }

  static void load128(Cpu c, long va, int at) {
    long[] v = c.v;
    TlbEntry e = entry(c, va);
    if ((va + 15 & -4096 | c.readContext) == e.read) {
      long from = va + e.delta;
      v[at] = HostMemory.read64(e.heap, from);
      v[at + 1] = HostMemory.read64(e.heap, from + 8);
      return;
    }
    c.memory.checkAlignment(va, 16, false);
    long low = Access.load64(c, va);
    v[at + 1] = Access.load64(c, va + 8);
    v[at] = low;
  }

  static void store(Cpu c, long va, int size, int at) {
    long low = c.v[at];
    switch (size) {
      case 0 -> Access.store8(c, va, low);
      case 1 -> Access.store16(c, va, low);
      case 2 -> Access.store32(c, va, low);
      case 3 -> Access.store64(c, va, low);
      default -> store128(c, va, at);
    }
  }

  static void store128(Cpu c, long va, int at) {
    long[] v = c.v;
    TlbEntry e = entry(c, va);
    if ((va + 15 & -4096 | c.writeContext) == e.write) {
      long to = va + e.delta;
      HostMemory.write64(e.heap, to, v[at]);
      HostMemory.write64(e.heap, to + 8, v[at + 1]);
      return;
    }
    c.memory.checkAlignment(va, 16, true);
    Access.store64(c, va, v[at]);
    Access.store64(c, va + 8, v[at + 1]);
  }

  /** Loads {@code count} elements of {@code size} (0 to 3) that lie one after the other, packed into {@code to}. */
  static void loadElements(Cpu c, long va, int count, int size, long[] to) {
    int bytes = count << size;
    TlbEntry e = entry(c, va);
    if ((va + bytes - 1 & -4096 | c.readContext) == e.read && (bytes & 7) == 0) {
      long from = va + e.delta;
      for (int i = 0; i < bytes; i += 8) {
        to[i >> 3] = HostMemory.read64(e.heap, from + i);
      }
      return;
    }
    for (int i = 0; i < bytes; i += 8) {
      to[i >> 3] = 0;
    }
    for (int i = 0; i < count; i++) {
      to[i << size >> 3] |= loadElement(c, va + (i << size), size) << 8 * (i << size & 7);
    }
  }

  /** Stores {@code count} elements of {@code size} packed in {@code from}, one after the other. */
  static void storeElements(Cpu c, long va, int count, int size, long[] from) {
    int bytes = count << size;
    TlbEntry e = entry(c, va);
    if ((va + bytes - 1 & -4096 | c.writeContext) == e.write && (bytes & 7) == 0) {
      long to = va + e.delta;
      for (int i = 0; i < bytes; i += 8) {
        HostMemory.write64(e.heap, to + i, from[i >> 3]);
      }
      return;
    }
    for (int i = 0; i < count; i++) {
      storeElement(c, va + (i << size), size, from[i << size >> 3] >>> 8 * (i << size & 7));
    }
  }

  static long loadElement(Cpu c, long va, int size) {
    return switch (size) {
      case 0 -> Access.load8(c, va);
      case 1 -> Access.load16(c, va);
      case 2 -> Access.load32(c, va);
      default -> Access.load64(c, va);
    };
  }

  static void storeElement(Cpu c, long va, int size, long value) {
    switch (size) {
      case 0 -> Access.store8(c, va, value);
      case 1 -> Access.store16(c, va, value);
      case 2 -> Access.store32(c, va, value);
      default -> Access.store64(c, va, value);
    }
  }
}
