// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_page_offline_op ({@code struct xen_sysctl_page_offline_op}). */
public final class SysctlPageOffline extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int CMD = 0;
  public static final int START = 4;
  public static final int END = 8;
  public static final int STATUS = 16;

  public int cmd() {
    return memory.read32(address + CMD);
  }

  public void cmd(int value) {
    memory.write32(address + CMD, value);
  }

  public int start() {
    return memory.read32(address + START);
  }

  public void start(int value) {
    memory.write32(address + START, value);
  }

  public int end() {
    return memory.read32(address + END);
  }

  public void end(int value) {
    memory.write32(address + END, value);
  }

  public long status() {
    return memory.read64(address + STATUS);
  }

  public void status(long value) {
    memory.write64(address + STATUS, value);
  }
}
