// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.PerChunk;
import org.xenolith.machine.kit.Ram;

/** The translated pages of one engine by physical address, kept until somebody writes to their instructions. */
final class CodePages implements Ram.CodeListener {
  /** Pages whose code is void and that are remembered, at most. */
  private static final int MOST_RETIRED = 4096;

  private final CodeOwner cpu;
  private final int miss;
  private final Consumer<NativePage> dropped;
  private final PerChunk<NativePage[]> pages = new PerChunk<>();
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
    if (chunk == null) {
      chunk = new NativePage[ram.size >> Ram.PAGE_SHIFT];
      pages.put(ram, chunk);
    }
    NativePage page = chunk[offset >> Ram.PAGE_SHIFT];
    if (page == null) {
      page = new NativePage(ram, offset, tables.take(ram.base + offset), cpu.shift(), miss);
      chunk[offset >> Ram.PAGE_SHIFT] = page;
      ram.markCode(offset);
      cpu.marked(ram.base + offset);
    }
    return page;
  }

  /** Pages that have a table, also those whose code is void. */
  int count() {
    return tables.taken();
  }

  @Override
  public void codeWritten(Ram ram, int offset, int length) {
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
  void clear() {
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
