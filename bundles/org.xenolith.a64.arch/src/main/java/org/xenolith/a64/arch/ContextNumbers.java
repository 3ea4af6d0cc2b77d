// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Arrays;

/**
 * The numbers of 12 bits that inline tags end in. Each stands for everything but the page: level, address space, kind of access. What is changed
 * takes numbers that no tag has; an address space that comes back takes those that it had, so that its tags hold again.
 */
final class ContextNumbers {
  static final int USER = 0;
  static final int PRIVILEGED = 1;
  static final int PRIVILEGED_PAN = 2;
  static final int EL2 = 3;
  static final int EL3 = 4;
  /** A bit for each of those of EL0 and EL1. */
  static final int EL1_SETS = 1 << USER | 1 << PRIVILEGED | 1 << PRIVILEGED_PAN;
  /** A bit for each. */
  static final int ALL_SETS = EL1_SETS | 1 << EL2 | 1 << EL3;
  /** A number that no tag has. */
  static final int NEVER = 4095;
  /** The identity of no address space. */
  static final long NOBODY = -1;

  private static final int SETS = 5;
  private static final int WRITES = SETS;
  private static final int FETCHES = 2 * SETS;
  private static final int KINDS = 3;
  /** Sets of an address space. */
  private static final int OWN = 3;
  /** Address spaces whose numbers are kept; a power of two. */
  private static final int KEPT = 64;

  private final Runnable exhausted;
  private final int[] numbers = new int[KINDS * SETS];
  private int last;
  private final long[] identities = new long[KEPT];
  private final int[] kept = new int[KEPT * KINDS * OWN];
  /** {@link #marks} when they were kept. */
  private final int[] keptMarks = new int[KEPT];
  /** How often the numbers for stores were renewed because pages became code. */
  private int marks;

  /** @param exhausted clears all tags, because numbers begin anew */
  ContextNumbers(Runnable exhausted) {
    this.exhausted = exhausted;
    forget();
  }

  /** What loads of a set's level have. */
  int reads(int set) {
    return numbers[set];
  }

  /** What stores have. */
  int writes(int set) {
    return numbers[WRITES + set];
  }

  /** What fetches have. */
  int fetches(int set) {
    return numbers[FETCHES + set];
  }

  /** No address space gets numbers back that it had before. */
  void forget() {
    Arrays.fill(identities, NOBODY);
  }

  /** Takes fresh numbers for the sets in {@code which}, a bit each; reads, writes and fetches alike. */
  void renew(int which) {
    for (int set = 0; set < SETS; set++) {
      if ((which >> set & 1) != 0) {
        renewOne(set);
        renewOne(WRITES + set);
        renewOne(FETCHES + set);
      }
    }
  }

  private void renewOne(int place) {
    if (++last == NEVER) {
      exhausted.run();
      forget();
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i + 1;
      }
      last = numbers.length + 1;
    }
    numbers[place] = last;
  }

  /** Takes fresh numbers for all stores, those of address spaces that come back, too. */
  void renewWrites() {
    marks++;
    for (int set = 0; set < SETS; set++) {
      renewOne(WRITES + set);
    }
  }

  /** Another address space is translated: those of its sets that are in {@code which} get the numbers that they had, or fresh ones. */
  void change(long from, long to, int which) {
    keep(from);
    int slot = slot(to);
    if (identities[slot] != to) {
      renew(which);
      return;
    }
    boolean marked = keptMarks[slot] != marks;
    for (int set = 0; set < OWN; set++) {
      if ((which >> set & 1) != 0) {
        int at = (slot * OWN + set) * KINDS;
        numbers[set] = kept[at];
        numbers[WRITES + set] = kept[at + 1];
        numbers[FETCHES + set] = kept[at + 2];
      }
    }
    if (marked) {
      for (int set = 0; set < OWN; set++) {
        if ((which >> set & 1) != 0) {
          renewOne(WRITES + set);
        }
      }
    }
  }

  private void keep(long identity) {
    int slot = slot(identity);
    identities[slot] = identity;
    keptMarks[slot] = marks;
    for (int set = 0; set < OWN; set++) {
      int at = (slot * OWN + set) * KINDS;
      kept[at] = numbers[set];
      kept[at + 1] = numbers[WRITES + set];
      kept[at + 2] = numbers[FETCHES + set];
    }
  }

  /** ASIDs and VMIDs are in the identity's lower half, generations above. */
  private static int slot(long identity) {
    return (int) (identity ^ identity >>> 6 ^ identity >>> 16 ^ identity >>> 33 ^ identity >>> 48) & KEPT - 1;
  }
}
