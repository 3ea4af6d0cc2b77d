// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.RegisterTrap;
import org.xenolith.hyp.arm.api.SystemRegistersPort;
import org.xenolith.hyp.arm.kit.ArmVcpu;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** What the core is on a machine with A64 CPUs. */
class ArmHypervisorTest {
  private static final String ROLE = "core";

  private final FakeHypervisor hypervisor = new FakeHypervisor(2);
  private DeviceModel model;

  @BeforeEach
  void install() {
    model = hypervisor.install(ROLE, new ArmHypervisorComponent());
  }

  private Domains domains() {
    return hypervisor.port(DomainsPort.class).domains();
  }

  private Domain create(String name, int vcpus) {
    return domains().create(-1, new DomainSpec(name, new UUID(1, 2), vcpus, 100, DomainSpec.Kind.DOMU, 31, 512, 50));
  }

  @Test
  void replacementKeepsDomainsAndVirtualCpus() {
    Domain domain = create("one", 2);
    domain.unpause();
    domain.vcpu(0).powerOn(0x4000_0000L, 42);
    byte[] before = model.state().save().toBytes();
    model = hypervisor.replace(ROLE, new ArmHypervisorComponent());
    assertArrayEquals(before, model.state().save().toBytes());
    Domain same = domains().byId(domain.id());
    assertFalse(same == domain);
    Vcpu vcpu = same.vcpu(0);
    assertTrue(vcpu.online());
    assertEquals(0x4000_0000L, ArmVcpu.of(vcpu).context().pc());
    assertEquals(42, vcpu.x(0));
  }

  @Test
  void debugRegistersReadZeroAndOthersAreUndefined() {
    SystemRegistersPort registers = hypervisor.port(SystemRegistersPort.class);
    for (SysReg reg : List.of(SysReg.MDSCR_EL1, SysReg.OSLAR_EL1, SysReg.OSDLR_EL1, SysReg.MDRAR_EL1, SysReg.MDCCSR_EL0, SysReg.DBGBVR0_EL1,
        SysReg.DBGBCR5_EL1, SysReg.DBGWVR0_EL1, SysReg.DBGWCR3_EL1)) {
      RegisterTrap answer = registers.register(reg.id).handler();
      answer.write(null, reg.id, -1);
      assertEquals(0, answer.read(null, reg.id), reg.name());
    }
    for (SysReg reg : List.of(SysReg.OSLSR_EL1, SysReg.DBGPRCR_EL1, SysReg.MDCCINT_EL1, SysReg.DBGDTR_EL0, SysReg.DBGCLAIMSET_EL1)) {
      assertNull(registers.register(reg.id), reg.name());
    }
    model.removed();
    assertNull(registers.register(SysReg.MDSCR_EL1.id));
  }

  @Test
  void guestsTrapWhenTheyTouchThem() {
    Cpu cpu = domains().processors().getFirst().as(Cpu.class);
    cpu.powerOn(0, 0);
    cpu.begin(0);
    cpu.end();
    assertEquals(0xE00, cpu.sys[SysReg.MDCR_EL2.ordinal()] & 0xF00, "TDRA, TDOSA and TDA, but not TDE");
  }
}
