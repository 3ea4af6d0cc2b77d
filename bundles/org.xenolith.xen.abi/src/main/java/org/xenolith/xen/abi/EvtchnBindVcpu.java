// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_bind_vcpu ({@code struct evtchn_bind_vcpu}). */
public final class EvtchnBindVcpu extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int PORT = 0;
  public static final int VCPU = 4;

  public int port() {
    return memory.read32(address + PORT);
  }

  public void port(int value) {
    memory.write32(address + PORT, value);
  }

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }
}
