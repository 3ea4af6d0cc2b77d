// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of SCHEDOP_watchdog ({@code struct sched_watchdog}). */
public final class SchedWatchdog extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int ID = 0;
  public static final int TIMEOUT = 4;

  public int id() {
    return memory.read32(address + ID);
  }

  public void id(int value) {
    memory.write32(address + ID, value);
  }

  public int timeout() {
    return memory.read32(address + TIMEOUT);
  }

  public void timeout(int value) {
    memory.write32(address + TIMEOUT, value);
  }
}
