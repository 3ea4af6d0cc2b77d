// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.a64;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.inspect.api.InspectedMemory;

/**
 * The chain of calls that led to where a CPU is, by frame records: X29 points to a pair of the caller's X29 and the return address
 * (AAPCS64, The Frame Pointer). Whatever the guest has there, a walk ends.
 */
final class A64Calls {
  /** A chain goes to higher addresses, but for changes of the stack, as when an interrupt has one of its own. */
  private static final int STACKS = 3;
  private static final int PAIR = 16;

  private final Cpu cpu;

  A64Calls(Cpu cpu) {
    this.cpu = cpu;
  }

  /** The frames, as {@code InspectedProcessor.calls} says. @param memory of the code that is executed */
  long[] frames(InspectedMemory memory, int most, LongUnaryOperator functionAt) {
    long[] frames = new long[most];
    frames[0] = cpu.pc;
    int count = 1;
    long pointer = cpu.x[29];
    byte[] pair = record(memory, pointer);
    long link = cpu.x[30];
    // A function without a frame record, or before it made one or after it dropped it: who called it is in X30 only.
    if (count < most && (pair == null || A64Memory.word(pair, 8, 8) != link) && called(memory, link, functionAt)) {
      frames[count++] = link - 4;
    }
    for (int stacks = 0; pair != null && count < most;) {
      long caller = A64Memory.word(pair, 8, 8);
      if (caller == 0) {
        break;
      }
      frames[count++] = caller - 4;
      long next = A64Memory.word(pair, 0, 8);
      if (Long.compareUnsigned(next, pointer) <= 0 && ++stacks > STACKS) {
        break;
      }
      pointer = next;
      pair = record(memory, pointer);
    }
    return Arrays.copyOf(frames, count);
  }

  /** Whether an address in X30 is a caller's: behind a call, and not left there by a call that the current function made. */
  private boolean called(InspectedMemory memory, long link, LongUnaryOperator functionAt) {
    long caller = functionAt.applyAsLong(link - 4);
    if (caller == -1 || caller == functionAt.applyAsLong(cpu.pc)) {
      return false;
    }
    Optional<byte[]> call = (link & 3) != 0 ? Optional.empty() : memory.read(link - 4, 4);
    if (call.isEmpty()) {
      return false;
    }
    int word = (int) A64Memory.word(call.get(), 0, 4);
    // BL or BLR.
    return (word & 0xFC00_0000) == 0x9400_0000 || (word & 0xFFFF_FC1F) == 0xD63F_0000;
  }

  private static byte[] record(InspectedMemory memory, long pointer) {
    return pointer == 0 || (pointer & 7) != 0 ? null : memory.read(pointer, PAIR).orElse(null);
  }
}
