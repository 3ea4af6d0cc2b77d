// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.pci;

import org.xenolith.efi.boot.api.Call;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.boot.api.EfiStep;

/** What is found on the buses behind a root bridge, in pages of the guest while it is looked for: what there is to give, and an entry for each function. */
final class FunctionTable {
  /** Functions that are looked at. */
  static final int MOST = 256;
  static final int ENTRY = 160;
  static final int PAGES = 11;
  // The head.
  static final int COUNT = 0;
  static final int LAST_BUS = 8;
  static final int MOST_BUS = 16;
  /** Next address and end of memory below 4 GiB, of memory above, and of I/O. */
  static final int MEMORY_32 = 24;
  static final int MEMORY_64 = 40;
  static final int IO = 56;
  private static final int HEAD = 128;
  // An entry.
  static final int ID = 0;
  static final int ADDRESS = 4;
  static final int HEADER = 8;
  static final int CLASS = 12;
  /** Behind the last function on the buses behind a bridge. */
  static final int END = 16;
  /** Number of the bridge that it is behind, from 1; 0: none. */
  static final int PARENT = 20;
  static final int SECONDARY = 24;
  /** Whether a bridge passes on prefetchable memory above 4 GiB. */
  static final int WIDE = 28;
  /** Where a bridge's windows begin. */
  static final int WINDOW_MEMORY = 32;
  static final int WINDOW_IO = 40;
  /** Of each BAR its address on the bus, and {@linkplain Bar#number size and kind}. */
  static final int BARS = 48;
  static final int WINDOW_PREFETCHABLE = 144;
  private static final int READ_PCI = 56;
  private static final int WRITE_PCI = 64;

  private FunctionTable() {}

  static long entry(long table, long number) {
    return table + HEAD + ENTRY * number;
  }

  static long count(EfiRam memory, long table) {
    return memory.get64(table + COUNT);
  }

  /** Reads 32-bit registers of a function's configuration space. @param address bus, device and function as in a requester ID */
  static EfiStep read(Call call, Enum<?> next, long root, long address, int register, int count, long to) {
    return EfiStep.call(next, call.firmware().memory().get64(root + READ_PCI), root, 2, place(address, register), count, to);
  }

  /** Writes one. @param from 4 bytes of memory for the value */
  static EfiStep write(Call call, Enum<?> next, long root, long address, int register, long value, long from) {
    call.firmware().memory().put32(from, value & 0xFFFF_FFFFL);
    return EfiStep.call(next, call.firmware().memory().get64(root + WRITE_PCI), root, 2, place(address, register), 1, from);
  }

  /** EFI_PCI_ADDRESS. */
  static long place(long address, long register) {
    long function = (address >>> 8) << 24 | (address >>> 3 & 31) << 16 | (address & 7) << 8;
    return register < 256 ? function | register : function | register << 32;
  }
}
