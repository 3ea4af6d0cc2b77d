// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.physdev;

import java.util.List;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HostBridgePort;
import org.xenolith.hyp.api.HostBridgesPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.HypercallHandler;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.PciDevicesPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.hyp.pci.kit.Sbdf;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.AbiStruct;
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
import org.xenolith.xen.abi.XenolithHostBridgeAdd;

/**
 * Hypercall 33, physdev_op: what the hardware domain tells of PCI functions and host bridges. Of interrupts nothing, which it gets from
 * its virtual interrupt controller.
 */
final class PhysicalDeviceSubsystem implements DeviceModel, HypercallHandler {
  private static final int LAST_RESET_KIND = PciDeviceFlag.PCI_DEVICE_RESET_FLR;

  private final DeviceState state = new DeviceState();
  private final HypercallsPort hypercalls;
  private final PciDevicesPort pci;
  private final HostBridgesPort bridges;
  private final SubOperations operations;
  private final ArchitectureFactsPort facts;
  private final boolean strict;

  PhysicalDeviceSubsystem(DeviceContext context) {
    pci = context.port(PciDevicesPort.class);
    bridges = context.port(HostBridgesPort.class);
    operations = new SubOperations(context).add(
        ofFunctions(PhysdevOp.PHYSDEVOP_pci_device_add, "pci_device_add", new PhysdevPciDeviceAdd(), (call, add, caller) -> add(add.seg(),
            rid(add.bus(), add.devfn()), add.flags(), rid(add.physfnBus(), add.physfnDevfn()))),
        ofFunctions(PhysdevOp.PHYSDEVOP_pci_device_remove, "pci_device_remove", new PhysdevPciDevice(),
            (call, device, caller) -> pci.remove(Sbdf.of(device.seg(), rid(device.bus(), device.devfn())))),
        ofFunctions(PhysdevOp.PHYSDEVOP_pci_device_reset, "pci_device_reset", new PciDeviceReset(),
            (call, reset, caller) -> reset(Sbdf.of(reset.devSeg(), rid(reset.devBus(), reset.devDevfn())), reset.flags())));
    facts = context.port(ArchitectureFactsPort.class);
    strict = context.options().flag(PhysicalDeviceComponent.STRICT_XEN);
    if (!strict) {
      addMore(new HostBridgeAdd(bridges, pci));
    }
    hypercalls = context.port(HypercallsPort.class);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_physdev_op, this, context);
  }

  /** What Xen serves on other architectures, and what is ours. */
  private void addMore(HostBridgeAdd hostBridges) {
    operations.add(
        ofFunctions(PhysdevOp.PHYSDEVOP_manage_pci_add, "manage_pci_add", new PhysdevManagePci(),
            (call, device, caller) -> add(0, rid(device.bus(), device.devfn()), 0, 0)),
        ofFunctions(PhysdevOp.PHYSDEVOP_manage_pci_remove, "manage_pci_remove", new PhysdevManagePci(),
            (call, device, caller) -> pci.remove(rid(device.bus(), device.devfn()))),
        ofFunctions(PhysdevOp.PHYSDEVOP_manage_pci_add_ext, "manage_pci_add_ext", new PhysdevManagePciExt(),
            (call, device, caller) -> addExtended(device)),
        ofFunctions(PhysdevOp.PHYSDEVOP_pci_mmcfg_reserved, "pci_mmcfg_reserved", new PhysdevPciMmcfgReserved(),
            (call, window, caller) -> hostBridges.reserved(window.address(), window.segment(), window.startBus())),
        SubOperation.of(HostBridgeAdd.NUMBER, "pci_host_bridge_add", new XenolithHostBridgeAdd(),
            (call, bridge, caller) -> hostBridges.call(bridge)).needs(Privilege.HARDWARE));
  }

  /** Without a bridge there are no functions. */
  private <S extends AbiStruct> SubOperation<S> ofFunctions(int number, String name, S argument, SubOperation.Handler<S> handler) {
    return SubOperation.of(number, name, argument, handler).needs(Privilege.HARDWARE)
        .unless(call -> bridges.all().stream().noneMatch(HostBridgePort::present) ? -XenErrno.XEN_EOPNOTSUPP : 0);
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

  @Override
  public List<SubOperation<?>> operations() {
    return operations.operations();
  }

  @Override
  public long call(Hypercall call) {
    // What is ours besides only the hardware domain may ask for.
    if (strict || call.domain().kind() != DomainSpec.Kind.DOM0) {
      int refused = facts.physicalDeviceAnswer(call.domain(), (int) call.argument(0));
      if (refused != 0) {
        return refused;
      }
    }
    return pci.present() ? operations.call(call) : -XenErrno.XEN_ENOSYS;
  }

  private static int rid(int bus, int devfn) {
    return bus << 8 | devfn;
  }

  /** A virtual function is in the segment of its physical one. */
  private int add(int segment, int rid, int flags, int physical) {
    boolean virtual = (flags & PciDeviceFlag.XEN_PCI_DEV_VIRTFN) != 0;
    return pci.add(Sbdf.of(segment, rid), flags, virtual ? Sbdf.of(segment, physical) : 0);
  }

  private int addExtended(PhysdevManagePciExt device) {
    int flags = (device.isExtfn() != 0 ? PciDeviceFlag.XEN_PCI_DEV_EXTFN : 0)
        | (device.isVirtfn() != 0 ? PciDeviceFlag.XEN_PCI_DEV_VIRTFN : 0);
    return add(0, rid(device.bus(), device.devfn()), flags, rid(device.physfnBus(), device.physfnDevfn()));
  }

  private int reset(int sbdf, int kind) {
    return kind < 0 || kind > LAST_RESET_KIND ? -XenErrno.XEN_EINVAL : pci.reset(sbdf, kind);
  }
}
