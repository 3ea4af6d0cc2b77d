// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.regions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.cpu.graph.CodePage;

/**
 * Regions by what they are made of: another CPU, or the next machine with the same guest, need not have them translated again,
 * and what the JVM has made fast is fast at once. Any thread.
 */
final class Library {
  /** Entries that are kept; those used longest ago go first. */
  private static final int MOST = 10_000;

  private final Map<Long, List<Compiled>> shelves = new LinkedHashMap<>(1024, 0.75f, true) {
    @Override
    protected boolean removeEldestEntry(Map.Entry<Long, List<Compiled>> eldest) {
      return size() > MOST;
    }
  };

  private static long shelf(int word, int instruction) {
    return (long) word << 32 | instruction & 0xFFFF_FFFFL;
  }

  /** A region that may be entered at a word of a page, or null. */
  synchronized Compiled find(CodePage page, int word) {
    List<Compiled> shelf = shelves.get(shelf(word, page.word(word)));
    if (shelf != null) {
      for (Compiled each : shelf) {
        if (each.fits(page)) {
          return each;
        }
      }
    }
    return null;
  }

  synchronized void add(Compiled compiled) {
    for (int entry : compiled.translation.entries()) {
      shelves.computeIfAbsent(shelf(entry, compiled.translation.flow().words[entry]), key -> new ArrayList<>()).add(compiled);
    }
  }
}
