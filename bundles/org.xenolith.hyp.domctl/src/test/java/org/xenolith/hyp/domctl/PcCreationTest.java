// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ControlOperationsPort;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.Domctl;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.DomctlTscInfo;
import org.xenolith.xen.abi.X64DomainConfig;
import org.xenolith.xen.abi.X64Emulation;
import org.xenolith.xen.abi.XenErrno;

/** Domains that tools create on x86, and what other subsystems add to domctl there. */
class PcCreationTest {
  private final FakeHypervisor hypervisor = new FakeHypervisor(2);
  private final FakeDomain dom0 = hypervisor.dom0(1);
  private final long at = dom0.page(1);
  private final Domctl frame = new Domctl();
  private final DomctlCreateDomain config = new DomctlCreateDomain();
  private final X64DomainConfig arch = new X64DomainConfig();

  PcCreationTest() {
    hypervisor.install("domctl", new ControlComponent());
    frame.at(dom0.memory(), at);
    config.at(frame, Domctl.ARGUMENT);
    arch.at(config, DomctlCreateDomain.ARCH);
    config.zero();
    config.flags(3);
    config.maxVcpus(2);
    config.grantOpts(1);
    arch.emulationFlags(X64Emulation.XEN_X86_EMU_LAPIC);
  }

  private long call(int operation, int domid) {
    frame.cmd(operation);
    frame.interfaceVersion(ControlOp.XEN_DOMCTL_INTERFACE_VERSION);
    frame.domain(domid);
    return dom0.vcpu(0).call(36, at);
  }

  private long create() {
    return call(ControlOp.XEN_DOMCTL_createdomain, 0);
  }

  @Test
  void aGuestWithLocalApicsIsMade() {
    assertEquals(0, create());
    FakeDomain made = hypervisor.byId(frame.domain());
    assertEquals(2, made.vcpus().size());
    assertEquals(X64Emulation.XEN_X86_EMU_LAPIC, made.emulation());
    assertEquals(0, made.eventInterrupt(), "it says itself how it hears of events");
    assertNull(made.grantRegion());
  }

  @Test
  void whatXenMakesNoDomainOfIsRefused() {
    arch.emulationFlags(0);
    assertEquals(-XenErrno.XEN_EOPNOTSUPP, create());
    arch.emulationFlags(0x1F7F);
    assertEquals(-XenErrno.XEN_EINVAL, create());
    arch.emulationFlags(X64Emulation.XEN_X86_EMU_LAPIC);
    arch.miscFlags(2);
    assertEquals(-XenErrno.XEN_EINVAL, create());
    arch.miscFlags(1);
    config.flags(0);
    assertEquals(-XenErrno.XEN_EINVAL, create(), "a paravirtualized one");
    config.flags(3);
    config.maxVcpus(129);
    assertEquals(-XenErrno.XEN_EINVAL, create());
    config.maxVcpus(128);
    config.grantOpts(2);
    assertEquals(-XenErrno.XEN_EINVAL, create());
    assertEquals(1, hypervisor.all().size());
    config.grantOpts(1);
    assertEquals(0, create());
  }

  /** Whoever serves domctl finds the domain and looks at the privilege; its own operations come first. */
  @Test
  void operationsOfOthersAreServedInTheFrame() {
    FakeDomain guest = hypervisor.domU(5, 1);
    hypervisor.port(ControlOperationsPort.class).claim(36, hypervisor.context("other"), List.of(SubOperation.of(
        ControlOp.XEN_DOMCTL_gettscinfo, "gettscinfo", new DomctlTscInfo(), (call, info, target) -> {
          info.gtscKhz(target.id() + info.incarnation());
          return 0;
        }).answers(), SubOperation.of(ControlOp.XEN_DOMCTL_pausedomain, "pausedomain", (call, none, target) -> -77)));
    DomctlTscInfo info = new DomctlTscInfo();
    info.at(frame, Domctl.ARGUMENT);
    info.incarnation(100);
    assertEquals(0, call(ControlOp.XEN_DOMCTL_gettscinfo, 5));
    assertEquals(105, info.gtscKhz());
    assertEquals(0, call(ControlOp.XEN_DOMCTL_pausedomain, 5));
    assertEquals(-XenErrno.XEN_ESRCH, call(ControlOp.XEN_DOMCTL_gettscinfo, 9));
    long own = guest.page(1);
    Domctl theirs = new Domctl();
    theirs.at(guest.memory(), own);
    theirs.cmd(ControlOp.XEN_DOMCTL_gettscinfo);
    theirs.interfaceVersion(ControlOp.XEN_DOMCTL_INTERFACE_VERSION);
    theirs.domain(0);
    assertEquals(-XenErrno.XEN_EPERM, guest.vcpu(0).call(36, own));
  }
}
