// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.acpi.boot;

import java.util.Arrays;
import org.xenolith.efi.kit.CallerMemory;

/** A piece of RAM before it is loaded, by physical address. */
record LoadedBytes(long base, byte[] bytes) implements CallerMemory {
  LoadedBytes(long base, int size) {
    this(base, new byte[size]);
  }

  private int at(long address) {
    return Math.toIntExact(address - base);
  }

  @Override
  public byte[] read(long address, int length) {
    return Arrays.copyOfRange(bytes, at(address), at(address) + length);
  }

  @Override
  public boolean isWritable(long address, int length) {
    return true;
  }

  @Override
  public boolean write(long address, byte[] from) {
    System.arraycopy(from, 0, bytes, at(address), from.length);
    return true;
  }
}
