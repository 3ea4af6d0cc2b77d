// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** A slot of a transmit ring ({@code struct netif_tx_request}). */
public final class NetifTxRequest extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int GREF = 0;
  public static final int OFFSET = 4;
  public static final int FLAGS = 6;
  public static final int ID = 8;
  public static final int LENGTH = 10;

  public int gref() {
    return memory.read32(address + GREF);
  }

  public void gref(int value) {
    memory.write32(address + GREF, value);
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

  public int id() {
    return memory.read16(address + ID) & 0xffff;
  }

  public void id(int value) {
    memory.write16(address + ID, (short) value);
  }

  public int length() {
    return memory.read16(address + LENGTH) & 0xffff;
  }

  public void length(int value) {
    memory.write16(address + LENGTH, (short) value);
  }
}
