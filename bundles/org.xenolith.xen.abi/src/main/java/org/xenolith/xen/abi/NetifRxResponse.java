// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** An answer in a receive ring; a negative status is an error, else the length ({@code struct netif_rx_response}). */
public final class NetifRxResponse extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int ID = 0;
  public static final int OFFSET = 2;
  public static final int FLAGS = 4;
  public static final int STATUS = 6;

  public int id() {
    return memory.read16(address + ID) & 0xffff;
  }

  public void id(int value) {
    memory.write16(address + ID, (short) value);
  }

  public int offset() {
    return memory.read16(address + OFFSET) & 0xffff;
  }

  public void offset(int value) {
    memory.write16(address + OFFSET, (short) value);
  }

  public int flags() {
    return memory.read16(address + FLAGS) & 0xffff;
  }

  public void flags(int value) {
    memory.write16(address + FLAGS, (short) value);
  }

  public int status() {
    return memory.read16(address + STATUS);
  }

  public void status(int value) {
    memory.write16(address + STATUS, (short) value);
  }
}
