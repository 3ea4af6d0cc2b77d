// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_getvcpuinfo ({@code struct xen_domctl_getvcpuinfo}). */
public final class DomctlGetVcpuInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int VCPU = 0;
  public static final int ONLINE = 4;
  public static final int BLOCKED = 5;
  public static final int RUNNING = 6;
  public static final int CPU_TIME = 8;
  public static final int CPU = 16;

  public int vcpu() {
    return memory.read32(address + VCPU);
  }

  public void vcpu(int value) {
    memory.write32(address + VCPU, value);
  }

  public int online() {
    return memory.read8(address + ONLINE) & 0xff;
  }

  public void online(int value) {
    memory.write8(address + ONLINE, (byte) value);
  }

  public int blocked() {
    return memory.read8(address + BLOCKED) & 0xff;
  }

  public void blocked(int value) {
    memory.write8(address + BLOCKED, (byte) value);
  }

  public int running() {
    return memory.read8(address + RUNNING) & 0xff;
  }

  public void running(int value) {
    memory.write8(address + RUNNING, (byte) value);
  }

  public long cpuTime() {
    return memory.read64(address + CPU_TIME);
  }

  public void cpuTime(long value) {
    memory.write64(address + CPU_TIME, value);
  }

  public int cpu() {
    return memory.read32(address + CPU);
  }

  public void cpu(int value) {
    memory.write32(address + CPU, value);
  }
}
