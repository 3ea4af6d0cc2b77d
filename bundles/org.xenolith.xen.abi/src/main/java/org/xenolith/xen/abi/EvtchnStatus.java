// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_status ({@code struct evtchn_status}). */
public final class EvtchnStatus extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int DOM = 0;
  public static final int PORT = 4;
  public static final int STATUS = 8;
  public static final int VCPU = 12;
  public static final int UNBOUND_DOM = 16;
  public static final int INTERDOMAIN_DOM = 16;
  public static final int INTERDOMAIN_PORT = 20;
  public static final int PIRQ = 16;
  public static final int VIRQ = 16;

  public int dom() {
    return memory.read16(address + DOM) & 0xffff;
  }

  public void dom(int value) {
    memory.write16(address + DOM, (short) value);
  }

  public int port() {
    return memory.read32(address + PORT);
  }

  public void port(int value) {
    memory.write32(address + PORT, value);
  }

  public int status() {
    return memory.read32(address + STATUS);
  }

  public void status(int value) {
    memory.write32(address + STATUS, value);
  }

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }

  public int unboundDom() {
    return memory.read16(address + UNBOUND_DOM) & 0xffff;
  }

  public void unboundDom(int value) {
    memory.write16(address + UNBOUND_DOM, (short) value);
  }

  public int interdomainDom() {
    return memory.read16(address + INTERDOMAIN_DOM) & 0xffff;
  }

  public void interdomainDom(int value) {
    memory.write16(address + INTERDOMAIN_DOM, (short) value);
  }

  public int interdomainPort() {
    return memory.read32(address + INTERDOMAIN_PORT);
  }

  public void interdomainPort(int value) {
    memory.write32(address + INTERDOMAIN_PORT, value);
  }

  public int pirq() {
    return memory.read32(address + PIRQ);
  }

  public void pirq(int value) {
    memory.write32(address + PIRQ, value);
  }

  public int virq() {
    return memory.read32(address + VIRQ);
  }

  public void virq(int value) {
    memory.write32(address + VIRQ, value);
  }
}
