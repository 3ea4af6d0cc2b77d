// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.MsrTrap;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.arch.Core;

/** Registers that read what the machine has, and that no guest changes: what is written is lost where kernels write it, and refused elsewhere (Intel SDM volume 4, table 2-2). */
final class Constants implements MsrTrap {
  private static final int TSC = 0x10;
  private static final int PLATFORM_ID = 0x17;
  private static final int FEATURE_CONTROL = 0x3A;
  private static final int TSC_ADJUST = 0x3B;
  private static final int MICROCODE = 0x8B;
  private static final int PLATFORM_INFO = 0xCE;
  private static final int ARCH_CAPABILITIES = 0x10A;
  private static final int MISC_FEATURES = 0x140;
  private static final int MCG_CAP = 0x179;
  private static final int MCG_STATUS = 0x17A;
  private static final int MISC_ENABLE = 0x1A0;
  private static final int DEBUGCTL = 0x1D9;
  static final int[] REGISTERS = {TSC, PLATFORM_ID, FEATURE_CONTROL, TSC_ADJUST, MICROCODE, PLATFORM_INFO, ARCH_CAPABILITIES, MISC_FEATURES,
      MCG_CAP, MCG_STATUS, MISC_ENABLE, DEBUGCTL};

  @Override
  public long read(Vcpu vcpu, int msr) throws MsrFault {
    return switch (msr) {
      case TSC, ARCH_CAPABILITIES, PLATFORM_ID, MICROCODE, MISC_ENABLE -> ((Core) vcpu.loaded()).msrs.hostRead(msr);
      case FEATURE_CONTROL -> 1;
      default -> 0;
    };
  }

  @Override
  public void write(Vcpu vcpu, int msr, long value) throws MsrFault {
    boolean lost = switch (msr) {
      case MICROCODE, MISC_FEATURES, MISC_ENABLE -> true;
      case MCG_STATUS, TSC_ADJUST, DEBUGCTL -> value == 0;
      default -> false;
    };
    if (!lost) {
      throw MsrFault.INSTANCE;
    }
  }
}
