// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_gethvmcontext_partial ({@code struct xen_domctl_hvmcontext_partial}). */
public final class DomctlHvmContextPartial extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int TYPE = 0;
  public static final int INSTANCE = 4;
  public static final int BUFSZ = 8;
  public static final int BUFFER = 16;

  public int type() {
    return memory.read32(address + TYPE);
  }

  public void type(int value) {
    memory.write32(address + TYPE, value);
  }

  public int instance() {
    return memory.read32(address + INSTANCE);
  }

  public void instance(int value) {
    memory.write32(address + INSTANCE, value);
  }

  public long bufsz() {
    return memory.read64(address + BUFSZ);
  }

  public void bufsz(long value) {
    memory.write64(address + BUFSZ, value);
  }

  public long buffer() {
    return memory.read64(address + BUFFER);
  }

  public void buffer(long value) {
    memory.write64(address + BUFFER, value);
  }
}
