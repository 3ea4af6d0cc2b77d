// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_monitor_op ({@code struct xen_domctl_monitor_op}). */
public final class DomctlMonitorOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int OP = 0;
  public static final int EVENT = 4;

  public int op() {
    return memory.read32(address + OP);
  }

  public void op(int value) {
    memory.write32(address + OP, value);
  }

  public int event() {
    return memory.read32(address + EVENT);
  }

  public void event(int value) {
    memory.write32(address + EVENT, value);
  }
}
