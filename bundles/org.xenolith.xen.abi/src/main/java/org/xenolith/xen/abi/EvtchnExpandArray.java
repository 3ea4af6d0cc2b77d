// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of EVTCHNOP_expand_array ({@code struct evtchn_expand_array}). */
public final class EvtchnExpandArray extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int ARRAY_GFN = 0;

  public long arrayGfn() {
    return memory.read64(address + ARRAY_GFN);
  }

  public void arrayGfn(long value) {
    memory.write64(address + ARRAY_GFN, value);
  }
}
