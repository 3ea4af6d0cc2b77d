// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongUnaryOperator;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.isa.DecodeMode;

/**
 * The chain of calls that led to where a CPU is, by frame pointers: RBP points to the caller's RBP, above which the return address is (System V ABI, AMD64
 * supplement, 3.2.2). Whatever the guest has there, a walk ends.
 */
final class X64Calls {
  /** A chain goes to higher addresses, but for changes of the stack, as when an interrupt has one of its own. */
  private static final int STACKS = 3;
  /** Words above the stack pointer among which a function without a frame may have its return address. */
  private static final int ABOVE = 16;
  /** The longest CALL: its opcode, ModR/M, SIB and a displacement of 32 bits. */
  private static final int LONGEST_CALL = 7;

  private final Core cpu;

  X64Calls(Core cpu) {
    this.cpu = cpu;
  }

  /** The frames, as {@code InspectedProcessor.calls} says. @param memory of the code that is executed */
  long[] frames(InspectedMemory memory, int most, LongUnaryOperator functionAt) {
    int size = cpu.mode == DecodeMode.LONG_64 ? 8 : 4;
    long[] frames = new long[most];
    frames[0] = cpu.linear(cpu.pc);
    int count = 1;
    long pointer = cpu.r[CpuState.RBP] & (size == 8 ? -1L : 0xFFFF_FFFFL);
    byte[] pair = record(memory, pointer, size);
    long innermost = pair == null ? 0 : word(pair, size, size);
    long caller = withoutFrame(memory, size, innermost, functionAt);
    if (caller != 0 && count < most) {
      frames[count++] = caller - 1;
    }
    for (int stacks = 0; pair != null && count < most;) {
      long address = word(pair, size, size);
      // Code that keeps no frame pointers has data in RBP.
      if (address == 0 || !behindCall(memory, address)) {
        break;
      }
      frames[count++] = address - 1;
      long next = word(pair, 0, size);
      if (Long.compareUnsigned(next, pointer) <= 0 && ++stacks > STACKS) {
        break;
      }
      pointer = next;
      pair = record(memory, pointer, size);
    }
    return Arrays.copyOf(frames, count);
  }

  /**
   * The return address of a function that has no frame, or not yet: the first word from the stack's top on that is behind a call, and in another function. 0 if there is
   * none, or it is the one that the frame pointer leads to.
   */
  private long withoutFrame(InspectedMemory memory, int size, long innermost, LongUnaryOperator functionAt) {
    long here = functionAt.applyAsLong(cpu.linear(cpu.pc));
    long top = cpu.stackAddress(cpu.r[CpuState.RSP]);
    if (here == -1 || (top & size - 1) != 0) {
      return 0;
    }
    for (int i = 0; i < ABOVE; i++) {
      Optional<byte[]> found = memory.read(top + (long) i * size, size);
      if (found.isEmpty()) {
        return 0;
      }
      long address = word(found.get(), 0, size);
      if (address == innermost && address != 0) {
        return 0;
      }
      long function = functionAt.applyAsLong(address - 1);
      if (function != -1 && function != here && behindCall(memory, address)) {
        return address;
      }
    }
    return 0;
  }

  /** Whether there is a CALL before an address: E8 with 32 bits, or FF /2 with its operand. */
  private static boolean behindCall(InspectedMemory memory, long address) {
    Optional<byte[]> code = memory.read(address - LONGEST_CALL, LONGEST_CALL);
    if (code.isEmpty()) {
      return false;
    }
    byte[] bytes = code.get();
    if ((bytes[LONGEST_CALL - 5] & 0xFF) == 0xE8) {
      return true;
    }
    for (int length = 2; length <= LONGEST_CALL; length++) {
      int at = LONGEST_CALL - length;
      if ((bytes[at] & 0xFF) == 0xFF && (bytes[at + 1] >> 3 & 7) == 2) {
        return true;
      }
    }
    return false;
  }

  private static byte[] record(InspectedMemory memory, long pointer, int size) {
    return pointer == 0 || (pointer & size - 1) != 0 ? null : memory.read(pointer, 2 * size).orElse(null);
  }

  /** A little-endian number of some of a few bytes. */
  private static long word(byte[] bytes, int from, int size) {
    long word = 0;
    for (int i = 0; i < size; i++) {
      word |= (bytes[from + i] & 0xFFL) << 8 * i;
    }
    return word;
  }
}
