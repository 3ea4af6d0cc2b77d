// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_bind_pt_irq and XEN_DOMCTL_unbind_pt_irq ({@code struct xen_domctl_bind_pt_irq}). */
public final class DomctlBindPtIrq extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int MACHINE_IRQ = 0;
  public static final int IRQ_TYPE = 4;
  public static final int SPI = 8;

  public int machineIrq() {
    return memory.read32(address + MACHINE_IRQ);
  }

  public void machineIrq(int value) {
    memory.write32(address + MACHINE_IRQ, value);
  }

  public int irqType() {
    return memory.read32(address + IRQ_TYPE);
  }

  public void irqType(int value) {
    memory.write32(address + IRQ_TYPE, value);
  }

  public int spi() {
    return memory.read16(address + SPI) & 0xffff;
  }

  public void spi(int value) {
    memory.write16(address + SPI, (short) value);
  }
}
