// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainCreation;
import org.xenolith.hyp.api.DomainCreationPort;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.HardwarePermissions.Frames;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;
import org.xenolith.xen.abi.AbiStruct;
import org.xenolith.xen.abi.ArchDomainConfig;
import org.xenolith.xen.abi.ControlBitmap;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.DomctlVcpuAffinity;
import org.xenolith.xen.abi.XenErrno;

/** A hypervisor with Dom0 (two vCPUs) and domain 5 (two vCPUs), and Dom0's side of domctl: a frame in its page 1. */
final class Tools {
  /** The interrupt by which domains of this architecture hear of events. */
  static final int EVENT_INTERRUPT = 31;
  /** Virtual CPUs that its domains have at most. */
  private static final int MOST_VCPUS = 8;
  /** Frames of devices that Dom0 has. */
  static final Frames DEVICES = new Frames(0x9000, 0x9FFF);

  final FakeHypervisor hypervisor = new FakeHypervisor(4);
  final FakeDomain dom0 = hypervisor.dom0(2);
  final FakeDomain guest = hypervisor.domU(5, 2);
  final DeviceModel model;
  final DomainCreation rules = new Rules();
  final Domctl frame = new Domctl();
  /** Where Dom0's frame is. */
  final long at = dom0.page(1);
  /** Where Dom0 has room for what a frame points to: two pages. */
  final long room = dom0.page(2);

  Tools() {
    model = hypervisor.install("domctl", new DomctlComponent());
    hypervisor.port(DomainCreationPort.class).attach(rules, hypervisor.context("domctl"));
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

  /** Says in the argument, at {@code offset}, where a bitmap is. */
  void bitmap(int offset, long bitmap, int bits) {
    ControlBitmap map = new ControlBitmap();
    map.at(dom0.memory(), at + Domctl.ARGUMENT + offset);
    map.bitmap(bitmap);
    map.nrBits(bits);
  }

  /** Dom0's first vCPU calls. */
  long call(int operation, int domid) {
    return call(dom0.vcpu(0), operation, domid);
  }

  /** A vCPU calls; the frame is in its domain's page 1. */
  long call(FakeVcpu vcpu, int operation, int domid) {
    Domctl own = new Domctl();
    own.at(vcpu.domain().memory(), vcpu.domain().page(1));
    own.cmd(operation);
    own.interfaceVersion(ControlOp.XEN_DOMCTL_INTERFACE_VERSION);
    own.domain(domid);
    return vcpu.call(36, vcpu.domain().page(1));
  }

  /** Says which CPUs the guest's vCPU 1 must have, and which it should have; the maps are in the room, 16 bytes apart. */
  DomctlVcpuAffinity affinity(long hard, long soft) {
    DomctlVcpuAffinity affinity = argument(new DomctlVcpuAffinity());
    affinity.vcpu(1);
    affinity.flags(3);
    bitmap(DomctlVcpuAffinity.CPUMAP_HARD, room, 64);
    bitmap(DomctlVcpuAffinity.CPUMAP_SOFT, room + 16, 64);
    dom0.memory().write64(room, hard);
    dom0.memory().write64(room + 16, soft);
    works(ControlOp.XEN_DOMCTL_setvcpuaffinity, 5);
    return affinity;
  }

  void works(int operation, int domid) {
    assertEquals(0, call(operation, domid));
  }

  void refuses(int errno, int operation, int domid) {
    assertEquals(-errno, call(operation, domid));
  }

  /** An architecture's say in new domains. */
  private static final class Rules implements DomainCreation {
    @Override
    public int refused(DomctlCreateDomain config) {
      return config.maxVcpus() > MOST_VCPUS ? -XenErrno.XEN_E2BIG : 0;
    }

    @Override
    public DomainSpec complete(DomctlCreateDomain config, DomainSpec spec) {
      return new DomainSpec(spec.name(), spec.handle(), spec.vcpus(), spec.maxPages(), spec.kind(), EVENT_INTERRUPT, spec.weight(), spec
          .cap());
    }

    @Override
    public void made(DomctlCreateDomain config, Domain domain) {
      ArchDomainConfig told = new ArchDomainConfig();
      told.at(config, DomctlCreateDomain.ARCH);
      told.gicVersion((byte) 0x77);
    }
  }
}
