// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/**
 * Argument of XEN_DOMCTL_get_paging_mempool_size and XEN_DOMCTL_set_paging_mempool_size; {@code size} is in bytes
 * ({@code struct xen_domctl_paging_mempool}).
 */
public final class DomctlPagingMempool extends AbiStruct {
  /** Bytes. */
  public static final int SIZE = 8;
  public static final int POOL_SIZE = 0;

  public long poolSize() {
    return memory.read64(address + POOL_SIZE);
  }

  public void poolSize(long value) {
    memory.write64(address + POOL_SIZE, value);
  }
}
