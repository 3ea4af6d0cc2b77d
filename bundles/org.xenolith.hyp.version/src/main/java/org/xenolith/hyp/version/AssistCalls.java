// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.version;

import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.xen.abi.XenErrno;

/**
 * Hypercall 21, vm_assist: the command is argument 0, the type argument 1. Guests whose memory the hypervisor translates have one type: the flag that
 * says a runstate area is being written. It is taken and means nothing here, as no vCPU executes while an area is written.
 */
final class AssistCalls implements HypercallHandler {
  /** Public header {@code xen.h}: VMASST_CMD_enable and VMASST_CMD_disable. */
  private static final int ENABLE = 0;
  private static final int DISABLE = 1;
  /** Public header {@code xen.h}: VMASST_TYPE_runstate_update_flag. */
  private static final int RUNSTATE_UPDATE_FLAG = 5;

  @Override
  public long call(Hypercall call) {
    if ((int) call.argument(1) != RUNSTATE_UPDATE_FLAG) {
      return -XenErrno.XEN_EINVAL;
    }
    int command = (int) call.argument(0);
    return command == ENABLE || command == DISABLE ? 0 : -XenErrno.XEN_ENOSYS;
  }
}
