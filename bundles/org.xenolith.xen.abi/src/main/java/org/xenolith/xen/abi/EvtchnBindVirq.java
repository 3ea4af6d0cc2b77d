// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_bind_virq ({@code struct evtchn_bind_virq}). */
public final class EvtchnBindVirq extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int VIRQ = 0;
  public static final int VCPU = 4;
  public static final int PORT = 8;

  public int virq() {
    return memory.read32(address + VIRQ);
  }

  public void virq(int value) {
    memory.write32(address + VIRQ, value);
  }

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }

  public int port() {
    return memory.read32(address + PORT);
  }

  public void port(int value) {
    memory.write32(address + PORT, value);
  }
}
