// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Operations of dm_op and their values ({@code hvm/dm_op.h}). Names as there. */
public final class DeviceModelOp {
  public static final int XEN_DMOP_create_ioreq_server = 1;
  public static final int XEN_DMOP_no_gfns = 1;
  public static final int XEN_DMOP_get_ioreq_server_info = 2;
  public static final int XEN_DMOP_map_io_range_to_ioreq_server = 3;
  public static final int XEN_DMOP_unmap_io_range_from_ioreq_server = 4;
  public static final int XEN_DMOP_set_ioreq_server_state = 5;
  public static final int XEN_DMOP_destroy_ioreq_server = 6;
  public static final int XEN_DMOP_track_dirty_vram = 7;
  public static final int XEN_DMOP_set_pci_intx_level = 8;
  public static final int XEN_DMOP_set_isa_irq_level = 9;
  public static final int XEN_DMOP_set_pci_link_route = 10;
  public static final int XEN_DMOP_modified_memory = 11;
  public static final int XEN_DMOP_set_mem_type = 12;
  public static final int XEN_DMOP_inject_event = 13;
  public static final int XEN_DMOP_inject_msi = 14;
  public static final int XEN_DMOP_map_mem_type_to_ioreq_server = 15;
  public static final int XEN_DMOP_remote_shutdown = 16;
  public static final int XEN_DMOP_relocate_memory = 17;
  public static final int XEN_DMOP_pin_memory_cacheattr = 18;
  public static final int XEN_DMOP_set_irq_level = 19;
  public static final int XEN_DMOP_nr_vcpus = 20;
  public static final int XEN_DMOP_DELETE_MEM_CACHEATTR = 0xffffffff;
  public static final int XEN_DMOP_EVENT_ext_int = 0;
  public static final int XEN_DMOP_EVENT_nmi = 2;
  public static final int XEN_DMOP_EVENT_hw_exc = 3;
  public static final int XEN_DMOP_EVENT_sw_int = 4;
  public static final int XEN_DMOP_EVENT_pri_sw_exc = 5;
  public static final int XEN_DMOP_EVENT_sw_exc = 6;
  public static final int XEN_DMOP_IOREQ_MEM_ACCESS_READ = 1;
  public static final int XEN_DMOP_IOREQ_MEM_ACCESS_WRITE = 2;
  public static final int XEN_DMOP_IO_RANGE_PORT = 0;
  public static final int XEN_DMOP_IO_RANGE_MEMORY = 1;
  public static final int XEN_DMOP_IO_RANGE_PCI = 2;
  public static final int XEN_DMOP_MEM_CACHEATTR_UC = 0;
  public static final int XEN_DMOP_MEM_CACHEATTR_WC = 1;
  public static final int XEN_DMOP_MEM_CACHEATTR_WT = 4;
  public static final int XEN_DMOP_MEM_CACHEATTR_WP = 5;
  public static final int XEN_DMOP_MEM_CACHEATTR_WB = 6;
  public static final int XEN_DMOP_MEM_CACHEATTR_UCM = 7;

  private DeviceModelOp() {
  }
}
