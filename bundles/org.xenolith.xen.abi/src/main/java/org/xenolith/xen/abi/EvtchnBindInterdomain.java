// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_bind_interdomain ({@code struct evtchn_bind_interdomain}). */
public final class EvtchnBindInterdomain extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int REMOTE_DOM = 0;
  public static final int REMOTE_PORT = 4;
  public static final int LOCAL_PORT = 8;

  public int remoteDom() {
    return memory.read16(address + REMOTE_DOM) & 0xffff;
  }

  public void remoteDom(int value) {
    memory.write16(address + REMOTE_DOM, (short) value);
  }

  public int remotePort() {
    return memory.read32(address + REMOTE_PORT);
  }

  public void remotePort(int value) {
    memory.write32(address + REMOTE_PORT, value);
  }

  public int localPort() {
    return memory.read32(address + LOCAL_PORT);
  }

  public void localPort(int value) {
    memory.write32(address + LOCAL_PORT, value);
  }
}
