// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.lang.reflect.Proxy;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceMemory;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;

/** Memory without an end, 1 MiB again and again up to 2⁴⁰, which counts what a device does with it: so a guest may name any length. */
final class CountedMemory implements DmaPort {
  static final int SIZE = 1 << 20;
  private static final long END = 1L << 40;

  private final byte[] bytes = new byte[SIZE];
  /** Calls, and 64 bytes that are moved as much as one. */
  private long work;

  /** What was done since the last time. */
  long take() {
    long done = work;
    work = 0;
    return done;
  }

  /** Notes what a device does elsewhere. @param moved bytes */
  void add(long moved) {
    work += 1 + moved / 64;
  }

  private static void check(long address, long length) {
    if (address < 0 || length < 0 || address > END - length) {
      throw ExternalAbort.INSTANCE;
    }
  }

  @Override
  public void read(long address, byte[] into, int offset, int length) {
    check(address, length);
    add(length);
    for (int done = 0; done < length;) {
      int at = (int) (address + done & SIZE - 1);
      int piece = Math.min(length - done, SIZE - at);
      System.arraycopy(bytes, at, into, offset + done, piece);
      done += piece;
    }
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    check(address, length);
    add(length);
    for (int done = 0; done < length;) {
      int at = (int) (address + done & SIZE - 1);
      int piece = Math.min(length - done, SIZE - at);
      System.arraycopy(from, offset + done, bytes, at, piece);
      done += piece;
    }
  }

  @Override
  public long read(long address, int size) {
    check(address, size);
    add(size);
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | bytes[(int) (address + i & SIZE - 1)] & 0xFF;
    }
    return value;
  }

  @Override
  public void write(long address, int size, long value) {
    check(address, size);
    add(size);
    put(address, size, value);
  }

  /** What the guest itself writes, which isn't counted. */
  void put(long address, int size, long value) {
    for (int i = 0; i < size; i++) {
      bytes[(int) (address + i & SIZE - 1)] = (byte) (value >>> 8 * i);
    }
  }

  /** A context whose device has this memory, and all else as it was. */
  DeviceContext behind(DeviceContext context) {
    DeviceMemory memory = (DeviceMemory) Proxy.newProxyInstance(DeviceMemory.class.getClassLoader(), new Class<?>[] {DeviceMemory.class},
        (proxy, method, arguments) -> method.getName().equals("dma") ? this : call(() -> method.invoke(context.memory(), arguments)));
    return (DeviceContext) Proxy.newProxyInstance(DeviceContext.class.getClassLoader(), new Class<?>[] {DeviceContext.class},
        (proxy, method, arguments) -> method.getName().equals("memory") ? memory : call(() -> method.invoke(context, arguments)));
  }

  /** A call that may throw. */
  private interface Reflective {
    Object make() throws ReflectiveOperationException;
  }

  private static Object call(Reflective call) throws Throwable {
    try {
      return call.make();
    } catch (java.lang.reflect.InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
