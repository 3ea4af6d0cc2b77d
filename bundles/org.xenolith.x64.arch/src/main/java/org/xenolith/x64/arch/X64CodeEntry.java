// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/** The derived half of one TLB entry for fetches. */
public final class X64CodeEntry {
  /** Linear page with {@link X64Core#codeContext} in its low bits; 0 never matches. */
  public long tag;
  /** Physical address of the page. */
  public long frame;
  /** What an engine keeps for the page; null after the entry was filled. */
  public Object code;

  void clear() {
    tag = 0;
    code = null;
  }
}
