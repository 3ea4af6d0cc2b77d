// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** A slot of a receive ring ({@code struct netif_rx_request}). */
public final class NetifRxRequest extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int ID = 0;
  public static final int GREF = 4;

  public int id() {
    return memory.read16(address + ID) & 0xffff;
  }

  public void id(int value) {
    memory.write16(address + ID, (short) value);
  }

  public int gref() {
    return memory.read32(address + GREF);
  }

  public void gref(int value) {
    memory.write32(address + GREF, value);
  }
}
