// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of VCPUOP_register_runstate_memory_area ({@code struct vcpu_register_runstate_memory_area}). */
public final class RegisterRunstateArea extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int ADDR = 0;

  public long addr() {
    return memory.read64(address + ADDR);
  }

  public void addr(long value) {
    memory.write64(address + ADDR, value);
  }
}
