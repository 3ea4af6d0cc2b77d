// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Answer of XEN_SYSCTL_physinfo ({@code struct xen_sysctl_physinfo}). */
public final class SysctlPhysInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 112;
  public static final int THREADS_PER_CORE = 0;
  public static final int CORES_PER_SOCKET = 4;
  public static final int NR_CPUS = 8;
  public static final int MAX_CPU_ID = 12;
  public static final int NR_NODES = 16;
  public static final int MAX_NODE_ID = 20;
  public static final int CPU_KHZ = 24;
  public static final int CAPABILITIES = 28;
  public static final int ARCH_CAPABILITIES = 32;
  public static final int TOTAL_PAGES = 40;
  public static final int FREE_PAGES = 48;
  public static final int SCRUB_PAGES = 56;
  public static final int OUTSTANDING_PAGES = 64;
  public static final int MAX_MFN = 72;
  public static final int HW_CAP = 80;

  public int threadsPerCore() {
    return memory.read32(address + THREADS_PER_CORE);
  }

  public void threadsPerCore(int value) {
    memory.write32(address + THREADS_PER_CORE, value);
  }

  public int coresPerSocket() {
    return memory.read32(address + CORES_PER_SOCKET);
  }

  public void coresPerSocket(int value) {
    memory.write32(address + CORES_PER_SOCKET, value);
  }

  public int nrCpus() {
    return memory.read32(address + NR_CPUS);
  }

  public void nrCpus(int value) {
    memory.write32(address + NR_CPUS, value);
  }

  public int maxCpuId() {
    return memory.read32(address + MAX_CPU_ID);
  }

  public void maxCpuId(int value) {
    memory.write32(address + MAX_CPU_ID, value);
  }

  public int nrNodes() {
    return memory.read32(address + NR_NODES);
  }

  public void nrNodes(int value) {
    memory.write32(address + NR_NODES, value);
  }

  public int maxNodeId() {
    return memory.read32(address + MAX_NODE_ID);
  }

  public void maxNodeId(int value) {
    memory.write32(address + MAX_NODE_ID, value);
  }

  public int cpuKhz() {
    return memory.read32(address + CPU_KHZ);
  }

  public void cpuKhz(int value) {
    memory.write32(address + CPU_KHZ, value);
  }

  public int capabilities() {
    return memory.read32(address + CAPABILITIES);
  }

  public void capabilities(int value) {
    memory.write32(address + CAPABILITIES, value);
  }

  public int archCapabilities() {
    return memory.read32(address + ARCH_CAPABILITIES);
  }

  public void archCapabilities(int value) {
    memory.write32(address + ARCH_CAPABILITIES, value);
  }

  public long totalPages() {
    return memory.read64(address + TOTAL_PAGES);
  }

  public void totalPages(long value) {
    memory.write64(address + TOTAL_PAGES, value);
  }

  public long freePages() {
    return memory.read64(address + FREE_PAGES);
  }

  public void freePages(long value) {
    memory.write64(address + FREE_PAGES, value);
  }

  public long scrubPages() {
    return memory.read64(address + SCRUB_PAGES);
  }

  public void scrubPages(long value) {
    memory.write64(address + SCRUB_PAGES, value);
  }

  public long outstandingPages() {
    return memory.read64(address + OUTSTANDING_PAGES);
  }

  public void outstandingPages(long value) {
    memory.write64(address + OUTSTANDING_PAGES, value);
  }

  public long maxMfn() {
    return memory.read64(address + MAX_MFN);
  }

  public void maxMfn(long value) {
    memory.write64(address + MAX_MFN, value);
  }

  public int hwCap(int index) {
    return memory.read32(address + HW_CAP + 4L * index);
  }

  public void hwCap(int index, int value) {
    memory.write32(address + HW_CAP + 4L * index, value);
  }
}
