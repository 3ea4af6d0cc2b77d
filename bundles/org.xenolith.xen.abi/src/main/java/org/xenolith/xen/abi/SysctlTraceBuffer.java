// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_tbuf_op; {@code size} is in pages for each CPU ({@code struct xen_sysctl_tbuf_op}). */
public final class SysctlTraceBuffer extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 48;
  public static final int CMD = 0;
  public static final int CPU_MASK = 8;
  public static final int EVT_MASK = 24;
  public static final int BUFFER_MFN = 32;
  public static final int BUFFER_SIZE = 40;
  /** Bytes of {@code cpu_mask}. */
  public static final int CPU_MASK_BYTES = 16;

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int evtMask() {
    return memory.read32(address + EVT_MASK);
  }

  public void evtMask(int value) {
    memory.write32(address + EVT_MASK, value);
  }

  public long bufferMfn() {
    return memory.read64(address + BUFFER_MFN);
  }

  public void bufferMfn(long value) {
    memory.write64(address + BUFFER_MFN, value);
  }

  public int bufferSize() {
    return memory.read32(address + BUFFER_SIZE);
  }

  public void bufferSize(int value) {
    memory.write32(address + BUFFER_SIZE, value);
  }
}
