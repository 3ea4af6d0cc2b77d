// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Header of a shared ring page; its slots begin at {@link #SIZE}, wherever the block interface's slot type would end ({@code struct blkif_sring}). */
public final class SharedRing extends AbiStruct {
  /** Bytes before the first slot. */
  public static final int SIZE = 64;
  public static final int REQ_PROD = 0;
  public static final int REQ_EVENT = 4;
  public static final int RSP_PROD = 8;
  public static final int RSP_EVENT = 12;

  public int reqProd() {
    return memory.read32(address + REQ_PROD);
  }

  public void reqProd(int value) {
    memory.write32(address + REQ_PROD, value);
  }

  public int reqEvent() {
    return memory.read32(address + REQ_EVENT);
  }

  public void reqEvent(int value) {
    memory.write32(address + REQ_EVENT, value);
  }

  public int rspProd() {
    return memory.read32(address + RSP_PROD);
  }

  public void rspProd(int value) {
    memory.write32(address + RSP_PROD, value);
  }

  public int rspEvent() {
    return memory.read32(address + RSP_EVENT);
  }

  public void rspEvent(int value) {
    memory.write32(address + RSP_EVENT, value);
  }
}
