// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** A range of memory of a virtual node ({@code struct xen_vmemrange}). */
public final class VirtualMemoryRange extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int START = 0;
  public static final int END = 8;
  public static final int FLAGS = 16;
  public static final int NID = 20;

  public long start() {
    return memory.read64(address + START);
  }

  public void start(long value) {
    memory.write64(address + START, value);
  }

  public long end() {
    return memory.read64(address + END);
  }

  public void end(long value) {
    memory.write64(address + END, value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }

  public int nid() {
    return memory.read32(address + NID);
  }

  public void nid(int value) {
    memory.write32(address + NID, value);
  }
}
