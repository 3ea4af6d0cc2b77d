// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENVER_platform_parameters ({@code struct xen_platform_parameters}). */
public final class PlatformParameters extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int VIRT_START = 0;

  public long virtStart() {
    return memory.read64(address + VIRT_START);
  }

  public void virtStart(long value) {
    memory.write64(address + VIRT_START, value);
  }
}
