// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Header of a record of an HVM context ({@code struct hvm_save_descriptor}). */
public final class HvmSaveDescriptor extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int TYPECODE = 0;
  public static final int INSTANCE = 2;
  public static final int LENGTH = 4;

  public int typecode() {
    return memory.read16(address + TYPECODE) & 0xffff;
  }

  public void typecode(int value) {
    memory.write16(address + TYPECODE, (short) value);
  }

  public int instance() {
    return memory.read16(address + INSTANCE) & 0xffff;
  }

  public void instance(int value) {
    memory.write16(address + INSTANCE, (short) value);
  }

  public int length() {
    return memory.read32(address + LENGTH);
  }

  public void length(int value) {
    memory.write32(address + LENGTH, value);
  }
}
