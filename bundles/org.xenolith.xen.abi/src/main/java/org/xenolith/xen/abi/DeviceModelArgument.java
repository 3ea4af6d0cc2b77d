// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * The first buffer of dm_op; the operation's own argument begins at {@link #ARGUMENT} ({@code struct xen_dm_op}).
 */
public final class DeviceModelArgument extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 32;
  public static final int OP = 0;
  public static final int PAD = 4;
  public static final int ARGUMENT = 8;
  public static final int NR_VCPUS = 8;
  public static final int SHUTDOWN_REASON = 8;
  public static final int IRQ = 8;
  public static final int IRQ_LEVEL = 12;
  /** Bytes of {@code argument}. */
  public static final int ARGUMENT_BYTES = 24;

  public int op() {
    return memory.read32(address + OP);
  }

  public void op(int value) {
    memory.write32(address + OP, value);
  }

  public int pad() {
    return memory.read32(address + PAD);
  }

  public void pad(int value) {
    memory.write32(address + PAD, value);
  }

  public int nrVcpus() {
    return memory.read32(address + NR_VCPUS);
  }

  public void nrVcpus(int value) {
    memory.write32(address + NR_VCPUS, value);
  }

  public int shutdownReason() {
    return memory.read32(address + SHUTDOWN_REASON);
  }

  public void shutdownReason(int value) {
    memory.write32(address + SHUTDOWN_REASON, value);
  }

  public int irq() {
    return memory.read32(address + IRQ);
  }

  public void irq(int value) {
    memory.write32(address + IRQ, value);
  }

  public int irqLevel() {
    return memory.read8(address + IRQ_LEVEL) & 0xff;
  }

  public void irqLevel(int value) {
    memory.write8(address + IRQ_LEVEL, (byte) value);
  }
}
