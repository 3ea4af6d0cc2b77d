// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of the HPET (IA-PC HPET Specification 1.0a, table 2). The timers' are in the order of the timers. */
enum HpetRegister implements Register {
  /** Ten nanoseconds in femtoseconds; Intel, a counter of 64 bits, three timers, revision 1; no legacy replacement. */
  GCAP_ID(at(0x000, "2.3.4").wide().reset(0x0098_9680_8086_2201L)),
  /** Whether the main counter runs. The route of legacy interrupts stays 0. */
  GEN_CONF(at(0x010, "2.3.5").wide().rw(1)),
  /** Level-triggered interrupts that are active. */
  GINTR_STA(at(0x020, "2.3.6").wide().w1c(7)),
  /** What the counter was when it was halted or written; reads as the counter. */
  MAIN_CNT(at(0x0F0, "2.3.7").wide().rw(-1L)),
  /** Timer 0: level, enabled, periodic, to set the value, 32 bits. */
  T0_CONF(at(0x100, "2.3.8").wide().rw(Hpet.CONF_BITS)),
  /** Timer 0: what was written last: in periodic mode, the period. Reads as the comparator. */
  T0_COMP(at(0x108, "2.3.9").wide().rw(-1L).reset(-1L)),
  /** Timer 0: no messages. */
  T0_FSB(at(0x110, "2.3.10").wide()),
  /** Timer 1. */
  T1_CONF(at(0x120, "2.3.8").wide().rw(Hpet.CONF_BITS)),
  /** Timer 1. */
  T1_COMP(at(0x128, "2.3.9").wide().rw(-1L).reset(-1L)),
  /** Timer 1. */
  T1_FSB(at(0x130, "2.3.10").wide()),
  /** Timer 2. */
  T2_CONF(at(0x140, "2.3.8").wide().rw(Hpet.CONF_BITS)),
  /** Timer 2. */
  T2_COMP(at(0x148, "2.3.9").wide().rw(-1L).reset(-1L)),
  /** Timer 2. */
  T2_FSB(at(0x150, "2.3.10").wide());

  private final RegisterSpec spec;

  HpetRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
