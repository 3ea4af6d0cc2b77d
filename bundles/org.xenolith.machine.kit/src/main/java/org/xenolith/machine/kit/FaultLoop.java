// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import java.util.Set;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;

/**
 * Watches the exceptions of one processor for a fault that leads to itself: a handler that isn't there, that faults itself, or that returns to the instruction
 * that faults again. The processor tells of each exception, at the price of a few comparisons; whether nothing else has changed either, {@link #suspicious}
 * asks the machine to look, who knows memory, too.
 *
 * <p>A fault whose instruction was done by the handler, or left out, is no loop: the handler returns elsewhere. Nor is it one if an interrupt comes between.
 *
 * <p>It is no state of the processor, and of no digest: snapshots have it beside ({@link #save}), so that a machine that goes on from one ends where it would have.
 */
public final class FaultLoop {
  /** As many faults in a row, at one place and for one cause, are looked at; then twice as many, and so on. */
  public static final long SUSPICIOUS = 1L << 20;
  /** From so many faults on, those between which only stack pointers differ are a loop, too: no gap between two pieces of RAM is as large as such a stack. */
  public static final long RUNAWAY = 1L << 24;
  /** Most other faults of a round. */
  private static final int BETWEEN = 64;
  private static final String NOTED = "noted";
  private static final int NOTES = 12;

  private final Words words;
  private final Set<String> counters;
  private final Set<String> stack;
  private long place;
  private long cause;
  private long address;
  private long hits;
  private int others;
  private long next = SUSPICIOUS;
  private boolean suspicious;
  private boolean open;
  private boolean returned;
  private long latest;
  private boolean chained;
  private long firstPlace;
  private long firstCause;
  private long firstAddress;
  private long stretch;

  /** Says what an exception is, for people. */
  public interface Words {
    /**
     * What it is, such as {@code data abort (ESR 0x96000010) at 0x40001234, address 0x8}.
     *
     * @param cause   as the processor gave it
     * @param address what a fault of memory was about; any value for other causes
     */
    String text(long place, long cause, long address);
  }

  /**
   * For one processor.
   *
   * @param counters names in its state that only count instructions or time
   * @param stack    names in its state that are stack pointers, or addresses that faults report
   */
  public FaultLoop(Words words, Set<String> counters, Set<String> stack) {
    this.words = words;
    this.counters = counters;
    this.stack = stack;
  }

  // ---- For the processor

  /**
   * A fault was taken.
   *
   * @param at     address of the instruction that faults
   * @param why    what for: all that tells it from other causes, but no address
   * @param about  the address that it reports, if it does
   * @param masked whether no interrupt would have been taken instead, if one had come
   * @return whether the machine is to look, between two instructions
   */
  public boolean fault(long at, long why, long about, boolean masked) {
    begin(at, why, about);
    latest = at;
    open |= !masked;
    if (at != place || why != cause) {
      if (++others > BETWEEN) {
        place = at;
        cause = why;
        forgetHits();
      }
      return false;
    }
    others = 0;
    address = about;
    if (++hits < next) {
      return false;
    }
    next = 2 * next;
    suspicious = true;
    return true;
  }

  /** How often the last fault may be {@link #repeated} without a look of the machine's being missed; 0 if that isn't known to be like the ones before it. */
  public long more(long at, long why) {
    return at == place && why == cause && at == latest && others == 0 && hits > 2 ? Math.max(0, next - hits - 2) : 0;
  }

  /** As many faults more were taken that are all like the last one. */
  public void repeated(long times) {
    hits += times;
  }

  /** Another exception was taken: an interrupt, or a call of the system. */
  public void event(long at, long why, boolean interrupt) {
    begin(at, why, 0);
    if (interrupt) {
      forgetHits();
    }
  }

  private void begin(long at, long why, long about) {
    if (!chained) {
      chained = true;
      firstPlace = at;
      firstCause = why;
      firstAddress = about;
    }
  }

  /** A handler returned. */
  public void returned(long to) {
    chained = false;
    returned = true;
    if (to != latest && to != place) {
      forgetHits();
    }
  }

  /** What a fault was taken for was done by the handler. */
  public void done() {
    chained = false;
    forgetHits();
  }

  /** The processor begins anew. */
  public void forget() {
    chained = false;
    forgetHits();
  }

  private void forgetHits() {
    if (hits != 0) {
      hits = 0;
      next = SUSPICIOUS;
      stretch++;
    }
    others = 0;
    suspicious = false;
    open = false;
    returned = false;
  }

  // ---- For the machine

  /** Whether the machine is to look, which is said once. */
  public boolean suspicious() {
    boolean said = suspicious;
    suspicious = false;
    return said;
  }

  /** Faults at one place and for one cause since {@link #stretch} changed. */
  public long hits() {
    return hits;
  }

  /** Another number for each row of such faults. */
  public long stretch() {
    return stretch;
  }

  /** Whether an interrupt would have been taken somewhere in this row, if one had come. */
  public boolean open() {
    return open;
  }

  /** Whether no handler returned in this row: what was interrupted first is lost. */
  public boolean nested() {
    return !returned;
  }

  /** All that it has noted, for a snapshot. */
  public StateRecord save() {
    StateRecord record = new StateRecord();
    record.put(NOTED, new long[] {place, cause, address, hits, others, next, latest, firstPlace, firstCause, firstAddress, stretch,
        (suspicious ? 1 : 0) | (open ? 2 : 0) | (returned ? 4 : 0) | (chained ? 8 : 0)});
    return record;
  }

  /**
   * Goes on with what another one has noted.
   *
   * @throws StateMismatch if none can have noted it; then nothing has changed
   */
  public void restore(StateRecord record) {
    if (!(record.get(NOTED) instanceof long[] noted) || noted.length != NOTES || noted[3] < 0 || noted[4] < 0 || noted[4] > BETWEEN
        || noted[5] < SUSPICIOUS || Long.bitCount(noted[5]) != 1 || noted[3] >= noted[5] || noted[11] >>> 4 != 0) {
      throw new StateMismatch(NOTED + ": not what is noted of faults in a row");
    }
    place = noted[0];
    cause = noted[1];
    address = noted[2];
    hits = noted[3];
    others = (int) noted[4];
    next = noted[5];
    latest = noted[6];
    firstPlace = noted[7];
    firstCause = noted[8];
    firstAddress = noted[9];
    stretch = noted[10];
    suspicious = (noted[11] & 1) != 0;
    open = (noted[11] & 2) != 0;
    returned = (noted[11] & 4) != 0;
    chained = (noted[11] & 8) != 0;
  }

  /** Names in the processor's state that only count instructions or time. */
  public Set<String> counters() {
    return counters;
  }

  /** Names in the processor's state that are stack pointers, or addresses that faults report. */
  public Set<String> stack() {
    return stack;
  }

  /** For people: what is taken again and again, and with what that began. */
  @Override
  public String toString() {
    String again = words.text(place, cause, address);
    boolean alone = !chained || firstPlace == place && firstCause == cause;
    return again + (alone ? "" : "; it began with " + words.text(firstPlace, firstCause, firstAddress));
  }
}
