// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_getdomaininfolist ({@code struct xen_sysctl_getdomaininfolist}). */
public final class SysctlGetDomainInfoList extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 24;
  public static final int FIRST_DOMAIN = 0;
  public static final int MAX_DOMAINS = 4;
  public static final int BUFFER = 8;
  public static final int NUM_DOMAINS = 16;

  public int firstDomain() {
    return memory.read16(address + FIRST_DOMAIN) & 0xffff;
  }

  public void firstDomain(int value) {
    memory.write16(address + FIRST_DOMAIN, (short) value);
  }

  public int maxDomains() {
    return memory.read32(address + MAX_DOMAINS);
  }

  public void maxDomains(int value) {
    memory.write32(address + MAX_DOMAINS, value);
  }

  public long buffer() {
    return memory.read64(address + BUFFER);
  }

  public void buffer(long value) {
    memory.write64(address + BUFFER, value);
  }

  public int numDomains() {
    return memory.read32(address + NUM_DOMAINS);
  }

  public void numDomains(int value) {
    memory.write32(address + NUM_DOMAINS, value);
  }
}
