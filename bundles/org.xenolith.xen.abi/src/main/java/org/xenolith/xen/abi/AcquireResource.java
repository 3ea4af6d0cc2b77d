// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_acquire_resource ({@code struct xen_mem_acquire_resource}). */
public final class AcquireResource extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int DOMID = 0;
  public static final int TYPE = 2;
  public static final int ID = 4;
  public static final int NR_FRAMES = 8;
  public static final int FRAME = 16;
  public static final int FRAME_LIST = 24;

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

  public int type() {
    return memory.read16(address + TYPE) & 0xffff;
  }

  public void type(int value) {
    memory.write16(address + TYPE, (short) value);
  }

  public int id() {
    return memory.read32(address + ID);
  }

  public void id(int value) {
    memory.write32(address + ID, value);
  }

  public int nrFrames() {
    return memory.read32(address + NR_FRAMES);
  }

  public void nrFrames(int value) {
    memory.write32(address + NR_FRAMES, value);
  }

  public long frame() {
    return memory.read64(address + FRAME);
  }

  public void frame(long value) {
    memory.write64(address + FRAME, value);
  }

  public long frameList() {
    return memory.read64(address + FRAME_LIST);
  }

  public void frameList(long value) {
    memory.write64(address + FRAME_LIST, value);
  }
}
