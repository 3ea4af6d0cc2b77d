// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_coverage_op; {@code size} is in bytes ({@code struct xen_sysctl_coverage_op}). */
public final class SysctlCoverageOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int CMD = 0;
  public static final int BUFFER_SIZE = 4;
  public static final int BUFFER = 8;

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int bufferSize() {
    return memory.read32(address + BUFFER_SIZE);
  }

  public void bufferSize(int value) {
    memory.write32(address + BUFFER_SIZE, value);
  }

  public long buffer() {
    return memory.read64(address + BUFFER);
  }

  public void buffer(long value) {
    memory.write64(address + BUFFER, value);
  }
}
