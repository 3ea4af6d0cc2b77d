// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Argument of XEN_DOMCTL_gethvmcontext and XEN_DOMCTL_sethvmcontext; {@code size} is in bytes ({@code struct
 * xen_domctl_hvmcontext}).
 */
public final class DomctlHvmContext extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int BUFFER_SIZE = 0;
  public static final int BUFFER = 8;

  public int bufferSize() {
    return memory.read32(address + BUFFER_SIZE);
  }

  public void bufferSize(int value) {
    memory.write32(address + BUFFER_SIZE, value);
  }

  public long buffer() {
    return memory.read64(address + BUFFER);
  }

  public void buffer(long value) {
    memory.write64(address + BUFFER, value);
  }
}
