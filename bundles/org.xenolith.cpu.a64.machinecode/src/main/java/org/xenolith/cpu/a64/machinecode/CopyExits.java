// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.lang.foreign.MemorySegment;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.machine.kit.HostMemory;

/**
 * Does many rounds of a {@link CopyLoop} at once, as far as they stay in two pages that code has tags for, and in the instructions that are left. What code
 * comes to is what it would have come to by itself; everything else, faults included, it does itself.
 */
final class CopyExits {
  /** Rounds for which it is worth it to leave code. */
  static final int LEAST = 64;
  private static final int PAGE = 4096;
  private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private final NativeState state;

  CopyExits(NativeState state) {
    this.state = state;
  }

  /** Code stands before a loop. */
  void copy(int loop) {
    int before = CopyLoop.beforeAccess(loop);
    long index = register(CopyLoop.index(loop));
    long source = register(CopyLoop.from(loop)) + index + before;
    long target = register(CopyLoop.to(loop)) + index + before;
    long rounds = Math.min(rounds(loop, index), Math.min(room(loop, source), room(loop, target)));
    int from = StateLayout.DATA + Cpu.tlbIndex(source) * StateLayout.DATA_ENTRY;
    int to = StateLayout.DATA + Cpu.tlbIndex(target) * StateLayout.DATA_ENTRY;
    long tag = target & -PAGE | state.word(StateLayout.WRITE);
    if (state.word(from) != (source & -PAGE | state.word(StateLayout.READ))) {
      return;
    }
    if (state.word(to + 8) != tag) {
      rounds = Math.min(rounds, unwatched(loop, target, tag));
    }
    long read = source + state.word(from + AccessCode.DELTA - StateLayout.DATA);
    long write = target + state.word(to + AccessCode.DELTA - StateLayout.DATA);
    // What was written a few rounds before is read again: no more rounds at once than that.
    long behind = CopyLoop.times(loop, 1) * (write - read);
    if (behind > 0 && behind < rounds) {
      rounds = behind;
    }
    if (rounds > 0) {
      move(loop, read, write, (int) rounds);
      done(loop, index, (int) rounds, write);
    }
  }

  private long register(int number) {
    return state.word(StateLayout.general(number));
  }

  /** So many can be done before the index is at its limit, of what is left. */
  private long rounds(int loop, long index) {
    long left = state.word(StateLayout.LEFT) / CopyLoop.length(loop);
    long until = CopyLoop.times(loop, 1) * (register(CopyLoop.limit(loop)) - (index + CopyLoop.beforeComparison(loop)));
    return until < 0 ? left : Math.min(until, left);
  }

  /** So many bytes are in an address's page, from there on. */
  private static int room(int loop, long address) {
    int offset = (int) address & PAGE - 1;
    return CopyLoop.times(loop, 1) < 0 ? offset + 1 : PAGE - offset;
  }

  /** So many bytes of a page that is watched, from an address on, aren't; 0 if the page is none that code may store to. */
  private int unwatched(int loop, long target, long tag) {
    int watched = StateLayout.WATCHED + Cpu.tlbIndex(target) * StateLayout.DATA_ENTRY;
    if (state.word(watched) != tag) {
      return 0;
    }
    long distance = target + state.word(watched + 8);
    int step = CopyLoop.times(loop, 1);
    int most = room(loop, target);
    int bytes = 0;
    while (bytes < most && HostMemory.read8(null, distance + (long) step * bytes) != 0) {
      bytes++;
    }
    return bytes;
  }

  private static void move(int loop, long read, long write, int rounds) {
    int first = CopyLoop.times(loop, 1) < 0 ? 1 - rounds : 0;
    MemorySegment.copy(ALL, read + first, ALL, write + first, rounds);
  }

  /** Registers, flags and what is left become what they are after so many rounds, of which the first wrote at a place. */
  private void done(int loop, long index, int rounds, long write) {
    int last = CopyLoop.times(loop, rounds - 1);
    state.word(StateLayout.general(CopyLoop.index(loop)), index + CopyLoop.times(loop, rounds));
    state.word(StateLayout.general(CopyLoop.value(loop)), HostMemory.read8(null, write + last));
    long compared = index + last + CopyLoop.beforeComparison(loop);
    long limit = register(CopyLoop.limit(loop));
    state.word(StateLayout.FLAGS, CopyLoop.limitFirst(loop) ? subtracted(limit, compared) : subtracted(compared, limit));
    state.word(StateLayout.LEFT, state.word(StateLayout.LEFT) - (long) rounds * CopyLoop.length(loop));
  }

  /** The flags of a comparison, packed. */
  private static int subtracted(long one, long other) {
    long result = one - other;
    boolean overflow = ((one ^ other) & (one ^ result)) < 0;
    return FlagCode.packed((result < 0 ? 1 << 31 : 0) | (result == 0 ? 1 << 30 : 0) | (Long.compareUnsigned(one, other) >= 0 ? 1 << 29 : 0)
        | (overflow ? 1 << 28 : 0));
  }
}
