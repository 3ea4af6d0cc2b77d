// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** One buffer of dm_op; {@code size} is in bytes ({@code struct xen_dm_op_buf}). */
public final class DeviceModelBuffer extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int HANDLE = 0;
  public static final int BUFFER_SIZE = 8;

  public long handle() {
    return memory.read64(address + HANDLE);
  }

  public void handle(long value) {
    memory.write64(address + HANDLE, value);
  }

  public long bufferSize() {
    return memory.read64(address + BUFFER_SIZE);
  }

  public void bufferSize(long value) {
    memory.write64(address + BUFFER_SIZE, value);
  }
}
