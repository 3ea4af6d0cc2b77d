// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.machine.kit.Ram;

/** The translated pages of one engine by physical address, kept until somebody writes to their instructions. */
final class CodePages implements Ram.CodeListener {
  /** Pages whose code is void and that are remembered, at most. */
  private static final int MOST_RETIRED = 4096;

  private final Cpu cpu;
  private final int miss;
  private final Consumer<TranslatedPage> dropped;
  private final Map<Ram, TranslatedPage[]> pages = new IdentityHashMap<>();
  private final CodeTables tables;
  /** Pages whose code is void, but may be kept for another run: they have their tables. */
  private final List<TranslatedPage> retired = new ArrayList<>();
  private final boolean remembers;

  /**
   * Listens to a CPU's writes.
   *
   * @param tables   those of its pages
   * @param miss    what the tables of pages have where no block begins
   * @param dropped   is told of a page whose code is void
   * @param remembers whether such pages stay whole
   */
  CodePages(Cpu cpu, CodeTables tables, int miss, Consumer<TranslatedPage> dropped, boolean remembers) {
    this.remembers = remembers;
    this.cpu = cpu;
    this.tables = tables;
    this.miss = miss;
    this.dropped = dropped;
    cpu.listenToCode(this);
  }

  /** The page at a physical address, empty if it is new; null if no RAM is there. */
  TranslatedPage at(long frame) {
    Ram ram = cpu.env.bus().readable(frame);
    if (ram == null) {
      return null;
    }
    TranslatedPage[] chunk = pages.computeIfAbsent(ram, each -> new TranslatedPage[each.size >> Ram.PAGE_SHIFT]);
    int offset = (int) (frame - ram.base);
    TranslatedPage page = chunk[offset >> Ram.PAGE_SHIFT];
    if (page == null) {
      page = new TranslatedPage(ram, offset, tables.take(frame), miss);
      chunk[offset >> Ram.PAGE_SHIFT] = page;
      ram.markCode(offset);
      for (Cpu each : cpu.env.cpus()) {
        each.mmu.codeMarked();
      }
    }
    return page;
  }

  @Override
  public void codeWritten(Ram ram, int offset, int length) {
    TranslatedPage[] chunk = pages.get(ram);
    int number = offset >> Ram.PAGE_SHIFT;
    if (chunk == null || chunk[number] == null) {
      return;
    }
    TranslatedPage page = chunk[number];
    if (page.holds((offset & 0xFFF) >> 2, (offset + length - 1 & 0xFFF) >> 2)) {
      chunk[number] = null;
      drop(page);
      cpu.refetch = true;
      cpu.attention();
    } else {
      // Data beside code: what is translated stays, and so does the mark.
      ram.markCode(offset);
    }
  }

  private void drop(TranslatedPage page) {
    page.drop();
    dropped.accept(page);
    if (remembers && retired.size() < MOST_RETIRED) {
      retired.add(page);
    } else {
      discard(page);
    }
  }

  private void discard(TranslatedPage page) {
    page.discard();
    tables.give(page.table);
  }

  /** All code is void. */
  void clear() {
    for (TranslatedPage[] chunk : pages.values()) {
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
    cpu.stopListening(this);
    clear();
  }
}
