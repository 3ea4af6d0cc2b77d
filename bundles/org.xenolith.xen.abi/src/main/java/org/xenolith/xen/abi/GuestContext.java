// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** The registers of a vCPU as the tools set and get them ({@code struct vcpu_guest_context}). */
public final class GuestContext extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 352;
  public static final int FLAGS = 0;
  public static final int X = 8;
  public static final int PC64 = 256;
  public static final int CPSR = 264;
  public static final int SPSR_EL1 = 272;
  public static final int SPSR_FIQ = 280;
  public static final int SPSR_IRQ = 284;
  public static final int SPSR_UND = 288;
  public static final int SPSR_ABT = 292;
  public static final int SP_EL0 = 296;
  public static final int SP_EL1 = 304;
  public static final int ELR_EL1 = 312;
  public static final int SCTLR = 320;
  public static final int TTBCR = 328;
  public static final int TTBR0 = 336;
  public static final int TTBR1 = 344;

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }

  public long x(int index) {
    return memory.read64(address + X + 8L * index);
  }

  public void x(int index, long value) {
    memory.write64(address + X + 8L * index, value);
  }

  public long pc64() {
    return memory.read64(address + PC64);
  }

  public void pc64(long value) {
    memory.write64(address + PC64, value);
  }

  public long cpsr() {
    return memory.read64(address + CPSR);
  }

  public void cpsr(long value) {
    memory.write64(address + CPSR, value);
  }

  public long spsrEl1() {
    return memory.read64(address + SPSR_EL1);
  }

  public void spsrEl1(long value) {
    memory.write64(address + SPSR_EL1, value);
  }

  public int spsrFiq() {
    return memory.read32(address + SPSR_FIQ);
  }

  public void spsrFiq(int value) {
    memory.write32(address + SPSR_FIQ, value);
  }

  public int spsrIrq() {
    return memory.read32(address + SPSR_IRQ);
  }

  public void spsrIrq(int value) {
    memory.write32(address + SPSR_IRQ, value);
  }

  public int spsrUnd() {
    return memory.read32(address + SPSR_UND);
  }

  public void spsrUnd(int value) {
    memory.write32(address + SPSR_UND, value);
  }

  public int spsrAbt() {
    return memory.read32(address + SPSR_ABT);
  }

  public void spsrAbt(int value) {
    memory.write32(address + SPSR_ABT, value);
  }

  public long spEl0() {
    return memory.read64(address + SP_EL0);
  }

  public void spEl0(long value) {
    memory.write64(address + SP_EL0, value);
  }

  public long spEl1() {
    return memory.read64(address + SP_EL1);
  }

  public void spEl1(long value) {
    memory.write64(address + SP_EL1, value);
  }

  public long elrEl1() {
    return memory.read64(address + ELR_EL1);
  }

  public void elrEl1(long value) {
    memory.write64(address + ELR_EL1, value);
  }

  public long sctlr() {
    return memory.read64(address + SCTLR);
  }

  public void sctlr(long value) {
    memory.write64(address + SCTLR, value);
  }

  public long ttbcr() {
    return memory.read64(address + TTBCR);
  }

  public void ttbcr(long value) {
    memory.write64(address + TTBCR, value);
  }

  public long ttbr0() {
    return memory.read64(address + TTBR0);
  }

  public void ttbr0(long value) {
    memory.write64(address + TTBR0, value);
  }

  public long ttbr1() {
    return memory.read64(address + TTBR1);
  }

  public void ttbr1(long value) {
    memory.write64(address + TTBR1, value);
  }
}
