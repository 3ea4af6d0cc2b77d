// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_gdbsx_domstatus ({@code struct xen_domctl_gdbsx_domstatus}). */
public final class DomctlGdbStatus extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int PAUSED = 0;
  public static final int VCPU_ID = 4;
  public static final int VCPU_EV = 8;

  public int paused() {
    return memory.read8(address + PAUSED) & 0xff;
  }

  public void paused(int value) {
    memory.write8(address + PAUSED, (byte) value);
  }

  public int vcpuId() {
    return memory.read32(address + VCPU_ID);
  }

  public void vcpuId(int value) {
    memory.write32(address + VCPU_ID, value);
  }

  public int vcpuEv() {
    return memory.read32(address + VCPU_EV);
  }

  public void vcpuEv(int value) {
    memory.write32(address + VCPU_EV, value);
  }
}
