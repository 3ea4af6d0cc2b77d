// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Where a vCPU's time went, in ns ({@code struct vcpu_runstate_info}). */
public final class RunstateInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 48;
  public static final int STATE = 0;
  public static final int STATE_ENTRY_TIME = 8;
  public static final int TIME = 16;

  public int state() {
    return memory.read32(address + STATE);
  }

  public void state(int value) {
    memory.write32(address + STATE, value);
  }

  public long stateEntryTime() {
    return memory.read64(address + STATE_ENTRY_TIME);
  }

  public void stateEntryTime(long value) {
    memory.write64(address + STATE_ENTRY_TIME, value);
  }

  public long time(int index) {
    return memory.read64(address + TIME + 8L * index);
  }

  public void time(int index, long value) {
    memory.write64(address + TIME + 8L * index, value);
  }
}
