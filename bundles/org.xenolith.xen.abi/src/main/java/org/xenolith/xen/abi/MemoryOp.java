// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Sub-operations of memory_op, mapping spaces and flags ({@code memory.h}). Names as there. */
public final class MemoryOp {
  public static final int XENMAPSPACE_shared_info = 0;
  public static final int XENMAPSPACE_grant_table = 1;
  public static final int XENMAPSPACE_gmfn = 2;
  public static final int XENMAPSPACE_gmfn_range = 3;
  public static final int XENMAPSPACE_gmfn_foreign = 4;
  public static final int XENMAPSPACE_dev_mmio = 5;
  public static final int XENMEM_resource_ioreq_server = 0;
  public static final int XENMEM_resource_grant_table_id_shared = 0;
  public static final int XENMEM_paging_op_nominate = 0;
  public static final int XENMEM_resource_ioreq_server_frame_bufioreq = 0;
  public static final int XENMEM_sharing_op_nominate_gfn = 0;
  public static final int XENMEM_access_op_set_access = 0;
  public static final int XENMEM_increase_reservation = 0;
  public static final int XENMEM_decrease_reservation = 1;
  public static final int XENMEM_sharing_op_nominate_gref = 1;
  public static final int XENMEM_resource_grant_table = 1;
  public static final int XENMEM_access_op_get_access = 1;
  public static final int XENMEM_resource_grant_table_id_status = 1;
  public static final int XENMEM_RDM_ALL = 1;
  public static final int XENMEM_paging_op_evict = 1;
  public static final int XENMEM_FORK_WITH_IOMMU_ALLOWED = 1;
  public static final int XENMEM_sharing_op_share = 2;
  public static final int XENMEM_paging_op_prep = 2;
  public static final int XENMEM_maximum_ram_page = 2;
  public static final int XENMEM_resource_vmtrace_buf = 2;
  public static final int XENMEM_FORK_BLOCK_INTERRUPTS = 2;
  public static final int XENMEM_sharing_op_debug_gfn = 3;
  public static final int XENMEM_current_reservation = 3;
  public static final int XENMEM_access_op_set_access_multi = 4;
  public static final int XENMEM_sharing_op_debug_mfn = 4;
  public static final int XENMEM_FORK_RESET_STATE = 4;
  public static final int XENMEM_maximum_reservation = 4;
  public static final int XENMEM_sharing_op_debug_gref = 5;
  public static final int XENMEM_machphys_mfn_list = 5;
  public static final int XENMEM_sharing_op_add_physmap = 6;
  public static final int XENMEM_populate_physmap = 6;
  public static final int XENMEM_add_to_physmap = 7;
  public static final int XENMEM_sharing_op_audit = 7;
  public static final int XENMEM_sharing_op_range_share = 8;
  public static final int XENMEM_FORK_RESET_MEMORY = 8;
  public static final int XENMEM_memory_map = 9;
  public static final int XENMEM_sharing_op_fork = 9;
  public static final int XENMEM_machine_memory_map = 10;
  public static final int XENMEM_sharing_op_fork_reset = 10;
  public static final int XENMEM_exchange = 11;
  public static final int XENMEM_machphys_mapping = 12;
  public static final int XENMEM_set_memory_map = 13;
  public static final int XENMEM_maximum_gpfn = 14;
  public static final int XENMEM_remove_from_physmap = 15;
  public static final int XENMEM_set_pod_target = 16;
  public static final int XENMEM_get_pod_target = 17;
  public static final int XENMEM_get_sharing_freed_pages = 18;
  public static final int XENMEM_get_sharing_shared_pages = 19;
  public static final int XENMEM_paging_op = 20;
  public static final int XENMEM_access_op = 21;
  public static final int XENMEM_sharing_op = 22;
  public static final int XENMEM_add_to_physmap_batch = 23;
  public static final int XENMEM_claim_pages = 24;
  public static final int XENMEM_machphys_compat_mfn_list = 25;
  public static final int XENMEM_get_vnumainfo = 26;
  public static final int XENMEM_reserved_device_memory_map = 27;
  public static final int XENMEM_acquire_resource = 28;
  public static final int XENMEMF_populate_on_demand = 0x10000;
  public static final int XENMEMF_exact_node_request = 0x20000;
  public static final int XENMEMF_vnode = 0x40000;

  private MemoryOp() {
  }
}
