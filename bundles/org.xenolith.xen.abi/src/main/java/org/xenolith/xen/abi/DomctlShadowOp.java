// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_shadow_op ({@code struct xen_domctl_shadow_op}). */
public final class DomctlShadowOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 40;
  public static final int OP = 0;
  public static final int MODE = 4;
  public static final int MB = 8;
  public static final int DIRTY_BITMAP = 16;
  public static final int PAGES = 24;
  public static final int FAULT_COUNT = 32;
  public static final int DIRTY_COUNT = 36;

  public int op() {
    return memory.read32(address + OP);
  }

  public void op(int value) {
    memory.write32(address + OP, value);
  }

  public int mode() {
    return memory.read32(address + MODE);
  }

  public void mode(int value) {
    memory.write32(address + MODE, value);
  }

  public int mb() {
    return memory.read32(address + MB);
  }

  public void mb(int value) {
    memory.write32(address + MB, value);
  }

  public long dirtyBitmap() {
    return memory.read64(address + DIRTY_BITMAP);
  }

  public void dirtyBitmap(long value) {
    memory.write64(address + DIRTY_BITMAP, value);
  }

  public long pages() {
    return memory.read64(address + PAGES);
  }

  public void pages(long value) {
    memory.write64(address + PAGES, value);
  }

  public int faultCount() {
    return memory.read32(address + FAULT_COUNT);
  }

  public void faultCount(int value) {
    memory.write32(address + FAULT_COUNT, value);
  }

  public int dirtyCount() {
    return memory.read32(address + DIRTY_COUNT);
  }

  public void dirtyCount(int value) {
    memory.write32(address + DIRTY_COUNT, value);
  }
}
