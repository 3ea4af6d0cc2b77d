// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** An answer in a block ring ({@code struct blkif_response}). */
public final class BlkifResponse extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int ID = 0;
  public static final int OPERATION = 8;
  public static final int STATUS = 10;

  public long id() {
    return memory.read64(address + ID);
  }

  public void id(long value) {
    memory.write64(address + ID, value);
  }

  public int operation() {
    return memory.read8(address + OPERATION) & 0xff;
  }

  public void operation(int value) {
    memory.write8(address + OPERATION, (byte) value);
  }

  public int status() {
    return memory.read16(address + STATUS);
  }

  public void status(int value) {
    memory.write16(address + STATUS, (short) value);
  }
}
