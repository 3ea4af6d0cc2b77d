// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds the form of an instruction word: one look-up by bits 31 to 21, a second by bits 15 to 10 where many forms share the
 * first, then few comparisons. Immutable, so threads may share it.
 */
public final class Decoder {
  private static final Insn[] NONE = {};
  private static final int FEW = 4;

  /** By bits 31 to 21: candidates, or null where {@link #byOpcode} divides further. */
  private final Insn[][] byTop = new Insn[2048][];
  /** By bits 31 to 21, then 15 to 10. */
  private final Insn[][][] byOpcode = new Insn[2048][][];
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
    List<List<Insn>> lists = new ArrayList<>(Collections.nCopies(2048, null));
    for (Insn insn : Insn.values()) {
      if (!set.contains(insn.feature()))
        continue;
      // All values of the top bits that the pattern leaves open, by counting through the open bits only.
      int fixed = insn.mask() >>> 21;
      int open = ~fixed & 2047;
      int value = 0;
      do {
        int index = value | insn.match() >>> 21;
        List<Insn> list = lists.get(index);
        if (list == null)
          lists.set(index, list = new ArrayList<>());
        list.add(insn);
        value = value - open & open;
      } while (value != 0);
    }
    // Few different sets of candidates occur; dividing each once halves the time to start.
    Map<List<Insn>, Insn[][]> divided = new HashMap<>();
    for (int i = 0; i < 2048; i++) {
      List<Insn> list = lists.get(i);
      if (list == null)
        byTop[i] = NONE;
      else if (list.size() <= FEW)
        byTop[i] = list.toArray(NONE);
      else if ((byOpcode[i] = divided.get(list)) == null)
        divided.put(list, byOpcode[i] = divide(list));
    }
  }

  private static Insn[][] divide(List<Insn> list) {
    Insn[][] rows = new Insn[64][];
    List<Insn> row = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      row.clear();
      for (Insn insn : list)
        if (((insn.match() >>> 10 ^ i) & insn.mask() >>> 10 & 63) == 0)
          row.add(insn);
      rows[i] = row.isEmpty() ? NONE : row.toArray(NONE);
    }
    return rows;
  }

  /** The form of {@code word}, or null if it is unallocated here. */
  public Insn decode(int word) {
    Insn[] candidates = byTop[word >>> 21];
    if (candidates == null)
      candidates = byOpcode[word >>> 21][word >>> 10 & 63];
    for (Insn insn : candidates)
      if (insn.matches(word))
        return insn;
    return null;
  }

  /** The features it decodes. */
  public Set<Feature> features() {
    return features;
  }
}
