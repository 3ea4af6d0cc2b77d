// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.ListedRegister;
import org.xenolith.regs.RegisterSpec;

/** Names of what MSI-X has in a BAR: its table and its pending bits (PCI Local Bus 3.0, 6.8.2), for who looks into a function. */
final class MessageRegisters {
  private static final String REFERENCE = "PCI Local Bus 3.0, 6.8.2";
  private static final int ENTRY = 16;

  private MessageRegisters() {}

  /** So many entries and words of pending bits, at places in the BAR. */
  static List<ListedRegister> of(int vectors, int words, int table, int pending) {
    List<ListedRegister> all = new ArrayList<>();
    for (int i = 0; i < vectors; i++) {
      int at = table + i * ENTRY;
      all.add(row("Message Address " + i, at, Integer.BYTES, ~3 & 0xFFFF_FFFFL));
      all.add(row("Message Upper Address " + i, at + 4, Integer.BYTES, 0xFFFF_FFFFL));
      all.add(row("Message Data " + i, at + 8, Integer.BYTES, 0xFFFF_FFFFL));
      all.add(row("Vector Control " + i, at + 12, Integer.BYTES, 1));
    }
    for (int i = 0; i < words; i++) {
      all.add(row("Pending Bits " + i, pending + i * Long.BYTES, Long.BYTES, 0));
    }
    return all;
  }

  private static ListedRegister row(String name, int offset, int bytes, long written) {
    return new ListedRegister(name, new RegisterSpec(offset, bytes, written, 0, 0, 0, REFERENCE), MessageRegisters.class);
  }
}
