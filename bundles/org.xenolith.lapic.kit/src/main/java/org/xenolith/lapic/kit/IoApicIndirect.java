// SPDX-License-Identifier: EPL-2.0
package org.xenolith.lapic.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.ListedRegister;

/** Names of the registers that an I/O APIC has behind its window (Intel 82093AA, 3.2), for who looks into one. Their offsets are what is written to IOREGSEL. */
public final class IoApicIndirect {
  private static final String REFERENCE = "82093AA 3.2";
  private static final int REDIRECTION = 0x10;

  private IoApicIndirect() {}

  /** Identification, version, arbitration, and an entry of two words for each input. */
  public static List<ListedRegister> of(int inputs) {
    List<ListedRegister> all = new ArrayList<>(List.of(row("IOAPICID", 0, Integer.BYTES), row("IOAPICVER", 1, Integer.BYTES), row(
        "IOAPICARB",
        2, Integer.BYTES)));
    for (int i = 0; i < inputs; i++) {
      all.add(row("IOREDTBL" + i, REDIRECTION + 2 * i, Long.BYTES));
    }
    return all;
  }

  private static ListedRegister row(String name, int number, int bytes) {
    return ListedRegister.of(name, number, bytes, REFERENCE).saidBy(IoApicIndirect.class);
  }
}
