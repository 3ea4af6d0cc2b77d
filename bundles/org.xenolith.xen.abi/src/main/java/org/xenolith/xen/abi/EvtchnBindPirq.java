// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_bind_pirq ({@code struct evtchn_bind_pirq}). */
public final class EvtchnBindPirq extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int PIRQ = 0;
  public static final int FLAGS = 4;
  public static final int PORT = 8;

  public int pirq() {
    return memory.read32(address + PIRQ);
  }

  public void pirq(int value) {
    memory.write32(address + PIRQ, value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }

  public int port() {
    return memory.read32(address + PORT);
  }

  public void port(int value) {
    memory.write32(address + PORT, value);
  }
}
