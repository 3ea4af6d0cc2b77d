// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** The slot's layout for BLKIF_OP_INDIRECT ({@code struct blkif_request_indirect}). */
public final class BlkifRequestIndirect extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 64;
  public static final int OPERATION = 0;
  public static final int INDIRECT_OP = 1;
  public static final int NR_SEGMENTS = 2;
  public static final int ID = 8;
  public static final int SECTOR_NUMBER = 16;
  public static final int HANDLE = 24;
  public static final int INDIRECT_GREFS = 28;

  public int operation() {
    return memory.read8(address + OPERATION) & 0xff;
  }

  public void operation(int value) {
    memory.write8(address + OPERATION, (byte) value);
  }

  public int indirectOp() {
    return memory.read8(address + INDIRECT_OP) & 0xff;
  }

  public void indirectOp(int value) {
    memory.write8(address + INDIRECT_OP, (byte) value);
  }

  public int nrSegments() {
    return memory.read16(address + NR_SEGMENTS) & 0xffff;
  }

  public void nrSegments(int value) {
    memory.write16(address + NR_SEGMENTS, (short) value);
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

  public int handle() {
    return memory.read16(address + HANDLE) & 0xffff;
  }

  public void handle(int value) {
    memory.write16(address + HANDLE, (short) value);
  }

  public int indirectGrefs(int index) {
    return memory.read32(address + INDIRECT_GREFS + 4L * index);
  }

  public void indirectGrefs(int index, int value) {
    memory.write32(address + INDIRECT_GREFS + 4L * index, value);
  }
}
