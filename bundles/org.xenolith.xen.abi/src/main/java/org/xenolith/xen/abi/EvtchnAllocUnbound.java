// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_alloc_unbound ({@code struct evtchn_alloc_unbound}). */
public final class EvtchnAllocUnbound extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int DOM = 0;
  public static final int REMOTE_DOM = 2;
  public static final int PORT = 4;

  public int dom() {
    return memory.read16(address + DOM) & 0xffff;
  }

  public void dom(int value) {
    memory.write16(address + DOM, (short) value);
  }

  public int remoteDom() {
    return memory.read16(address + REMOTE_DOM) & 0xffff;
  }

  public void remoteDom(int value) {
    memory.write16(address + REMOTE_DOM, (short) value);
  }

  public int port() {
    return memory.read32(address + PORT);
  }

  public void port(int value) {
    memory.write32(address + PORT, value);
  }
}
