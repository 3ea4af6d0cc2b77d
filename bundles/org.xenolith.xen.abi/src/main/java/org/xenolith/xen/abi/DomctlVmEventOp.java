// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_vm_event_op ({@code struct xen_domctl_vm_event_op}). */
public final class DomctlVmEventOp extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int OP = 0;
  public static final int MODE = 4;
  public static final int PORT = 8;
  public static final int VERSION = 8;

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

  public int port() {
    return memory.read32(address + PORT);
  }

  public void port(int value) {
    memory.write32(address + PORT, value);
  }

  public int version() {
    return memory.read32(address + VERSION);
  }

  public void version(int value) {
    memory.write32(address + VERSION, value);
  }
}
