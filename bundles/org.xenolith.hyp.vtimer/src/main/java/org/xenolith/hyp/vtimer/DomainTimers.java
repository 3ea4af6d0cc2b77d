// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vtimer;

import java.util.OptionalLong;
import org.xenolith.hyp.kit.DomainPart;
import org.xenolith.regs.LongCell;

/** The timers of one domain's virtual CPUs. What is loaded is in the hardware, but for the physical timer, which is emulated. */
final class DomainTimers extends DomainPart {
  /** CNTVOFF_EL2: the physical count at which its virtual one is 0. */
  final LongCell offset;
  final long[] virtualControl;
  final long[] virtualCompare;
  final long[] kernelControl;
  final long[] physicalControl;
  final long[] physicalCompare;

  DomainTimers(int serial, int vcpus) {
    super(serial, vcpus);
    offset = state.cell("CNTVOFF", 0);
    virtualControl = state.longs("CNTV_CTL", vcpus);
    virtualCompare = state.longs("CNTV_CVAL", vcpus);
    kernelControl = state.longs("CNTKCTL", vcpus);
    physicalControl = state.longs("CNTP_CTL", vcpus);
    physicalCompare = state.longs("CNTP_CVAL", vcpus);
    for (int i = 0; i < vcpus; i++) {
      int vcpu = i;
      state.shows("vcpu" + i, TimerRegister.SHOWN, register -> OptionalLong.of(kept(register.name(), vcpu)));
    }
  }

  /** What a virtual CPU's register has; of the virtual timer and of CNTKCTL what it had when it was last not loaded. */
  private long kept(String register, int vcpu) {
    return switch (register) {
      case "CNTVOFF_EL2" -> offset.value;
      case "CNTV_CTL_EL0" -> virtualControl[vcpu];
      case "CNTV_CVAL_EL0" -> virtualCompare[vcpu];
      case "CNTKCTL_EL1" -> kernelControl[vcpu];
      case "CNTP_CTL_EL0" -> physicalControl[vcpu];
      default -> physicalCompare[vcpu];
    };
  }

  void reset(int vcpu) {
    virtualControl[vcpu] = 0;
    virtualCompare[vcpu] = 0;
    kernelControl[vcpu] = 0;
    physicalControl[vcpu] = 0;
    physicalCompare[vcpu] = 0;
  }

  /** Whether a timer counts and its output isn't masked. */
  static boolean armed(long control) {
    return (control & (TimerRegister.ENABLE | TimerRegister.IMASK)) == TimerRegister.ENABLE;
  }
}
