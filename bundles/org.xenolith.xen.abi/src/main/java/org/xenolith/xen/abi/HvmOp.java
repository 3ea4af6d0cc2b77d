// SPDX-License-Identifier: EPL-2.0
package org.xenolith.xen.abi;

/** Sub-operations of hvm_op ({@code hvm/hvm_op.h}). Names as there. */
public final class HvmOp {
  public static final int HVMOP_set_param = 0;
  public static final int HVMOP_get_param = 1;
  public static final int HVMOP_flush_tlbs = 5;
  public static final int HVMOP_pagetable_dying = 9;
  public static final int HVMOP_get_time = 10;
  public static final int HVMOP_xentrace = 11;
  public static final int HVMOP_set_mem_access = 12;
  public static final int HVMOP_get_mem_access = 13;
  public static final int HVMOP_get_mem_type = 15;
  public static final int HVMOP_guest_request_vm_event = 24;

  private HvmOp() {
  }
}
