// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;

/** Pushes and pops. Methods may throw {@code CpuFault} before anything has changed. */
final class StackAccess {
  private StackAccess() {}

  /** @param size bytes: 2, 4 or 8 */
  static void push(Core c, long[] r, int size, long value) {
    long pointer = r[CpuState.RSP] - size;
    if (c.mode == DecodeMode.LONG_64) {
      if (size == 8) {
        c.store64(pointer, value);
      } else {
        c.store16(pointer, value);
      }
      r[CpuState.RSP] = pointer;
      return;
    }
    store(c, pointer, size, value);
    c.stackPointer(pointer);
  }

  /** Stores at a value of RSP, which doesn't change. */
  static void store(Core c, long pointer, int size, long value) {
    if (!c.flat) {
      c.segments.check(CpuState.SS, pointer & c.stackMask(), size, true);
    }
    long at = c.stackAddress(pointer);
    switch (size) {
      case 2 -> c.store16(at, value);
      case 4 -> c.store32(at, value);
      default -> c.store64(at, value);
    }
  }

  /** The word at a value of RSP, zero-extended. */
  static long load(Core c, long pointer, int size) {
    if (!c.flat) {
      c.segments.check(CpuState.SS, pointer & c.stackMask(), size, false);
    }
    long at = c.stackAddress(pointer);
    return switch (size) {
      case 2 -> c.load16(at);
      case 4 -> c.load32(at);
      default -> c.load64(at);
    };
  }

  static long pop(Core c, long[] r, int size) {
    long pointer = r[CpuState.RSP];
    long value = load(c, pointer, size);
    c.stackPointer(pointer + size);
    return value;
  }
}
