// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.regions;

import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.TlbEntry;
import org.xenolith.machine.kit.Ram;

/**
 * The TLB's entries and little-endian words of guest RAM, as calls: a method handle in the code of regions would be slow as long
 * as the JVM interprets it, and takes its first compiler long. Its second compiler inlines these.
 */
public final class Words {
  private Words() {}

  /** The place of a virtual address in {@code Cpu.data}. */
  public static TlbEntry entry(TlbEntry[] data, long va) {
    return data[Cpu.tlbIndex(va) & data.length - 1];
  }

  /** Reads 16 bits, zero-extended. */
  public static long read16(byte[] bytes, int at) {
    return (short) Ram.H16.get(bytes, at) & 0xFFFF;
  }

  /** Reads 32 bits, zero-extended. */
  public static long read32(byte[] bytes, int at) {
    return (int) Ram.H32.get(bytes, at) & 0xFFFF_FFFFL;
  }

  /** Reads 64 bits. */
  public static long read64(byte[] bytes, int at) {
    return (long) Ram.H64.get(bytes, at);
  }

  /** Writes the low 16 bits. */
  public static void write16(byte[] bytes, int at, long value) {
    Ram.H16.set(bytes, at, (short) value);
  }

  /** Writes the low 32 bits. */
  public static void write32(byte[] bytes, int at, long value) {
    Ram.H32.set(bytes, at, (int) value);
  }

  /** Writes 64 bits. */
  public static void write64(byte[] bytes, int at, long value) {
    Ram.H64.set(bytes, at, value);
  }

  /** Clears 64 bytes. */
  public static void zero64(byte[] bytes, int at) {
    for (int i = 0; i < 64; i += 8) {
      Ram.H64.set(bytes, at + i, 0L);
    }
  }
}
