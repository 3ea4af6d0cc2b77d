// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.GuestMmio;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.core.GuestVcpu;
import org.xenolith.hyp.core.HypervisorCore;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RamExhausted;

/** Stage-2 aborts: an emulated device's access, a page to be found, or an abort for the guest (Arm ARM D19.2.40, ISS). */
final class MemoryAbort {
  private static final int ELR_EL2 = SysReg.ELR_EL2.ordinal();
  private static final int FAR_EL2 = SysReg.FAR_EL2.ordinal();
  private static final int HPFAR_EL2 = SysReg.HPFAR_EL2.ordinal();
  private static final int ISV = 1 << 24;
  private static final int SSE = 1 << 21;
  private static final int SF = 1 << 15;
  private static final int S1PTW = 1 << 7;
  private static final int WNR = 1 << 6;

  private final HypervisorCore core;
  private final Cpu cpu;

  MemoryAbort(HypervisorCore core, Cpu cpu) {
    this.core = core;
    this.cpu = cpu;
  }

  void serve(GuestVcpu vcpu, int iss, boolean fetch) {
    long ipa = (cpu.sys[HPFAR_EL2] & ~15L) << 8 | cpu.sys[FAR_EL2] & 0xFFF;
    boolean write = !fetch && (iss & WNR) != 0;
    if (!fetch && (iss & S1PTW) == 0) {
      GuestTrapsPort.Claim<GuestMmio> claim = core.ports.traps().window(vcpu.domain(), ipa);
      if (claim != null) {
        if ((iss & ISV) == 0) {
          refuse(vcpu, ipa, iss, false, "an access without a syndrome that says which");
          return;
        }
        access(vcpu, claim.handler(), claim.owner(), ipa, iss);
        cpu.sys[ELR_EL2] += 4;
        return;
      }
    }
    if (!core.ports.p2m().present()) {
      vcpu.park();
      core.ports.p2m().whenPresent(vcpu::unpark);
      return;
    }
    if (!core.ports.p2m().fault(vcpu, ipa, write)) {
      refuse(vcpu, ipa, iss, fetch, "nothing there");
    }
  }

  private void refuse(GuestVcpu vcpu, long ipa, int iss, boolean fetch, String why) {
    core.context.events().report("guest-abort", "d" + vcpu.domain().id() + "v" + vcpu.id(),
        (fetch ? "fetch" : (iss & WNR) != 0 ? "store" : "load") + " of 0x" + Long.toHexString(ipa) + ": " + why);
    GuestException.abort(cpu, fetch, iss);
  }

  private void access(GuestVcpu vcpu, GuestMmio handler, DeviceContext owner, long ipa, int iss) {
    int size = 1 << (iss >> 22 & 3);
    int register = iss >> 16 & 31;
    try {
      if ((iss & WNR) != 0) {
        long value = register == 31 ? 0 : cpu.x[register];
        handler.write(vcpu, ipa, size, size == 8 ? value : value & (1L << 8 * size) - 1);
      } else {
        long value = handler.read(vcpu, ipa, size);
        if (register != 31) {
          cpu.x[register] = extended(value, size, iss);
        }
      }
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      core.ports.traps().release(handler);
      owner.failed(bug);
    }
  }

  private static long extended(long value, int size, int iss) {
    int unused = 64 - 8 * size;
    if ((iss & SSE) == 0) {
      return value << unused >>> unused;
    }
    long signed = value << unused >> unused;
    return (iss & SF) != 0 ? signed : signed & 0xFFFF_FFFFL;
  }
}
