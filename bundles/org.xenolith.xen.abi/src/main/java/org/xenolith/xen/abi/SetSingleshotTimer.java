// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of VCPUOP_set_singleshot_timer ({@code struct vcpu_set_singleshot_timer}). */
public final class SetSingleshotTimer extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int TIMEOUT_ABS_NS = 0;
  public static final int FLAGS = 8;

  public long timeoutAbsNs() {
    return memory.read64(address + TIMEOUT_ABS_NS);
  }

  public void timeoutAbsNs(long value) {
    memory.write64(address + TIMEOUT_ABS_NS, value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }
}
