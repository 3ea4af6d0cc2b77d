// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** The part of a domain's configuration that is Arm's own ({@code struct xen_arch_domainconfig}). */
public final class ArchDomainConfig extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 12;
  public static final int GIC_VERSION = 0;
  public static final int TEE_TYPE = 2;
  public static final int NR_SPIS = 4;
  public static final int CLOCK_FREQUENCY = 8;

  public int gicVersion() {
    return memory.read8(address + GIC_VERSION) & 0xff;
  }

  public void gicVersion(int value) {
    memory.write8(address + GIC_VERSION, (byte) value);
  }

  public int teeType() {
    return memory.read16(address + TEE_TYPE) & 0xffff;
  }

  public void teeType(int value) {
    memory.write16(address + TEE_TYPE, (short) value);
  }

  public int nrSpis() {
    return memory.read32(address + NR_SPIS);
  }

  public void nrSpis(int value) {
    memory.write32(address + NR_SPIS, value);
  }

  public int clockFrequency() {
    return memory.read32(address + CLOCK_FREQUENCY);
  }

  public void clockFrequency(int value) {
    memory.write32(address + CLOCK_FREQUENCY, value);
  }
}
