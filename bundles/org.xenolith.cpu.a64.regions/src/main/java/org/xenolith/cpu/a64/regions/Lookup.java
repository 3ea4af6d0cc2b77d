// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.TlbEntry;

/** The TLB's entries, for the code of regions. */
public final class Lookup {
  private Lookup() {}

  /** The place of a virtual address in {@code Cpu.data}. */
  public static TlbEntry entry(TlbEntry[] data, long va) {
    return data[Cpu.tlbIndex(va) & data.length - 1];
  }
}
