// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vpmu;

import static org.xenolith.a64.arch.SystemRegister.id;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.hyp.api.ContextSwitchPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.SwitchHook;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.RegisterTrap;
import org.xenolith.hyp.arm.api.SystemRegistersPort;
import org.xenolith.hyp.arm.kit.ArmVcpu;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;

/**
 * Keeps guests from the performance monitors, which nobody saves for them: accesses trap, EL1 reads zero and writes in vain, EL0
 * finds them UNDEFINED but for PMUSERENR_EL0. The event counters by number and their types are UNDEFINED, as in Xen.
 */
final class Vpmu implements DeviceModel, SwitchHook, RegisterTrap {
  private static final int PMUSERENR_EL0 = id(3, 3, 9, 14, 0);
  /** All but PMEVCNTRn_EL0, PMEVTYPERn_EL0 and PMCCFILTR_EL0. */
  private static final int[] ANSWERED = {id(3, 0, 9, 14, 1), id(3, 0, 9, 14, 2), id(3, 3, 9, 12, 0), id(3, 3, 9, 12, 1),
      id(3, 3, 9, 12, 2), id(3, 3, 9, 12, 3), id(3, 3, 9, 12, 4), id(3, 3, 9, 12, 5), id(3, 3, 9, 12, 6), id(3, 3, 9, 12, 7),
      id(3, 3, 9, 13, 0), id(3, 3, 9, 13, 1), id(3, 3, 9, 13, 2), PMUSERENR_EL0, id(3, 3, 9, 14, 3)};
  /** MDCR_EL2: TPMCR and TPM. */
  private static final long TRAPS = 1 << 5 | 1 << 6;

  private final DomainsPort domainsPort;
  private final ContextSwitchPort switches;
  private final SystemRegistersPort registers;
  private final DeviceState state = new DeviceState();

  Vpmu(DeviceContext context) {
    domainsPort = context.port(DomainsPort.class);
    switches = context.port(ContextSwitchPort.class);
    registers = context.port(SystemRegistersPort.class);
    switches.claim(this, context);
    registers.claim(this, context, ANSWERED);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    loadAll();
  }

  @Override
  public void restored() {
    loadAll();
  }

  /** Virtual CPUs that were switched in while nobody was here trap from now on, too. */
  private void loadAll() {
    Domains domains = domainsPort.domains();
    if (domains == null) {
      return;
    }
    for (Domain domain : domains.all()) {
      for (Vcpu vcpu : domain.vcpus()) {
        if (vcpu.loaded() != null) {
          load(vcpu, vcpu.loaded());
        }
      }
    }
  }

  @Override
  public void removed() {
    switches.release(this);
    registers.release(this);
  }

  @Override
  public void save(Vcpu vcpu, CpuPort cpu) {}

  @Override
  public void load(Vcpu vcpu, CpuPort port) {
    Cpu cpu = port.as(Cpu.class);
    cpu.el2.write(SysReg.MDCR_EL2, cpu.el2.read(SysReg.MDCR_EL2) | TRAPS);
  }

  @Override
  public long read(Vcpu vcpu, int id) {
    if (id != PMUSERENR_EL0) {
      check(vcpu);
    }
    return 0;
  }

  @Override
  public void write(Vcpu vcpu, int id, long value) {
    check(vcpu);
  }

  private static void check(Vcpu vcpu) {
    if ((ArmVcpu.cpu(vcpu).el2.read(SysReg.SPSR_EL2) & 0xC) == 0) {
      throw SystemRegisterTrap.UNDEFINED;
    }
  }
}
