// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XEN_SYSCTL_get_cpu_featureset ({@code struct xen_sysctl_cpu_featureset}). */
public final class SysctlCpuFeatureSet extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 16;
  public static final int INDEX = 0;
  public static final int NR_FEATURES = 4;
  public static final int FEATURES = 8;

  public int index() {
    return memory.read32(address + INDEX);
  }

  public void index(int value) {
    memory.write32(address + INDEX, value);
  }

  public int nrFeatures() {
    return memory.read32(address + NR_FEATURES);
  }

  public void nrFeatures(int value) {
    memory.write32(address + NR_FEATURES, value);
  }

  public long features() {
    return memory.read64(address + FEATURES);
  }

  public void features(long value) {
    memory.write64(address + FEATURES, value);
  }
}
