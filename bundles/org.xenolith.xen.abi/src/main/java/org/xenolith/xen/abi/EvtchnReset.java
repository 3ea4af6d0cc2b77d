// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_reset ({@code struct evtchn_reset}). */
public final class EvtchnReset extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 2;
  public static final int DOM = 0;

  public int dom() {
    return memory.read16(address + DOM) & 0xffff;
  }

  public void dom(int value) {
    memory.write16(address + DOM, (short) value);
  }
}
