// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * An array as {@link AbiMemory}; address 0 is its first byte. For arguments that were copied from a guest and for
 * tests: an address outside is a mistake of the caller and throws {@link IndexOutOfBoundsException}.
 */
public final class AbiBytes implements AbiMemory {
  private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;

  /** @param bytes the array itself, not a copy */
  public AbiBytes(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public byte read8(long address) {
    return bytes[Math.toIntExact(address)];
  }

  @Override
  public short read16(long address) {
    return (short) SHORT.get(bytes, Math.toIntExact(address));
  }

  @Override
  public int read32(long address) {
    return (int) INT.get(bytes, Math.toIntExact(address));
  }

  @Override
  public long read64(long address) {
    return (long) LONG.get(bytes, Math.toIntExact(address));
  }

  @Override
  public void write8(long address, byte value) {
    bytes[Math.toIntExact(address)] = value;
  }

  @Override
  public void write16(long address, short value) {
    SHORT.set(bytes, Math.toIntExact(address), value);
  }

  @Override
  public void write32(long address, int value) {
    INT.set(bytes, Math.toIntExact(address), value);
  }

  @Override
  public void write64(long address, long value) {
    LONG.set(bytes, Math.toIntExact(address), value);
  }
}
