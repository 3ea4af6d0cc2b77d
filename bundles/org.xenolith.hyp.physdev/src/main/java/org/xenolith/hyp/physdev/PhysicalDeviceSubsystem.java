// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.physdev;

import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridges;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.Hypercalls;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.api.Sbdf;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.PciDeviceFlag;
import org.xenolith.xen.abi.PciDeviceReset;
import org.xenolith.xen.abi.PhysdevManagePci;
import org.xenolith.xen.abi.PhysdevManagePciExt;
import org.xenolith.xen.abi.PhysdevOp;
import org.xenolith.xen.abi.PhysdevPciDevice;
import org.xenolith.xen.abi.PhysdevPciDeviceAdd;
import org.xenolith.xen.abi.PhysdevPciMmcfgReserved;
import org.xenolith.xen.abi.XenErrno;

/**
 * Hypercall 33, physdev_op: what the hardware domain tells of PCI functions and host bridges. Of interrupts nothing, which it gets from
 * its virtual GIC.
 */
final class PhysicalDeviceSubsystem implements DeviceModel, HypercallHandler {
  private static final int LAST_RESET_KIND = PciDeviceFlag.PCI_DEVICE_RESET_FLR;

  private final DeviceState state = new DeviceState();
  private final Hypercalls hypercalls;
  private final AccessControlPort access;
  private final PciDevicesPort pci;
  private final HostBridges bridges;
  private final HostBridgeAdd hostBridges;
  private final boolean strictXen;
  private final byte[] argument = new byte[HostBridgeAdd.SIZE];
  private final AbiBytes bytes = new AbiBytes(argument);
  private final PhysdevPciDeviceAdd add = new PhysdevPciDeviceAdd();
  private final PhysdevPciDevice device = new PhysdevPciDevice();
  private final PciDeviceReset reset = new PciDeviceReset();
  private final PhysdevManagePci manage = new PhysdevManagePci();
  private final PhysdevManagePciExt manageMore = new PhysdevManagePciExt();
  private final PhysdevPciMmcfgReserved reserved = new PhysdevPciMmcfgReserved();

  PhysicalDeviceSubsystem(DeviceContext context) {
    strictXen = context.booleanOption(PhysicalDeviceComponent.STRICT_XEN);
    access = context.port(AccessControlPort.class);
    pci = context.port(PciDevicesPort.class);
    bridges = context.port(HostBridges.class);
    hostBridges = new HostBridgeAdd(bridges, pci);
    add.at(bytes, 0);
    device.at(bytes, 0);
    reset.at(bytes, 0);
    manage.at(bytes, 0);
    manageMore.at(bytes, 0);
    reserved.at(bytes, 0);
    hypercalls = context.port(Hypercalls.class);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_physdev_op, this, context);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {}

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_physdev_op, this);
  }

  /** Bytes of a sub-operation's argument; 0 for one that there isn't. */
  private int size(int operation) {
    int xens = switch (operation) {
      case PhysdevOp.PHYSDEVOP_pci_device_add -> PhysdevPciDeviceAdd.SIZE;
      case PhysdevOp.PHYSDEVOP_pci_device_remove -> PhysdevPciDevice.SIZE;
      case PhysdevOp.PHYSDEVOP_pci_device_reset -> PciDeviceReset.SIZE;
      default -> 0;
    };
    return xens != 0 || strictXen ? xens : switch (operation) {
      case PhysdevOp.PHYSDEVOP_manage_pci_add, PhysdevOp.PHYSDEVOP_manage_pci_remove -> PhysdevManagePci.SIZE;
      case PhysdevOp.PHYSDEVOP_manage_pci_add_ext -> PhysdevManagePciExt.SIZE;
      case PhysdevOp.PHYSDEVOP_pci_mmcfg_reserved -> PhysdevPciMmcfgReserved.SIZE;
      case HostBridgeAdd.NUMBER -> HostBridgeAdd.SIZE;
      default -> 0;
    };
  }

  @Override
  public long call(Hypercall call) {
    int operation = (int) call.argument(0);
    int size = size(operation);
    if (size == 0 || !pci.present()) {
      return -XenErrno.XEN_ENOSYS;
    }
    if (operation != HostBridgeAdd.NUMBER && bridges.all().stream().noneMatch(HostBridgePort::present)) {
      return -XenErrno.XEN_EOPNOTSUPP;
    }
    if (!call.read(call.argument(1), argument, 0, size)) {
      return -XenErrno.XEN_EFAULT;
    }
    if (!access.allowed(call.domain(), Privilege.HARDWARE, call.domain())) {
      return -XenErrno.XEN_EPERM;
    }
    return switch (operation) {
      case PhysdevOp.PHYSDEVOP_pci_device_add -> add(add.seg(), rid(add.bus(), add.devfn()), add.flags(),
          rid(add.physfnBus(), add.physfnDevfn()));
      case PhysdevOp.PHYSDEVOP_pci_device_remove -> pci.remove(Sbdf.of(device.seg(), rid(device.bus(), device.devfn())));
      case PhysdevOp.PHYSDEVOP_pci_device_reset -> reset(Sbdf.of(reset.devSeg(), rid(reset.devBus(), reset.devDevfn())), reset.flags());
      case PhysdevOp.PHYSDEVOP_manage_pci_add -> add(0, rid(manage.bus(), manage.devfn()), 0, 0);
      case PhysdevOp.PHYSDEVOP_manage_pci_remove -> pci.remove(rid(manage.bus(), manage.devfn()));
      case PhysdevOp.PHYSDEVOP_manage_pci_add_ext -> addMore();
      case PhysdevOp.PHYSDEVOP_pci_mmcfg_reserved -> hostBridges.reserved(reserved.address(), reserved.segment(), reserved.startBus());
      default -> hostBridges.call(bytes);
    };
  }

  private static int rid(int bus, int devfn) {
    return bus << 8 | devfn;
  }

  /** A virtual function is in the segment of its physical one. */
  private int add(int segment, int rid, int flags, int physical) {
    boolean virtual = (flags & PciDeviceFlag.XEN_PCI_DEV_VIRTFN) != 0;
    return pci.add(Sbdf.of(segment, rid), flags, virtual ? Sbdf.of(segment, physical) : 0);
  }

  private int addMore() {
    int flags = (manageMore.isExtfn() != 0 ? PciDeviceFlag.XEN_PCI_DEV_EXTFN : 0)
        | (manageMore.isVirtfn() != 0 ? PciDeviceFlag.XEN_PCI_DEV_VIRTFN : 0);
    return add(0, rid(manageMore.bus(), manageMore.devfn()), flags, rid(manageMore.physfnBus(), manageMore.physfnDevfn()));
  }

  private int reset(int sbdf, int kind) {
    return kind < 0 || kind > LAST_RESET_KIND ? -XenErrno.XEN_EINVAL : pci.reset(sbdf, kind);
  }
}
