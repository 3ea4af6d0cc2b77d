// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.cpu.arch.GuestView;
import org.xenolith.profile.Symbols.Symbol;

/**
 * The chain of calls that led to where a CPU is, by frame records: X29 points to a pair of the caller's X29 and the return address
 * (AAPCS64, The Frame Pointer). Whatever the guest has there, a walk ends.
 */
final class StackWalk {
  /** Most frames. */
  static final int DEPTH = 64;
  /** A chain goes to higher addresses, but for changes of the stack, as when an interrupt has one of its own. */
  private static final int STACKS = 3;
  private static final int PAIR = 16;

  private final Cpu cpu;
  private final GuestView view;

  StackWalk(Cpu cpu, GuestView view) {
    this.cpu = cpu;
    this.view = view;
  }

  /**
   * The frames, the innermost first: where the CPU is, then addresses of calls.
   *
   * @param symbols of the code there, as far as they are known: without, the caller of a function that has no frame record is left out
   */
  long[] frames(Symbols symbols) {
    long[] frames = new long[DEPTH];
    frames[0] = cpu.pc;
    int count = 1;
    int level = cpu.el;
    long pointer = cpu.x[29];
    byte[] pair = record(pointer, level);
    long link = cpu.x[30];
    // A function without a frame record, or before it made one or after it dropped it: who called it is in X30 only.
    if ((pair == null || word(pair, 8) != link) && called(link, level, symbols)) {
      frames[count++] = link - 4;
    }
    for (int stacks = 0; pair != null && count < DEPTH;) {
      long caller = word(pair, 8);
      if (caller == 0) {
        break;
      }
      frames[count++] = caller - 4;
      long next = word(pair, 0);
      if (Long.compareUnsigned(next, pointer) <= 0 && ++stacks > STACKS) {
        break;
      }
      pointer = next;
      pair = record(pointer, level);
    }
    return Arrays.copyOf(frames, count);
  }

  /** Whether an address in X30 is a caller's: behind a call, and not left there by a call that the current function made. */
  private boolean called(long link, int level, Symbols symbols) {
    Symbol caller = symbols.at(link - 4);
    if (caller == null || caller == symbols.at(cpu.pc)) {
      return false;
    }
    byte[] call = (link & 3) != 0 ? null : view.bytes(link - 4, level, 4);
    if (call == null) {
      return false;
    }
    int word = (int) word(call);
    // BL or BLR.
    return (word & 0xFC00_0000) == 0x9400_0000 || (word & 0xFFFF_FC1F) == 0xD63F_0000;
  }

  private byte[] record(long pointer, int level) {
    return pointer == 0 || (pointer & 7) != 0 ? null : view.bytes(pointer, level, PAIR);
  }

  private static int word(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  private static long word(byte[] bytes, int at) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
  }
}
