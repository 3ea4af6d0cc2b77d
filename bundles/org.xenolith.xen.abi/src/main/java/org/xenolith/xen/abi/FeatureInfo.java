// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENVER_get_features ({@code struct xen_feature_info}). */
public final class FeatureInfo extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int SUBMAP_IDX = 0;
  public static final int SUBMAP = 4;

  public int submapIdx() {
    return memory.read32(address + SUBMAP_IDX);
  }

  public void submapIdx(int value) {
    memory.write32(address + SUBMAP_IDX, value);
  }

  public int submap() {
    return memory.read32(address + SUBMAP);
  }

  public void submap(int value) {
    memory.write32(address + SUBMAP, value);
  }
}
