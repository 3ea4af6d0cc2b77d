// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.PerChunk;
import org.xenolith.machine.kit.Ram;

/**
 * The translated pages of one engine by physical address, kept until somebody writes to their instructions. Who changes them, or what they have, does so alone ({@code synchronized}): engines of forks,
 * which other threads may run, look at them.
 */
final class CodePages implements Ram.CodeListener {
  /** Pages whose code is void and that are remembered, at most. */
  private static final int MOST_RETIRED = 4096;

  private final CodeOwner cpu;
  private final int miss;
  private final Consumer<NativePage> dropped;
  private final PerChunk<NativePage[]> pages = new PerChunk<>();
  /** The same by the physical address of the chunk. */
  private final Map<Long, NativePage[]> byBase = new HashMap<>();
  /** Whose memory has the same origin, see {@link Ram#family}; any thread asks. */
  private final Set<Object> families = ConcurrentHashMap.newKeySet();
  private final CodeTables tables;
  /** Pages whose code is void, but may be kept for another run: they have their tables. */
  private final List<NativePage> retired = new ArrayList<>();
  private final boolean remembers;

  /**
   * Listens to a CPU's writes.
   *
   * @param tables    those of its pages
   * @param miss      what the tables of pages have where no block begins
   * @param dropped   is told of a page whose code is void
   * @param remembers whether such pages stay whole
   */
  CodePages(CodeOwner cpu, CodeTables tables, int miss, Consumer<NativePage> dropped, boolean remembers) {
    this.remembers = remembers;
    this.cpu = cpu;
    this.tables = tables;
    this.miss = miss;
    this.dropped = dropped;
    cpu.listen(this);
  }

  /** The page at a physical address, empty if it is new; null if no RAM is there. */
  @Nullable
  NativePage at(long frame) {
    Ram ram = cpu.readable(frame);
    return ram == null ? null : at(ram, (int) (frame - ram.base));
  }

  /** The page at an offset in a chunk. */
  NativePage at(Ram ram, int offset) {
    NativePage[] chunk = pages.get(ram);
    NativePage page = chunk == null ? null : chunk[offset >> Ram.PAGE_SHIFT];
    return page != null ? page : add(ram, offset);
  }

  private synchronized NativePage add(Ram ram, int offset) {
    NativePage[] chunk = pages.get(ram);
    if (chunk == null) {
      chunk = new NativePage[ram.size >> Ram.PAGE_SHIFT];
      pages.put(ram, chunk);
      byBase.put(ram.base, chunk);
      families.add(ram.family());
    }
    NativePage page = new NativePage(ram, offset, tables.take(ram.base + offset), cpu.shift(), miss);
    chunk[offset >> Ram.PAGE_SHIFT] = page;
    ram.markCode(offset);
    cpu.marked(ram.base + offset);
    return page;
  }

  /** The page at the place of one of another engine's; null if it has no code. */
  @Nullable
  NativePage like(NativePage other) {
    NativePage[] chunk = byBase.get(other.ram.base);
    int number = other.offset >> Ram.PAGE_SHIFT;
    return chunk == null || number >= chunk.length ? null : chunk[number];
  }

  /** Whether some of their memory and a chunk are of machines of which one is a fork of the other, or both of a third one. */
  boolean related(Ram ram) {
    return families.contains(ram.family());
  }

  /** Pages that have a table, also those whose code is void. */
  int count() {
    return tables.taken();
  }

  @Override
  public synchronized void codeWritten(Ram ram, int offset, int length) {
    NativePage[] chunk = pages.get(ram);
    int number = offset >> Ram.PAGE_SHIFT;
    if (chunk == null || chunk[number] == null) {
      return;
    }
    NativePage page = chunk[number];
    int first = offset & NativePage.BYTES - 1;
    if (page.holds(first, Math.min(first + length, NativePage.BYTES) - 1)) {
      chunk[number] = null;
      drop(page);
      cpu.written();
    } else {
      // Data beside code: what is translated stays, and so does the mark.
      ram.markCode(offset);
    }
  }

  private void drop(NativePage page) {
    page.drop();
    dropped.accept(page);
    if (remembers && retired.size() < MOST_RETIRED) {
      retired.add(page);
    } else {
      discard(page);
    }
  }

  private void discard(NativePage page) {
    page.discard();
    tables.give(page.table);
  }

  /** All code is void. */
  synchronized void clear() {
    for (NativePage[] chunk : pages.values()) {
      for (int i = 0; i < chunk.length; i++) {
        if (chunk[i] != null) {
          drop(chunk[i]);
          chunk[i] = null;
        }
      }
    }
    retired.forEach(this::discard);
    retired.clear();
  }

  void close() {
    cpu.ignore(this);
    clear();
  }
}
