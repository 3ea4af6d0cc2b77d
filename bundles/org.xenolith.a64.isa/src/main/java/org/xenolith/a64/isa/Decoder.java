// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Finds the form of an instruction word: a look-up by bits 31 to 21, a second by bits 15 to 10, then few comparisons. Threads may
 * share it.
 */
public final class Decoder {
  private static final Insn[] NONE = {};
  private static final int ROWS = 64;

  /** By bits 31 to 21, then 15 to 10; null where no word was decoded yet. */
  private final AtomicReferenceArray<Insn[][]> known = new AtomicReferenceArray<>(2048);
  private final Set<Feature> features;

  /** A decoder that knows every form of the table. */
  public Decoder() {
    this(EnumSet.allOf(Feature.class));
  }

  /** A decoder for an implementation with the given features; BASE needn't be named. Words of other features are unallocated. */
  public Decoder(Set<Feature> features) {
    EnumSet<Feature> set = EnumSet.of(Feature.BASE);
    set.addAll(features);
    this.features = Collections.unmodifiableSet(set);
  }

  /** The candidates among words with the same bits 31 to 21: few of those occur, so that each is made when it does. */
  private Insn[][] rows(int top) {
    List<Insn> list = new ArrayList<>();
    for (Insn insn : Insn.table())
      if (((insn.match() >>> 21 ^ top) & insn.mask() >>> 21) == 0 && features.contains(insn.feature()))
        list.add(insn);
    Insn[][] rows = new Insn[ROWS][];
    List<Insn> row = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      row.clear();
      for (Insn insn : list)
        if (((insn.match() >>> 10 ^ i) & insn.mask() >>> 10 & ROWS - 1) == 0)
          row.add(insn);
      rows[i] = row.isEmpty() ? NONE : row.toArray(NONE);
    }
    known.set(top, rows);
    return rows;
  }

  /** The form of {@code word}, or null if it is unallocated here. */
  public Insn decode(int word) {
    Insn[][] rows = known.get(word >>> 21);
    if (rows == null)
      rows = rows(word >>> 21);
    for (Insn insn : rows[word >>> 10 & ROWS - 1])
      if (insn.matches(word))
        return insn;
    return null;
  }

  /** The features it decodes. */
  public Set<Feature> features() {
    return features;
  }
}
