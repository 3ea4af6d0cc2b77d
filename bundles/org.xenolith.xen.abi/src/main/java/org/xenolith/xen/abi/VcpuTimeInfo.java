// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** The time part of vcpu_info ({@code struct vcpu_time_info}). */
public final class VcpuTimeInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int VERSION = 0;
  public static final int TSC_TIMESTAMP = 8;
  public static final int SYSTEM_TIME = 16;
  public static final int TSC_TO_SYSTEM_MUL = 24;
  public static final int TSC_SHIFT = 28;
  public static final int FLAGS = 29;

  public int version() {
    return memory.read32(address + VERSION);
  }

  public void version(int value) {
    memory.write32(address + VERSION, value);
  }

  public long tscTimestamp() {
    return memory.read64(address + TSC_TIMESTAMP);
  }

  public void tscTimestamp(long value) {
    memory.write64(address + TSC_TIMESTAMP, value);
  }

  public long systemTime() {
    return memory.read64(address + SYSTEM_TIME);
  }

  public void systemTime(long value) {
    memory.write64(address + SYSTEM_TIME, value);
  }

  public int tscToSystemMul() {
    return memory.read32(address + TSC_TO_SYSTEM_MUL);
  }

  public void tscToSystemMul(int value) {
    memory.write32(address + TSC_TO_SYSTEM_MUL, value);
  }

  public int tscShift() {
    return memory.read8(address + TSC_SHIFT);
  }

  public void tscShift(int value) {
    memory.write8(address + TSC_SHIFT, (byte) value);
  }

  public int flags() {
    return memory.read8(address + FLAGS) & 0xff;
  }

  public void flags(int value) {
    memory.write8(address + FLAGS, (byte) value);
  }
}
