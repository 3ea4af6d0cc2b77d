// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** A vCPU's control block of the FIFO event channels ({@code struct evtchn_fifo_control_block}). */
public final class FifoControlBlock extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 72;
  public static final int READY = 0;
  public static final int HEAD = 8;

  public int ready() {
    return memory.read32(address + READY);
  }

  public void ready(int value) {
    memory.write32(address + READY, value);
  }

  public int head(int index) {
    return memory.read32(address + HEAD + 4L * index);
  }

  public void head(int index, int value) {
    memory.write32(address + HEAD + 4L * index, value);
  }
}
