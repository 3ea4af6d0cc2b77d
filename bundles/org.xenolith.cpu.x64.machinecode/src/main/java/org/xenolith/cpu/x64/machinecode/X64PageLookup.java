// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.x64.arch.X64CodeEntry;
import org.xenolith.x64.arch.X64Core;
import org.xenolith.x64.arch.X64Mmu;

/** The pages behind the entries of a CPU's TLB for code, for the engine and, in {@link X64NativeState}, for code. */
final class X64PageLookup {
  private final X64Core cpu;
  private final X64NativeState state;
  private final X64NativePage[] pages;
  private final long[] tags;

  X64PageLookup(X64Core cpu, X64NativeState state) {
    this.cpu = cpu;
    this.state = state;
    pages = new X64NativePage[cpu.code.length];
    tags = new long[cpu.code.length];
  }

  /** The page of a linear address, if it is known without a look at the TLB's architectural half; else null. */
  X64NativePage known(long address) {
    int i = X64Mmu.index(address);
    long tag = address & -4096 | cpu.codeContext;
    X64NativePage page = pages[i];
    return page != null && tags[i] == tag && cpu.code[i].tag == tag && page.live() ? page : null;
  }

  /** An entry of the TLB leads to a page from now on. */
  void put(long address, X64CodeEntry entry, X64NativePage page) {
    int i = X64Mmu.index(address);
    pages[i] = page;
    tags[i] = entry.tag;
    state.word(X64StateLayout.CODE + i * X64StateLayout.CODE_ENTRY, entry.tag);
    state.word(X64StateLayout.CODE + i * X64StateLayout.CODE_ENTRY + 8, page.table);
  }

  /** No entry leads to a page any more. */
  void drop(X64NativePage page) {
    for (int i = 0; i < pages.length; i++) {
      if (pages[i] == page) {
        pages[i] = null;
        state.word(X64StateLayout.CODE + i * X64StateLayout.CODE_ENTRY, 0);
      }
    }
  }
}
