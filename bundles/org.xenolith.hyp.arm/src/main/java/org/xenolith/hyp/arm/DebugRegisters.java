// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.xenolith.a64.arch.SysReg;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.arm.api.RegisterTrap;

/**
 * Debug registers as Xen 4.17 gives them to guests: they read zero, and what is written is lost, so that no guest steps, breaks or
 * watches by hardware. The others that {@link #TRAPS} covers are undefined. Source: Arm ARM DDI 0487, D19.3; what Xen answers was
 * read from {@code xen/arch/arm/arm64/vsysreg.c}.
 */
final class DebugRegisters implements RegisterTrap {
  /** Bits of MDCR_EL2: TDA, TDOSA, TDRA. */
  static final long TRAPS = 1 << 9 | 1 << 10 | 1 << 11;

  /** Encodings that are answered. */
  static final int[] ANSWERED = IntStream.concat(
      Stream.of(SysReg.MDRAR_EL1, SysReg.OSLAR_EL1, SysReg.OSDLR_EL1, SysReg.MDSCR_EL1, SysReg.MDCCSR_EL0).mapToInt(reg -> reg.id),
      Stream.of(SysReg.values()).filter(reg -> reg.name().matches("DBG[BW][VC]R\\d+_EL1")).mapToInt(reg -> reg.id)).toArray();

  @Override
  public long read(Vcpu vcpu, int id) {
    return 0;
  }

  @Override
  public void write(Vcpu vcpu, int id, long value) {}
}
