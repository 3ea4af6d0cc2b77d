// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_unmask ({@code struct evtchn_unmask}). */
public final class EvtchnUnmask extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int PORT = 0;

  public int port() {
    return memory.read32(address + PORT);
  }

  public void port(int value) {
    memory.write32(address + PORT, value);
  }
}
