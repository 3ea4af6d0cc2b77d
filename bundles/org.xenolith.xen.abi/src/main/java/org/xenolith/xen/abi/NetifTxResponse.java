// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** An answer in a transmit ring ({@code struct netif_tx_response}). */
public final class NetifTxResponse extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int ID = 0;
  public static final int STATUS = 2;

  public int id() {
    return memory.read16(address + ID) & 0xffff;
  }

  public void id(int value) {
    memory.write16(address + ID, (short) value);
  }

  public int status() {
    return memory.read16(address + STATUS);
  }

  public void status(int value) {
    memory.write16(address + STATUS, (short) value);
  }
}
