// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.HostMemory;

/** The pages behind the entries of a CPU's TLB for instructions, for the engine and, as a tag and the address of the page's table each, for code. */
public final class CodeLookup {
  private final long first;
  private final int stride;
  private final NativePage[] pages;
  private final long[] tags;

  /**
   * No entry leads to a page yet.
   *
   * @param entries of the TLB
   * @param first   address of what code finds of the first
   * @param stride  bytes from one to the next
   */
  public CodeLookup(int entries, long first, int stride) {
    this.first = first;
    this.stride = stride;
    pages = new NativePage[entries];
    tags = new long[entries];
  }

  /**
   * The page that an entry with a tag leads to; null if that isn't known, or its code is void. The entry may have been lost and found since, by the interpreter: code finds the page again
   * from now on.
   *
   * @param frame physical address of the page
   */
  public @Nullable NativePage known(int entry, long tag, long frame) {
    NativePage page = pages[entry];
    if (page == null || tags[entry] != tag || page.frame() != frame || !page.live()) {
      return null;
    }
    put(entry, tag, page);
    return page;
  }

  /** An entry of the TLB, with its tag, leads to a page from now on. */
  public void put(int entry, long tag, NativePage page) {
    pages[entry] = page;
    tags[entry] = tag;
    long at = first + (long) entry * stride;
    HostMemory.write64(null, at, tag);
    HostMemory.write64(null, at + Long.BYTES, page.table);
  }

  /** No entry leads to a page any more. */
  public void drop(NativePage page) {
    for (int i = 0; i < pages.length; i++) {
      if (pages[i] == page) {
        pages[i] = null;
        HostMemory.write64(null, first + (long) i * stride, 0);
      }
    }
  }
}
