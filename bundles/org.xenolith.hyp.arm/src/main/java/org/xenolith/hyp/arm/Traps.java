// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.arm.api.SystemRegisterTrap;
import org.xenolith.hyp.api.GuestFirmware;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HypervisorTracePort.Kind;
import org.xenolith.hyp.arm.api.SystemRegistersPort;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.core.HypervisorCore;
import org.xenolith.machine.api.RamExhausted;

/** Synchronous exceptions of guests on one physical CPU, by exception class (Arm ARM D19.2.40). */
final class Traps {
  private static final int ESR_EL2 = SysReg.ESR_EL2.ordinal();
  private static final int ELR_EL2 = SysReg.ELR_EL2.ordinal();
  private static final int WFX = 0x01;
  private static final int HVC64 = 0x16;
  private static final int SMC64 = 0x17;
  private static final int SYSTEM_REGISTER = 0x18;
  private static final int INSTRUCTION_ABORT = 0x20;
  private static final int DATA_ABORT = 0x24;
  /** Immediate of a hypercall ({@code XEN_HYPERCALL_TAG}). */
  private static final int HYPERCALL = 0xEA1;
  private static final long NOT_SUPPORTED = -1;

  private final HypervisorCore core;
  private final SystemRegistersPort registers;
  private final El2Cpu processor;
  private final Cpu cpu;
  private final HypercallTrap hypercalls;
  private final MemoryAbort aborts;
  private final long[] arguments = new long[8];

  Traps(HypervisorCore core, El2Cpu processor) {
    this.core = core;
    registers = core.context.port(SystemRegistersPort.class);
    this.processor = processor;
    cpu = processor.cpu;
    hypercalls = new HypercallTrap(core, cpu);
    aborts = new MemoryAbort(core, cpu);
  }

  void serve(GuestVcpu vcpu) {
    int syndrome = (int) cpu.sys[ESR_EL2];
    int exceptionClass = syndrome >>> 26;
    int iss = syndrome & 0x1FF_FFFF;
    if (core.ports.trace().on()) {
      core.ports.trace().happened(Kind.TRAP, vcpu, exceptionClass, iss, cpu.sys[ELR_EL2]);
    }
    if (vcpu.blocked()) {
      // The hardware ended its wait.
      vcpu.wake();
    }
    switch (exceptionClass) {
      case HVC64 -> {
        int immediate = iss & 0xFFFF;
        if (immediate == HYPERCALL) {
          hypercalls.serve(vcpu);
        } else if (immediate == 0) {
          firmware(vcpu);
        } else {
          cpu.sys[ELR_EL2] -= 4;
          GuestException.undefined(cpu);
        }
      }
      case DATA_ABORT -> aborts.serve(vcpu, iss, false);
      case INSTRUCTION_ABORT -> aborts.serve(vcpu, iss, true);
      case WFX -> {
        cpu.sys[ELR_EL2] += 4;
        if ((iss & 1) == 0) {
          vcpu.block();
        } else {
          vcpu.yield();
        }
      }
      case SYSTEM_REGISTER -> register(vcpu, iss);
      case SMC64 -> {
        if ((iss & 0xFFFF) == 0) {
          cpu.sys[ELR_EL2] += 4;
          firmware(vcpu);
        } else {
          GuestException.undefined(cpu);
        }
      }
      default -> {
        core.context.events().report("guest-undefined", "d" + vcpu.domain().id() + "v" + vcpu.id(),
            "exception class 0x%x at 0x%x".formatted(exceptionClass, cpu.sys[ELR_EL2]));
        GuestException.undefined(cpu);
      }
    }
  }

  private void firmware(GuestVcpu vcpu) {
    int function = (int) cpu.x[0];
    GuestTrapsPort.Claim<GuestFirmware> claim = core.ports.traps().firmware(function);
    if (claim == null) {
      cpu.x[0] = NOT_SUPPORTED;
      return;
    }
    System.arraycopy(cpu.x, 0, arguments, 0, arguments.length);
    if (!core.ports.traps().call(claim, vcpu, arguments)) {
      arguments[0] = NOT_SUPPORTED;
    }
    if (processor.current() == vcpu) {
      System.arraycopy(arguments, 0, cpu.x, 0, Math.clamp(claim.handler().results(), 1, arguments.length));
    }
  }

  /** ISS of a trapped MRS or MSR: op0 21:20, op2 19:17, op1 16:14, CRn 13:10, Rt 9:5, CRm 4:1, read 0. */
  private void register(GuestVcpu vcpu, int iss) {
    int id = SystemRegister.id(iss >> 20 & 3, iss >> 14 & 7, iss >> 10 & 15, iss >> 1 & 15, iss >> 17 & 7);
    int register = iss >> 5 & 31;
    SystemRegistersPort.Claim claim = registers.register(id);
    if (claim == null) {
      core.context.events().report("guest-undefined", "d" + vcpu.domain().id() + "v" + vcpu.id(),
          "%s at 0x%x".formatted(SystemRegister.name(id), cpu.sys[ELR_EL2]));
      GuestException.undefined(cpu);
      return;
    }
    try {
      if ((iss & 1) != 0) {
        long value = claim.handler().read(vcpu, id);
        if (register != 31) {
          cpu.x[register] = value;
        }
      } else {
        claim.handler().write(vcpu, id, register == 31 ? 0 : cpu.x[register]);
      }
    } catch (SystemRegisterTrap refused) {
      GuestException.undefined(cpu);
      return;
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      registers.release(claim.handler());
      claim.owner().failed(bug);
    }
    cpu.sys[ELR_EL2] += 4;
  }
}
