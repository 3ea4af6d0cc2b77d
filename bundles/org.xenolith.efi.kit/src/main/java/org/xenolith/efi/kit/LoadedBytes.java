// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import java.util.Arrays;

/**
 * A piece of a machine's or a domain's RAM before it is loaded, by physical address.
 *
 * @param base  address of the first byte
 * @param bytes what is to be loaded, which writes change
 */
public record LoadedBytes(long base, byte[] bytes) implements CallerMemory {
  /** Zeros, so many. */
  public LoadedBytes(long base, int size) {
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
