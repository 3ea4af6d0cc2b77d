// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Answer of XEN_DOMCTL_getdomaininfo and element of XEN_SYSCTL_getdomaininfolist ({@code struct
 * xen_domctl_getdomaininfo}).
 */
public final class DomctlGetDomainInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 120;
  public static final int DOMAIN = 0;
  public static final int FLAGS = 4;
  public static final int TOT_PAGES = 8;
  public static final int MAX_PAGES = 16;
  public static final int OUTSTANDING_PAGES = 24;
  public static final int SHR_PAGES = 32;
  public static final int PAGED_PAGES = 40;
  public static final int SHARED_INFO_FRAME = 48;
  public static final int CPU_TIME = 56;
  public static final int NR_ONLINE_VCPUS = 64;
  public static final int MAX_VCPU_ID = 68;
  public static final int SSIDREF = 72;
  public static final int HANDLE = 76;
  public static final int CPUPOOL = 92;
  public static final int GPADDR_BITS = 96;
  public static final int ARCH_CONFIG = 104;
  /** Bytes of {@code handle}. */
  public static final int HANDLE_BYTES = 16;
  /** Bytes of {@code arch_config}. */
  public static final int ARCH_CONFIG_BYTES = 12;

  public int domain() {
    return memory.read16(address + DOMAIN) & 0xffff;
  }

  public void domain(int value) {
    memory.write16(address + DOMAIN, (short) value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }

  public long totPages() {
    return memory.read64(address + TOT_PAGES);
  }

  public void totPages(long value) {
    memory.write64(address + TOT_PAGES, value);
  }

  public long maxPages() {
    return memory.read64(address + MAX_PAGES);
  }

  public void maxPages(long value) {
    memory.write64(address + MAX_PAGES, value);
  }

  public long outstandingPages() {
    return memory.read64(address + OUTSTANDING_PAGES);
  }

  public void outstandingPages(long value) {
    memory.write64(address + OUTSTANDING_PAGES, value);
  }

  public long shrPages() {
    return memory.read64(address + SHR_PAGES);
  }

  public void shrPages(long value) {
    memory.write64(address + SHR_PAGES, value);
  }

  public long pagedPages() {
    return memory.read64(address + PAGED_PAGES);
  }

  public void pagedPages(long value) {
    memory.write64(address + PAGED_PAGES, value);
  }

  public long sharedInfoFrame() {
    return memory.read64(address + SHARED_INFO_FRAME);
  }

  public void sharedInfoFrame(long value) {
    memory.write64(address + SHARED_INFO_FRAME, value);
  }

  public long cpuTime() {
    return memory.read64(address + CPU_TIME);
  }

  public void cpuTime(long value) {
    memory.write64(address + CPU_TIME, value);
  }

  public int nrOnlineVcpus() {
    return memory.read32(address + NR_ONLINE_VCPUS);
  }

  public void nrOnlineVcpus(int value) {
    memory.write32(address + NR_ONLINE_VCPUS, value);
  }

  public int maxVcpuId() {
    return memory.read32(address + MAX_VCPU_ID);
  }

  public void maxVcpuId(int value) {
    memory.write32(address + MAX_VCPU_ID, value);
  }

  public int ssidref() {
    return memory.read32(address + SSIDREF);
  }

  public void ssidref(int value) {
    memory.write32(address + SSIDREF, value);
  }

  public int cpupool() {
    return memory.read32(address + CPUPOOL);
  }

  public void cpupool(int value) {
    memory.write32(address + CPUPOOL, value);
  }

  public int gpaddrBits() {
    return memory.read8(address + GPADDR_BITS) & 0xff;
  }

  public void gpaddrBits(int value) {
    memory.write8(address + GPADDR_BITS, (byte) value);
  }
}
