// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_DOMCTL_createdomain ({@code struct xen_domctl_createdomain}). */
public final class DomctlCreateDomain extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 68;
  public static final int SSIDREF = 0;
  public static final int HANDLE = 4;
  public static final int FLAGS = 20;
  public static final int IOMMU_OPTS = 24;
  public static final int MAX_VCPUS = 28;
  public static final int MAX_EVTCHN_PORT = 32;
  public static final int MAX_GRANT_FRAMES = 36;
  public static final int MAX_MAPTRACK_FRAMES = 40;
  public static final int GRANT_OPTS = 44;
  public static final int VMTRACE_SIZE = 48;
  public static final int CPUPOOL_ID = 52;
  public static final int ARCH = 56;
  /** Bytes of {@code handle}. */
  public static final int HANDLE_BYTES = 16;
  /** Bytes of {@code arch}. */
  public static final int ARCH_BYTES = 12;

  public int ssidref() {
    return memory.read32(address + SSIDREF);
  }

  public void ssidref(int value) {
    memory.write32(address + SSIDREF, value);
  }

  public int flags() {
    return memory.read32(address + FLAGS);
  }

  public void flags(int value) {
    memory.write32(address + FLAGS, value);
  }

  public int iommuOpts() {
    return memory.read32(address + IOMMU_OPTS);
  }

  public void iommuOpts(int value) {
    memory.write32(address + IOMMU_OPTS, value);
  }

  public int maxVcpus() {
    return memory.read32(address + MAX_VCPUS);
  }

  public void maxVcpus(int value) {
    memory.write32(address + MAX_VCPUS, value);
  }

  public int maxEvtchnPort() {
    return memory.read32(address + MAX_EVTCHN_PORT);
  }

  public void maxEvtchnPort(int value) {
    memory.write32(address + MAX_EVTCHN_PORT, value);
  }

  public int maxGrantFrames() {
    return memory.read32(address + MAX_GRANT_FRAMES);
  }

  public void maxGrantFrames(int value) {
    memory.write32(address + MAX_GRANT_FRAMES, value);
  }

  public int maxMaptrackFrames() {
    return memory.read32(address + MAX_MAPTRACK_FRAMES);
  }

  public void maxMaptrackFrames(int value) {
    memory.write32(address + MAX_MAPTRACK_FRAMES, value);
  }

  public int grantOpts() {
    return memory.read32(address + GRANT_OPTS);
  }

  public void grantOpts(int value) {
    memory.write32(address + GRANT_OPTS, value);
  }

  public int vmtraceSize() {
    return memory.read32(address + VMTRACE_SIZE);
  }

  public void vmtraceSize(int value) {
    memory.write32(address + VMTRACE_SIZE, value);
  }

  public int cpupoolId() {
    return memory.read32(address + CPUPOOL_ID);
  }

  public void cpupoolId(int value) {
    memory.write32(address + CPUPOOL_ID, value);
  }
}
