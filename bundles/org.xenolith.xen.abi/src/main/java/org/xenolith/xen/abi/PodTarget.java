// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Argument of XENMEM_set_pod_target and XENMEM_get_pod_target ({@code struct xen_pod_target}). */
public final class PodTarget extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 40;
  public static final int TARGET_PAGES = 0;
  public static final int TOT_PAGES = 8;
  public static final int POD_CACHE_PAGES = 16;
  public static final int POD_ENTRIES = 24;
  public static final int DOMID = 32;

  public long targetPages() {
    return memory.read64(address + TARGET_PAGES);
  }

  public void targetPages(long value) {
    memory.write64(address + TARGET_PAGES, value);
  }

  public long totPages() {
    return memory.read64(address + TOT_PAGES);
  }

  public void totPages(long value) {
    memory.write64(address + TOT_PAGES, value);
  }

  public long podCachePages() {
    return memory.read64(address + POD_CACHE_PAGES);
  }

  public void podCachePages(long value) {
    memory.write64(address + POD_CACHE_PAGES, value);
  }

  public long podEntries() {
    return memory.read64(address + POD_ENTRIES);
  }

  public void podEntries(long value) {
    memory.write64(address + POD_ENTRIES, value);
  }

  public int domid() {
    return memory.read16(address + DOMID) & 0xffff;
  }

  public void domid(int value) {
    memory.write16(address + DOMID, (short) value);
  }
}
