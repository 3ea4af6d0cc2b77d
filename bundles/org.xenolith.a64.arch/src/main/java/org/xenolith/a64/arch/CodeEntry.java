// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.HostMemory;

/** The derived half of one instruction TLB entry; see {@link TlbEntry}. */
public final class CodeEntry {
  /** Tag for fetches: page of the virtual address and {@link Cpu#fetchContext}; 0 never matches. Set by {@link #tag(long)}. */
  public long tag;
  /** What the engine made of the physical page; an engine drops it with the page. */
  public @Nullable Object code;
  /** Physical address of the page, or -1 if this half is empty. */
  public long frame = -1;
  /** Where generated code has its tag; 0 if there is none. */
  private long copy;

  /** Gives it a tag. Generated code has none until its engine says so. */
  void tag(long newTag) {
    if (tag != newTag) {
      tag = newTag;
      forget();
    }
  }

  /** Generated code has no tag. */
  void forget() {
    if (copy != 0) {
      HostMemory.write64(null, copy, 0);
    }
  }

  /** Generated code has its tag somewhere else from now on, and none there. */
  void copyTo(long place) {
    copy = place;
    forget();
  }
}
