// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of SCHEDOP_remote_shutdown ({@code struct sched_remote_shutdown}). */
public final class SchedRemoteShutdown extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int DOMAIN_ID = 0;
  public static final int REASON = 4;

  public int domainId() {
    return memory.read16(address + DOMAIN_ID) & 0xffff;
  }

  public void domainId(int value) {
    memory.write16(address + DOMAIN_ID, (short) value);
  }

  public int reason() {
    return memory.read32(address + REASON);
  }

  public void reason(int value) {
    memory.write32(address + REASON, value);
  }
}
