// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.api.Sbdf;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.DomctlArgument;
import org.xenolith.xen.abi.DomctlAssignDevice;
import org.xenolith.xen.abi.DomctlGetDeviceGroup;
import org.xenolith.xen.abi.XenErrno;

/** Gives domains PCI functions: the role {@code pci} does it. Devices of a devicetree can't be given. */
final class PciAssignment {
  private static final int CELL = 4;

  private final PciDevicesPort devices;
  private final DomctlAssignDevice argument = new DomctlAssignDevice();
  private final DomctlGetDeviceGroup group = new DomctlGetDeviceGroup();
  private final byte[] cell = new byte[CELL];

  PciAssignment(PciDevicesPort devices) {
    this.devices = devices;
  }

  void register(Registration operations) {
    operations.serve(ControlOp.XEN_DOMCTL_assign_device, present(this::assign));
    operations.serve(ControlOp.XEN_DOMCTL_test_assign_device, present(this::test));
    operations.serve(ControlOp.XEN_DOMCTL_deassign_device, present(this::deassign));
    operations.serve(ControlOp.XEN_DOMCTL_get_device_group, present(this::group));
  }

  /**
   * Whether an operation concerns no live domain: tools ask of a function in general with {@code DOMID_INVALID}, and set one
   * aside, or take that back, with {@code DOMID_IO}.
   */
  static boolean withoutTarget(int operation, int domid) {
    return switch (operation) {
      case ControlOp.XEN_DOMCTL_test_assign_device -> domid == DomainId.DOMID_INVALID;
      case ControlOp.XEN_DOMCTL_assign_device, ControlOp.XEN_DOMCTL_deassign_device -> domid == DomainId.DOMID_IO;
      default -> false;
    };
  }

  /** Xen's answer of a machine without an IOMMU. */
  private Operation present(Operation operation) {
    return request -> devices.present() ? operation.apply(request) : -XenErrno.XEN_EOPNOTSUPP;
  }

  private long refused(Request request, int flags) {
    request.argument(argument);
    if (request.target() != null && request.ofItself()) {
      return -XenErrno.XEN_EINVAL;
    }
    if (argument.dev() == DomctlArgument.XEN_DOMCTL_DEV_DT) {
      // as of a device that no IOMMU protects
      return -XenErrno.XEN_EINVAL;
    }
    if (argument.dev() != DomctlArgument.XEN_DOMCTL_DEV_PCI) {
      return -XenErrno.XEN_ENODEV;
    }
    return (argument.flags() & ~flags) != 0 ? -XenErrno.XEN_EINVAL : 0;
  }

  private long assign(Request request) {
    long refused = refused(request, DomctlArgument.XEN_DOMCTL_DEV_RDM_RELAXED);
    if (refused != 0) {
      return refused;
    }
    int sbdf = argument.machineSbdf();
    Domain target = request.target();
    if (target == null) {
      return devices.at(sbdf) == null ? -XenErrno.XEN_ENODEV : done(() -> devices.assignable(sbdf, true));
    }
    if (target.state() == DomainState.DYING) {
      return -XenErrno.XEN_EINVAL;
    }
    return devices.at(sbdf) == null ? -XenErrno.XEN_ENODEV : done(() -> devices.assign(sbdf, target, -1));
  }

  private long test(Request request) {
    long refused = refused(request, 0);
    int sbdf = argument.machineSbdf();
    if (refused != 0) {
      return refused;
    }
    return devices.at(sbdf) == null || done(() -> devices.testAssign(sbdf)) != 0 ? -XenErrno.XEN_EINVAL : 0;
  }

  private long deassign(Request request) {
    long refused = refused(request, 0);
    if (refused != 0) {
      return refused;
    }
    int sbdf = argument.machineSbdf();
    PciFunction function = devices.at(sbdf);
    Domain target = request.target();
    if (function == null || target != null && function.owner() != target.serial()) {
      return -XenErrno.XEN_ENODEV;
    }
    return done(target == null ? () -> devices.assignable(sbdf, false) : () -> devices.deassign(sbdf, target));
  }

  /** The others that the domain has of a function's group: bus in bits 23 to 16, devfn in 15 to 8. */
  private long group(Request request) {
    request.argument(group);
    int sbdf = group.machineSbdf();
    List<Integer> members = devices.at(sbdf) == null ? List.of() : devices.group(sbdf).stream().filter(s -> s != sbdf)
        .filter(s -> devices.at(s) != null && devices.at(s).owner() == request.target().serial()).toList();
    int count = (int) Math.min(members.size(), group.maxSdevs() & 0xFFFF_FFFFL);
    request.answer();
    for (int i = 0; i < count; i++) {
      int value = Sbdf.rid(members.get(i)) << 8;
      for (int at = 0; at < CELL; at++) {
        cell[at] = (byte) (value >>> 8 * at);
      }
      if (!request.call().write(group.sdevArray() + (long) CELL * i, cell, 0, CELL)) {
        group.numSdevs(0);
        return -XenErrno.XEN_EFAULT;
      }
    }
    group.numSdevs(count);
    return 0;
  }

  private static long done(Runnable order) {
    try {
      order.run();
      return 0;
    } catch (HypervisorException e) {
      return e.errno();
    }
  }
}
