// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.X64Core;

/** The translated pages of one engine by physical address, kept until somebody writes to their instructions. */
final class X64NativePages implements Ram.CodeListener {
  private final X64Core cpu;
  private final int miss;
  private final Consumer<X64NativePage> dropped;
  private final X64PageTables tables;
  private final Map<Ram, X64NativePage[]> pages = new IdentityHashMap<>();

  /**
   * Listens to writes to code.
   *
   * @param miss    what the tables of pages have where no block begins
   * @param dropped is told of a page whose code is void
   */
  X64NativePages(X64Core cpu, int miss, Consumer<X64NativePage> dropped) {
    this.cpu = cpu;
    this.miss = miss;
    this.dropped = dropped;
    tables = new X64PageTables(miss);
    cpu.listenToCode(this);
  }

  /** The page at a physical address, empty if it is new; null if no RAM is there. */
  X64NativePage at(long frame) {
    Ram ram = cpu.env.bus().readable(frame);
    return ram == null ? null : at(ram, (int) (frame - ram.base));
  }

  /** The page at an offset in a chunk. */
  X64NativePage at(Ram ram, int offset) {
    X64NativePage[] chunk = pages.computeIfAbsent(ram, each -> new X64NativePage[each.size >> Ram.PAGE_SHIFT]);
    X64NativePage page = chunk[offset >> Ram.PAGE_SHIFT];
    if (page == null) {
      page = new X64NativePage(ram, offset, tables.take(), miss);
      chunk[offset >> Ram.PAGE_SHIFT] = page;
      ram.markCode(offset);
      cpu.mmu.codeMarkedForAll(ram.base + offset);
    }
    return page;
  }

  @Override
  public void codeWritten(Ram ram, int offset, int length) {
    X64NativePage[] chunk = pages.get(ram);
    int number = offset >> Ram.PAGE_SHIFT;
    if (chunk == null || chunk[number] == null) {
      return;
    }
    X64NativePage page = chunk[number];
    int first = offset & X64NativePage.BYTES - 1;
    if (page.holds(first, Math.min(first + length, X64NativePage.BYTES) - 1)) {
      chunk[number] = null;
      drop(page);
      cpu.refetch = true;
      cpu.attention();
    } else {
      // Data beside code: what is translated stays, and so does the mark.
      ram.markCode(offset);
    }
  }

  private void drop(X64NativePage page) {
    page.drop();
    dropped.accept(page);
    tables.give(page.table);
  }

  /** All code is void. */
  void clear() {
    for (X64NativePage[] chunk : pages.values()) {
      for (int i = 0; i < chunk.length; i++) {
        if (chunk[i] != null) {
          drop(chunk[i]);
          chunk[i] = null;
        }
      }
    }
  }

  void close() {
    cpu.stopListening(this);
    clear();
  }
}
