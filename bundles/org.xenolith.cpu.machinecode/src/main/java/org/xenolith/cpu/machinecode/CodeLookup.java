// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.cpu.arch.CodeEntry;
import org.xenolith.cpu.arch.Cpu;

/** The pages behind the entries of a CPU's instruction TLB, for the engine and, in {@link NativeState}, for code. */
final class CodeLookup {
  private final Cpu cpu;
  private final NativeState state;
  private final TranslatedPage[] pages;
  private final long[] tags;

  CodeLookup(Cpu cpu, NativeState state) {
    this.cpu = cpu;
    this.state = state;
    pages = new TranslatedPage[cpu.code.length];
    tags = new long[cpu.code.length];
  }

  /** The page of an address, if it is known without a look at the TLB's architectural half; else null. */
  TranslatedPage known(long va) {
    int i = Cpu.tlbIndex(va);
    long tag = va & -4096 | cpu.fetchContext;
    TranslatedPage page = pages[i];
    return page != null && tags[i] == tag && cpu.code[i].tag == tag && page.live() ? page : null;
  }

  /** An entry of the TLB leads to a page from now on. */
  void put(long va, CodeEntry entry, TranslatedPage page) {
    int i = Cpu.tlbIndex(va);
    pages[i] = page;
    tags[i] = entry.tag;
    state.word(StateLayout.CODE + i * StateLayout.CODE_ENTRY, entry.tag);
    state.word(StateLayout.CODE + i * StateLayout.CODE_ENTRY + 8, page.table);
  }

  /** No entry leads to a page any more. */
  void drop(TranslatedPage page) {
    for (int i = 0; i < pages.length; i++) {
      if (pages[i] == page) {
        pages[i] = null;
        state.word(StateLayout.CODE + i * StateLayout.CODE_ENTRY, 0);
      }
    }
  }
}
