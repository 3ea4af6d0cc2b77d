// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_readconsole ({@code struct xen_sysctl_readconsole}). */
public final class SysctlReadConsole extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int CLEAR = 0;
  public static final int INCREMENTAL = 1;
  public static final int INDEX = 4;
  public static final int BUFFER = 8;
  public static final int COUNT = 16;

  public int clear() {
    return memory.read8(address + CLEAR) & 0xff;
  }

  public void clear(int value) {
    memory.write8(address + CLEAR, (byte) value);
  }

  public int incremental() {
    return memory.read8(address + INCREMENTAL) & 0xff;
  }

  public void incremental(int value) {
    memory.write8(address + INCREMENTAL, (byte) value);
  }

  public int index() {
    return memory.read32(address + INDEX);
  }

  public void index(int value) {
    memory.write32(address + INDEX, value);
  }

  public long buffer() {
    return memory.read64(address + BUFFER);
  }

  public void buffer(long value) {
    memory.write64(address + BUFFER, value);
  }

  public int count() {
    return memory.read32(address + COUNT);
  }

  public void count(int value) {
    memory.write32(address + COUNT, value);
  }
}
