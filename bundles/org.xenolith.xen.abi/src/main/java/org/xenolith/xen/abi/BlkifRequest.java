// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** A slot of a block ring ({@code struct blkif_request}). */
public final class BlkifRequest extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 112;
  public static final int OPERATION = 0;
  public static final int NR_SEGMENTS = 1;
  public static final int HANDLE = 2;
  public static final int ID = 8;
  public static final int SECTOR_NUMBER = 16;
  public static final int SEG = 24;

  public int operation() {
    return memory.read8(address + OPERATION) & 0xff;
  }

  public void operation(int value) {
    memory.write8(address + OPERATION, (byte) value);
  }

  public int nrSegments() {
    return memory.read8(address + NR_SEGMENTS) & 0xff;
  }

  public void nrSegments(int value) {
    memory.write8(address + NR_SEGMENTS, (byte) value);
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
  /** Bytes of {@code seg}. */
  public static final int SEG_BYTES = 88;
}
