// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of HVMOP_set_param and HVMOP_get_param ({@code struct xen_hvm_param}). */
public final class HvmParamArg extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int DOMID = 0;
  public static final int INDEX = 4;
  public static final int VALUE = 8;

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }

  public int index() {
    return memory.read32(address + INDEX);
  }

  public void index(int value) {
    memory.write32(address + INDEX, value);
  }

  public long value() {
    return memory.read64(address + VALUE);
  }

  public void value(long value) {
    memory.write64(address + VALUE, value);
  }
}
