package org.xenolith.hyp.physdev;

import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.Hypercalls;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/**
 * Hypercall 33, physdev_op. Xen 4.17 as Debian builds it for Arm takes no sub-operation: neither PCI functions (a Dom0 kernel
 * says so once for each it meets, and goes on) nor interrupts, which a Dom0 there gets from its virtual GIC.
 */
final class PhysicalDeviceSubsystem implements DeviceModel, HypercallHandler {
  private final DeviceState state = new DeviceState();
  private final Hypercalls hypercalls;

  PhysicalDeviceSubsystem(DeviceContext context) {
    hypercalls = context.port(Hypercalls.class);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_physdev_op, this, context);
  }

  @Override public DeviceState state() {
    return state;
  }

  @Override public void reset() { }

  @Override public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_physdev_op, this);
  }

  @Override public long call(Hypercall call) {
    return -XenErrno.XEN_ENOSYS;
  }
}
