// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of GNTTABOP_swap_grant_ref ({@code struct gnttab_swap_grant_ref}). */
public final class GnttabSwapGrantRef extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int REF_A = 0;
  public static final int REF_B = 4;
  public static final int STATUS = 8;

  public int refA() {
    return memory.read32(address + REF_A);
  }

  public void refA(int value) {
    memory.write32(address + REF_A, value);
  }

  public int refB() {
    return memory.read32(address + REF_B);
  }

  public void refB(int value) {
    memory.write32(address + REF_B, value);
  }

  public int status() {
    return memory.read16(address + STATUS);
  }

  public void status(int value) {
    memory.write16(address + STATUS, (short) value);
  }
}
