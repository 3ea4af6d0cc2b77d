// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** What each vCPU shares with the hypervisor ({@code struct vcpu_info}). */
public final class VcpuInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 48;
  public static final int EVTCHN_UPCALL_PENDING = 0;
  public static final int EVTCHN_PENDING_SEL = 8;

  public int evtchnUpcallPending() {
    return memory.read8(address + EVTCHN_UPCALL_PENDING) & 0xff;
  }

  public void evtchnUpcallPending(int value) {
    memory.write8(address + EVTCHN_UPCALL_PENDING, (byte) value);
  }

  public long evtchnPendingSel() {
    return memory.read64(address + EVTCHN_PENDING_SEL);
  }

  public void evtchnPendingSel(long value) {
    memory.write64(address + EVTCHN_PENDING_SEL, value);
  }
}
