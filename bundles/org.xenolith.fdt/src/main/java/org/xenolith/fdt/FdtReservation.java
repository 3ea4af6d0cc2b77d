// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

/**
 * An entry of the memory reservation block: RAM that the guest must leave alone (Devicetree Specification 0.4, 5.3).
 *
 * @param address first physical address, an unsigned 64-bit number
 * @param size    bytes, an unsigned 64-bit number; an entry of address 0 and size 0 ends the block and can't be stored
 */
public record FdtReservation(long address, long size) {
  /** Rejects the entry that would end the block. */
  public FdtReservation {
    if (address == 0 && size == 0) {
      throw new FdtException("a memory reservation of address 0 and size 0 marks the end of the block",
          "leave it out");
    }
  }
}
