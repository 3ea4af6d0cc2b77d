// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl.x64;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.X64DomainConfig;
import org.xenolith.xen.abi.X64Emulation;
import org.xenolith.xen.abi.XenErrno;

/** What of a domain that tools create is x86's. */
class PcCreationTest {
  private static final DomainSpec SPEC = new DomainSpec("new", new UUID(1, 2), 2, 0, DomainSpec.Kind.DOMU, 0, 256, 0);
  private final FakeHypervisor hypervisor = new FakeHypervisor(2);
  private final FakeDomain dom0 = hypervisor.dom0(1);
  private final DomctlCreateDomain config = new DomctlCreateDomain();
  private final X64DomainConfig arch = new X64DomainConfig();
  private final PcCreation rules = new PcCreation();

  PcCreationTest() {
    config.at(dom0.memory(), dom0.page(1));
    arch.at(config, DomctlCreateDomain.ARCH);
    config.zero();
    config.maxVcpus(2);
    arch.emulationFlags(X64Emulation.XEN_X86_EMU_LAPIC);
  }

  @Test
  void aGuestWithLocalApicsIsMade() {
    assertEquals(0, rules.refused(config));
    DomainSpec spec = rules.complete(config, SPEC);
    assertEquals(X64Emulation.XEN_X86_EMU_LAPIC, spec.emulation());
    assertEquals(0, spec.eventInterrupt(), "it says itself how it hears of events");
    FakeDomain made = hypervisor.domU(5, 2);
    rules.made(config, made);
    assertNull(made.grantRegion());
  }

  @Test
  void whatXenMakesNoDomainOfIsRefused() {
    arch.emulationFlags(0);
    assertEquals(-XenErrno.XEN_EOPNOTSUPP, rules.refused(config));
    arch.emulationFlags(0x1F7F);
    assertEquals(-XenErrno.XEN_EINVAL, rules.refused(config));
    arch.emulationFlags(X64Emulation.XEN_X86_EMU_LAPIC);
    arch.miscFlags(2);
    assertEquals(-XenErrno.XEN_EINVAL, rules.refused(config));
    arch.miscFlags(1);
    config.maxVcpus(129);
    assertEquals(-XenErrno.XEN_EINVAL, rules.refused(config));
    config.maxVcpus(128);
    assertEquals(0, rules.refused(config));
  }
}
