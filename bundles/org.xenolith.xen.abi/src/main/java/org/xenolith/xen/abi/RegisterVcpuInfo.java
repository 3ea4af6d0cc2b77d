// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of VCPUOP_register_vcpu_info ({@code struct vcpu_register_vcpu_info}). */
public final class RegisterVcpuInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int MFN = 0;
  public static final int OFFSET = 8;

  public long mfn() {
    return memory.read64(address + MFN);
  }

  public void mfn(long value) {
    memory.write64(address + MFN, value);
  }

  public int offset() {
    return memory.read32(address + OFFSET);
  }

  public void offset(int value) {
    memory.write32(address + OFFSET, value);
  }
}
