// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.a64;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.api.FramedOperation;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypercall;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeMachine;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.DomctlIomemPermission;
import org.xenolith.xen.abi.DomctlMemoryMapping;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.XenErrno;

/** A hypervisor with Dom0 (two vCPUs) and domain 5 (two vCPUs), and Dom0's operations as whoever serves domctl hands them on: their frame is in its page 1. */
final class Tools {
  /** Frames of devices that Dom0 has. */
  static final Frames DEVICES = new Frames(0x9000, 0x9FFF);

  private static final int NUMBER = HypercallNumber.__HYPERVISOR_domctl;

  final FakeHypervisor hypervisor = new FakeHypervisor(4);
  final FakeDomain dom0 = hypervisor.dom0(2);
  final FakeDomain guest = hypervisor.domU(5, 2);
  final DeviceModel model;
  final Domctl frame = new Domctl();
  /** Where Dom0's frame is. */
  final long at = dom0.page(1);
  /** Where Dom0 has room for what a frame points to: two pages. */
  final long room = dom0.page(2);

  Tools() {
    PlatformNode timer = FakeNode.at("/timer").compatible("arm,armv8-timer").cells("clock-frequency", 62_500_000).build();
    PlatformNode ram = new PlatformNode("/memory@40000000", "memory@40000000", "/", FakeNode.at("/memory@40000000")
        .property(org.xenolith.fdt.FdtProperty.ofStrings("device_type", "memory")).build().properties(), List.of(), true,
        List.of(new AddressWindow(FakeMachine.RAM, FakeMachine.SIZE)), List.of(), Map.of());
    hypervisor.beside(timer, ram);
    model = hypervisor.install("a64.control", new ArmControlComponent());
    frame.at(dom0.memory(), at);
    dom0.permissions().permit(DEVICES);
    dom0.permissions().interrupt(40, true);
  }

  /** Points a view at the argument of Dom0's frame. */
  <T extends AbiStruct> T argument(T view) {
    view.at(dom0.memory(), at + Domctl.ARGUMENT);
    return view;
  }

  /** Points a view at Dom0's room. */
  <T extends AbiStruct> T room(T view) {
    view.at(dom0.memory(), room);
    return view;
  }

  /** The argument that creates a usual domain of three vCPUs. */
  DomctlCreateDomain creation() {
    DomctlCreateDomain config = argument(new DomctlCreateDomain());
    for (int i = 0; i < DomctlCreateDomain.SIZE; i++) {
      dom0.memory().write8(at + Domctl.ARGUMENT + i, (byte) 0);
    }
    config.flags(3);
    config.maxVcpus(3);
    config.grantOpts(1);
    return config;
  }

  /** The argument that maps frames of the machine to a domain, or ({@code add} 0) takes the mapping away. */
  void mapping(long gfn, long mfn, long count, int add) {
    DomctlMemoryMapping mapping = argument(new DomctlMemoryMapping());
    mapping.firstGfn(gfn);
    mapping.firstMfn(mfn);
    mapping.nrMfns(count);
    mapping.addMapping(add);
  }

  /** The argument that allows a domain frames of the machine or ({@code allow} 0) forbids them. */
  void permission(long first, long count, int allow) {
    DomctlIomemPermission permission = argument(new DomctlIomemPermission());
    permission.firstMfn(first);
    permission.nrMfns(count);
    permission.allowAccess(allow);
  }

  /** Dom0's first vCPU asks. */
  long call(int operation, int domid) {
    ControlOperationsPort operations = hypervisor.port(ControlOperationsPort.class);
    FramedOperation served = operations.find(NUMBER, operation);
    if (served == null) {
      return -XenErrno.XEN_ENOSYS;
    }
    served.argument().at(dom0.memory(), at + Domctl.ARGUMENT);
    return operations.serve(NUMBER, operation, new FakeHypercall(dom0.vcpu(0), NUMBER, at), hypervisor.byId(domid));
  }

  void works(int operation, int domid) {
    assertEquals(0, call(operation, domid));
  }

  void refuses(int errno, int operation, int domid) {
    assertEquals(-errno, call(operation, domid));
  }
}
