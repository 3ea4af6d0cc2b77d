// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_availheap ({@code struct xen_sysctl_availheap}). */
public final class SysctlAvailableHeap extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int MIN_BITWIDTH = 0;
  public static final int MAX_BITWIDTH = 4;
  public static final int NODE = 8;
  public static final int AVAIL_BYTES = 16;

  public int minBitwidth() {
    return memory.read32(address + MIN_BITWIDTH);
  }

  public void minBitwidth(int value) {
    memory.write32(address + MIN_BITWIDTH, value);
  }

  public int maxBitwidth() {
    return memory.read32(address + MAX_BITWIDTH);
  }

  public void maxBitwidth(int value) {
    memory.write32(address + MAX_BITWIDTH, value);
  }

  public int node() {
    return memory.read32(address + NODE);
  }

  public void node(int value) {
    memory.write32(address + NODE, value);
  }

  public long availBytes() {
    return memory.read64(address + AVAIL_BYTES);
  }

  public void availBytes(long value) {
    memory.write64(address + AVAIL_BYTES, value);
  }
}
