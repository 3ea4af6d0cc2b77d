// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_settimeoffset ({@code struct xen_domctl_settimeoffset}). */
public final class DomctlSetTimeOffset extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int TIME_OFFSET_SECONDS = 0;

  public long timeOffsetSeconds() {
    return memory.read64(address + TIME_OFFSET_SECONDS);
  }

  public void timeOffsetSeconds(long value) {
    memory.write64(address + TIME_OFFSET_SECONDS, value);
  }
}
