// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.arch;

/** The derived half of one instruction TLB entry; see {@link TlbEntry}. */
public final class CodeEntry {
  /** Tag for fetches: page of the virtual address and {@link Cpu#fetchContext}; 0 never matches. */
  public long tag;
  /** What the engine made of the physical page; an engine drops it with the page. */
  public Object code;
  /** Physical address of the page, or -1 if this half is empty. */
  public long frame = -1;
}
