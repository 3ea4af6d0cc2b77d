// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.machine.kit.HostMemory;

/** The derived half of one TLB entry for fetches. */
public final class CodeEntry {
  /** Linear page with {@link Core#codeContext} in its low bits; 0 never matches. */
  public long tag;
  /** Physical address of the page. */
  public long frame;
  /** What an engine keeps for the page; null after the entry was filled. */
  public @Nullable Object code;

  /** Where generated code has its tag; 0 if there is none. */
  private long copy;

  void clear() {
    lead(0, 0);
  }

  /** Leads to another page, of which no engine has anything yet; generated code has no tag until its engine says so. */
  void lead(long newTag, long newFrame) {
    tag = newTag;
    frame = newFrame;
    code = null;
    if (copy != 0) {
      HostMemory.write64(null, copy, 0);
    }
  }

  /** Generated code has its tag somewhere else from now on, 0 for nowhere, and none there. */
  void copyTo(long place) {
    copy = place;
    if (place != 0) {
      HostMemory.write64(null, place, 0);
    }
  }
}
