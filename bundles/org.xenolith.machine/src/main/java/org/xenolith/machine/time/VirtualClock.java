// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.time;

import org.xenolith.machine.api.Clock;
import org.xenolith.machine.places.KeptState;
import org.xenolith.machine.processors.Turn;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;

/**
 * Virtual time: executed instructions of all CPUs times the duration of one, plus the jumps made while all of them waited.
 * Kept as the time of the last jump and the instructions since, so that no rounding adds up.
 */
public final class VirtualClock implements Clock {
  /** What {@link #instructionsUntil} says of a deadline too far to matter. */
  public static final long FAR = Long.MAX_VALUE / 4;
  private static final long PICOSECONDS = 1000;

  private final long picosecondsPerInstruction;
  private final LongCell jumpedTo;
  private final LongCell jumpedAt;
  private final LongCell completed;
  /** The CPU that executes now, or null between slices. */
  private Turn running;

  public VirtualClock(Timing timing, DeviceState state) {
    picosecondsPerInstruction = timing.picosecondsPerInstruction();
    jumpedTo = state.cell("clock.jumped-to-ns", 0);
    jumpedAt = state.cell("clock.jumped-at-instruction", 0);
    completed = state.cell("clock.instructions", 0);
  }

  /** Refuses a restored time that no machine can have reached. */
  public void check() {
    KeptState.within("clock.instructions", completed.value, 0, FAR);
    KeptState.within("clock.jumped-at-instruction", jumpedAt.value, 0, completed.value);
    KeptState.within("clock.instructions since the last jump", completed.value - jumpedAt.value, 0, FAR / picosecondsPerInstruction);
    KeptState.within("clock.jumped-to-ns", jumpedTo.value, 0, FAR);
  }

  @Override
  public long now() {
    return at(instructions());
  }

  /** Virtual time when {@code instructions} will have been executed, if no jump comes between. */
  public long at(long instructions) {
    return jumpedTo.value + (instructions - jumpedAt.value) * picosecondsPerInstruction / PICOSECONDS;
  }

  /** Whether each instruction takes a nanosecond. */
  public boolean nanosecondEach() {
    return picosecondsPerInstruction == PICOSECONDS;
  }

  /** Instructions of all CPUs, exact at the current one. */
  public long instructions() {
    Turn turn = running;
    return turn == null ? completed.value : completed.value + turn.executed();
  }

  /** Instructions to execute until {@code deadline} (ns) is reached; 0 if it is, {@link #FAR} or more if that is far off. */
  public long instructionsUntil(long deadline) {
    long ahead = deadline - jumpedTo.value;
    if (ahead <= 0) {
      return 0;
    }
    if (ahead > FAR / PICOSECONDS) {
      return FAR;
    }
    long needed = Math.ceilDiv(ahead * PICOSECONDS, picosecondsPerInstruction);
    return Math.max(0, needed - (instructions() - jumpedAt.value));
  }

  /** A CPU begins to execute. */
  public void begin(Turn turn) {
    running = turn;
  }

  /** The running CPU stopped after {@code instructions}. */
  public void end(long instructions) {
    running = null;
    completed.value += instructions;
  }

  /** All CPUs wait: time moves to {@code ns}, never backwards. */
  public void jump(long ns) {
    if (ns > now()) {
      jumpedTo.value = ns;
      jumpedAt.value = completed.value;
    }
  }

  /** An access takes time: it goes on by nanoseconds, and what is due then comes behind the current instruction. */
  public void stall(long nanoseconds) {
    long instructions = instructions();
    jumpedTo.value = at(instructions) + nanoseconds;
    jumpedAt.value = instructions;
    if (running != null) {
      running.requestExit();
    }
  }

  /** The CPU that executes now, or null. */
  public Turn running() {
    return running;
  }
}
