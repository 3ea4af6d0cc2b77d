// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_set_priority ({@code struct evtchn_set_priority}). */
public final class EvtchnSetPriority extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int PORT = 0;
  public static final int PRIORITY = 4;

  public int port() {
    return memory.read32(address + PORT);
  }

  public void port(int value) {
    memory.write32(address + PORT, value);
  }

  public int priority() {
    return memory.read32(address + PRIORITY);
  }

  public void priority(int value) {
    memory.write32(address + PRIORITY, value);
  }
}
