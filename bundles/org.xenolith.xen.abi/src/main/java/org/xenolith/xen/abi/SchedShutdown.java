// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of SCHEDOP_shutdown ({@code struct sched_shutdown}). */
public final class SchedShutdown extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 4;
  public static final int REASON = 0;

  public int reason() {
    return memory.read32(address + REASON);
  }

  public void reason(int value) {
    memory.write32(address + REASON, value);
  }
}
