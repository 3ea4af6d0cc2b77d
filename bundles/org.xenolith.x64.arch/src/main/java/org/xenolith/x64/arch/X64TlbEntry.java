// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.machine.kit.Ram;

/**
 * The derived half of one TLB entry for data, laid out for an engine's inline path: an access of {@code n} bytes at a linear address may go straight to memory if
 * {@code (address + n - 1 & -4096 | context)} equals the tag, with {@link X64Core#context}; the byte's place in {@code HostMemory} is then
 * {@link #heap} with {@code address + delta}. The architectural half is in {@link X64Tlb}; this one can always be dropped.
 */
public final class X64TlbEntry {
  /** Tag for loads; 0 never matches. */
  public long read;
  /** Tag for stores; 0 never matches. */
  public long write;
  /** Array of the RAM chunk's place. */
  public byte[] heap;
  /** What makes the number of a place from the linear address. */
  public long delta;
  /** The RAM chunk, or null if no RAM is there. */
  Ram ram;
  /** Physical address of the page. */
  long frame;

  void clear() {
    read = 0;
    write = 0;
  }
}
