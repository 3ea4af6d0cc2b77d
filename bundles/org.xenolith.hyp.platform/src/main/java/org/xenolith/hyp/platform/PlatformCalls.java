// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.platform;

import java.util.List;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.FramedOperation;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallOperation;
import org.xenolith.hyp.api.PlatformOperationsPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.PlatformArgument;
import org.xenolith.xen.abi.PlatformOp;
import org.xenolith.xen.abi.XenErrno;

/**
 * Hypercall 7, platform_op, with the argument's address in x0. What is common to all commands is done here, in Xen's order: a frame that
 * can't be read (-EFAULT), another version of the interface (-EACCES), another domain than the hardware domain (-EPERM), a command that
 * nobody claimed (-ENOSYS), the command, an answer that can't be written (-EFAULT).
 */
final class PlatformCalls implements HypercallHandler {
  private final PlatformOperationsPort commands;
  private final AccessControlPort access;
  private final byte[] bytes = new byte[PlatformArgument.SIZE];
  private final AbiBytes place = new AbiBytes(bytes);
  private final PlatformArgument frame = new PlatformArgument();

  PlatformCalls(DeviceContext context) {
    commands = context.port(PlatformOperationsPort.class);
    access = context.port(AccessControlPort.class);
    frame.at(place, 0);
  }

  @Override
  public List<? extends HypercallOperation> operations() {
    return commands.operations();
  }

  @Override
  public long call(Hypercall call) {
    if (!call.read(call.argument(0), bytes, 0, PlatformArgument.SIZE)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (frame.interfaceVersion() != PlatformOp.XENPF_INTERFACE_VERSION) {
      return -XenErrno.XEN_EACCES;
    }
    if (!access.allowed(call.domain(), Privilege.HARDWARE, call.domain())) {
      return -XenErrno.XEN_EPERM;
    }
    FramedOperation operation = commands.find(frame.cmd());
    if (operation == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    if (operation.argument() != null) {
      operation.argument().at(place, PlatformArgument.ARGUMENT);
    }
    long result = commands.serve(frame.cmd(), call);
    int from = PlatformArgument.ARGUMENT + operation.answerFrom();
    return !operation.answersAt(result) || call.write(call.argument(0) + from, bytes, from, operation.answerBytes()) ? result
        : -XenErrno.XEN_EFAULT;
  }
}
