// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of GNTTABOP_copy; a frame number shares the place of a reference ({@code struct gnttab_copy}). */
public final class GnttabCopy extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 40;
  public static final int SOURCE_REF = 0;
  public static final int SOURCE_GMFN = 0;
  public static final int SOURCE_DOMID = 8;
  public static final int SOURCE_OFFSET = 10;
  public static final int DEST_REF = 16;
  public static final int DEST_GMFN = 16;
  public static final int DEST_DOMID = 24;
  public static final int DEST_OFFSET = 26;
  public static final int LEN = 32;
  public static final int FLAGS = 34;
  public static final int STATUS = 36;

  public int sourceRef() {
    return memory.read32(address + SOURCE_REF);
  }

  public void sourceRef(int value) {
    memory.write32(address + SOURCE_REF, value);
  }

  public long sourceGmfn() {
    return memory.read64(address + SOURCE_GMFN);
  }

  public void sourceGmfn(long value) {
    memory.write64(address + SOURCE_GMFN, value);
  }

  public int sourceDomid() {
    return memory.read16(address + SOURCE_DOMID) & 0xffff;
  }

  public void sourceDomid(int value) {
    memory.write16(address + SOURCE_DOMID, (short) value);
  }

  public int sourceOffset() {
    return memory.read16(address + SOURCE_OFFSET) & 0xffff;
  }

  public void sourceOffset(int value) {
    memory.write16(address + SOURCE_OFFSET, (short) value);
  }

  public int destRef() {
    return memory.read32(address + DEST_REF);
  }

  public void destRef(int value) {
    memory.write32(address + DEST_REF, value);
  }

  public long destGmfn() {
    return memory.read64(address + DEST_GMFN);
  }

  public void destGmfn(long value) {
    memory.write64(address + DEST_GMFN, value);
  }

  public int destDomid() {
    return memory.read16(address + DEST_DOMID) & 0xffff;
  }

  public void destDomid(int value) {
    memory.write16(address + DEST_DOMID, (short) value);
  }

  public int destOffset() {
    return memory.read16(address + DEST_OFFSET) & 0xffff;
  }

  public void destOffset(int value) {
    memory.write16(address + DEST_OFFSET, (short) value);
  }

  public int len() {
    return memory.read16(address + LEN) & 0xffff;
  }

  public void len(int value) {
    memory.write16(address + LEN, (short) value);
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
