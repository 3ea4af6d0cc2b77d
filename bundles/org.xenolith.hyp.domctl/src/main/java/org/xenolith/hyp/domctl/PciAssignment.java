// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainState;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.PciFunction;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.pci.kit.Sbdf;
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
  private final byte[] cell = new byte[CELL];

  PciAssignment(PciDevicesPort devices) {
    this.devices = devices;
  }

  List<SubOperation<?>> operations() {
    return List.of(
        SubOperation.of(ControlOp.XEN_DOMCTL_assign_device, "assign_device", new DomctlAssignDevice(), present(this::assign)),
        SubOperation.of(ControlOp.XEN_DOMCTL_test_assign_device, "test_assign_device", new DomctlAssignDevice(), present(this::test)),
        SubOperation.of(ControlOp.XEN_DOMCTL_deassign_device, "deassign_device", new DomctlAssignDevice(), present(this::deassign)),
        SubOperation.of(ControlOp.XEN_DOMCTL_get_device_group, "get_device_group", new DomctlGetDeviceGroup(), present(this::group))
            .answers().always());
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
  private <S> SubOperation.Handler<S> present(SubOperation.Handler<S> handler) {
    return (call, argument, target) -> devices.present() ? handler.serve(call, argument, target) : -XenErrno.XEN_EOPNOTSUPP;
  }

  private static long refused(Hypercall call, DomctlAssignDevice argument, Domain target, int flags) {
    if (target == call.domain()) {
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

  private long assign(Hypercall call, DomctlAssignDevice argument, Domain target) {
    long refused = refused(call, argument, target, DomctlArgument.XEN_DOMCTL_DEV_RDM_RELAXED);
    if (refused != 0) {
      return refused;
    }
    int sbdf = argument.machineSbdf();
    if (target == null) {
      return devices.at(sbdf) == null ? -XenErrno.XEN_ENODEV : done(() -> devices.assignable(sbdf, true));
    }
    if (target.state() == DomainState.DYING) {
      return -XenErrno.XEN_EINVAL;
    }
    return devices.at(sbdf) == null ? -XenErrno.XEN_ENODEV : done(() -> devices.assign(sbdf, target, -1));
  }

  private long test(Hypercall call, DomctlAssignDevice argument, Domain target) {
    long refused = refused(call, argument, target, 0);
    int sbdf = argument.machineSbdf();
    if (refused != 0) {
      return refused;
    }
    return devices.at(sbdf) == null || done(() -> devices.testAssign(sbdf)) != 0 ? -XenErrno.XEN_EINVAL : 0;
  }

  private long deassign(Hypercall call, DomctlAssignDevice argument, Domain target) {
    long refused = refused(call, argument, target, 0);
    if (refused != 0) {
      return refused;
    }
    int sbdf = argument.machineSbdf();
    PciFunction function = devices.at(sbdf);
    if (function == null || target != null && function.owner() != target.serial()) {
      return -XenErrno.XEN_ENODEV;
    }
    return done(target == null ? () -> devices.assignable(sbdf, false) : () -> devices.deassign(sbdf, target));
  }

  /** The others that the domain has of a function's group: bus in bits 23 to 16, devfn in 15 to 8. */
  private long group(Hypercall call, DomctlGetDeviceGroup group, Domain target) {
    int sbdf = group.machineSbdf();
    List<Integer> members = devices.at(sbdf) == null ? List.of() : devices.group(sbdf).stream().filter(s -> s != sbdf)
        .filter(s -> devices.at(s) != null && devices.at(s).owner() == target.serial()).toList();
    int count = (int) Math.min(members.size(), group.maxSdevs() & 0xFFFF_FFFFL);
    for (int i = 0; i < count; i++) {
      int value = Sbdf.rid(members.get(i)) << 8;
      for (int at = 0; at < CELL; at++) {
        cell[at] = (byte) (value >>> 8 * at);
      }
      if (!call.write(group.sdevArray() + (long) CELL * i, cell, 0, CELL)) {
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
