// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** The slot's layout for BLKIF_OP_DISCARD ({@code struct blkif_request_discard}). */
public final class BlkifRequestDiscard extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int OPERATION = 0;
  public static final int FLAG = 1;
  public static final int HANDLE = 2;
  public static final int ID = 8;
  public static final int SECTOR_NUMBER = 16;
  public static final int NR_SECTORS = 24;

  public int operation() {
    return memory.read8(address + OPERATION) & 0xff;
  }

  public void operation(int value) {
    memory.write8(address + OPERATION, (byte) value);
  }

  public int flag() {
    return memory.read8(address + FLAG) & 0xff;
  }

  public void flag(int value) {
    memory.write8(address + FLAG, (byte) value);
  }

  public int handle() {
    return memory.read16(address + HANDLE) & 0xffff;
  }

  public void handle(int value) {
    memory.write16(address + HANDLE, (short) value);
  }

  public long id() {
    return memory.read64(address + ID);
  }

  public void id(long value) {
    memory.write64(address + ID, value);
  }

  public long sectorNumber() {
    return memory.read64(address + SECTOR_NUMBER);
  }

  public void sectorNumber(long value) {
    memory.write64(address + SECTOR_NUMBER, value);
  }

  public long nrSectors() {
    return memory.read64(address + NR_SECTORS);
  }

  public void nrSectors(long value) {
    memory.write64(address + NR_SECTORS, value);
  }
}
