// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** A set of CPUs or nodes in the caller's memory ({@code struct xenctl_bitmap}). */
public final class ControlBitmap extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int BITMAP = 0;
  public static final int NR_BITS = 8;

  public long bitmap() {
    return memory.read64(address + BITMAP);
  }

  public void bitmap(long value) {
    memory.write64(address + BITMAP, value);
  }

  public int nrBits() {
    return memory.read32(address + NR_BITS);
  }

  public void nrBits(int value) {
    memory.write32(address + NR_BITS, value);
  }
}
