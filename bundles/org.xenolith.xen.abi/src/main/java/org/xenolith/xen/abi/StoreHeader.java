// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Header of every XenStore message ({@code struct xsd_sockmsg}). */
public final class StoreHeader extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int TYPE = 0;
  public static final int REQ_ID = 4;
  public static final int TX_ID = 8;
  public static final int LEN = 12;

  public int type() {
    return memory.read32(address + TYPE);
  }

  public void type(int value) {
    memory.write32(address + TYPE, value);
  }

  public int reqId() {
    return memory.read32(address + REQ_ID);
  }

  public void reqId(int value) {
    memory.write32(address + REQ_ID, value);
  }

  public int txId() {
    return memory.read32(address + TX_ID);
  }

  public void txId(int value) {
    memory.write32(address + TX_ID, value);
  }

  public int len() {
    return memory.read32(address + LEN);
  }

  public void len(int value) {
    memory.write32(address + LEN, value);
  }
}
