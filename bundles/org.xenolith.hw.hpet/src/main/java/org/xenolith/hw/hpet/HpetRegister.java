// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.hpet;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** Registers of the HPET (IA-PC HPET Specification 1.0a, 2.3). */
enum HpetRegister implements Register {
  /** General capabilities: revision 1, three comparators, 64 bits, vendor 0x8086, period 10 ns in femtoseconds. */
  GCAP_ID(at(0x000, "2.3.4").wide().reset(0x0098_9680_8086_2201L)),
  /** General configuration: the counter runs and interrupts are let through; legacy replacement isn't there. */
  GEN_CONF(at(0x010, "2.3.5").wide().rw(1)),
  /** Which level-triggered comparators interrupt. */
  GINTR_STA(at(0x020, "2.3.6").wide().w1c(7)),
  /** The counter while it stands still. */
  MAIN_CNT(at(0x0F0, "2.3.7").wide().rw(-1L)),
  /** Configuration of comparator 0. */
  TIM0_CONF(at(0x100, "2.3.8").wide().rw(HpetRegister.CONFIGURABLE)),
  /** Comparator 0. */
  TIM0_COMP(at(0x108, "2.3.9").wide().rw(-1L).reset(-1L)),
  /** Messages of comparator 0, which it can't send. */
  TIM0_FSB(at(0x110, "2.3.10").wide()),
  /** Configuration of comparator 1. */
  TIM1_CONF(at(0x120, "2.3.8").wide().rw(HpetRegister.CONFIGURABLE)),
  /** Comparator 1. */
  TIM1_COMP(at(0x128, "2.3.9").wide().rw(-1L).reset(-1L)),
  /** Messages of comparator 1. */
  TIM1_FSB(at(0x130, "2.3.10").wide()),
  /** Configuration of comparator 2. */
  TIM2_CONF(at(0x140, "2.3.8").wide().rw(HpetRegister.CONFIGURABLE)),
  /** Comparator 2. */
  TIM2_COMP(at(0x148, "2.3.9").wide().rw(-1L).reset(-1L)),
  /** Messages of comparator 2. */
  TIM2_FSB(at(0x150, "2.3.10").wide());

  /** Tn_CONF: level-triggered. */
  static final int LEVEL = 1 << 1;
  /** Tn_CONF: it may interrupt. */
  static final int ENABLE = 1 << 2;
  /** Tn_CONF: periodic. */
  static final int PERIODIC = 1 << 3;
  /** Tn_CONF: the next write to the comparator of a periodic one sets the comparator itself. Reads as 0. */
  static final int VALUE_SET = 1 << 6;
  /** Tn_CONF: 32 bits of counter and comparator count. */
  static final int NARROW = 1 << 8;
  /** Tn_CONF: each comparator can be periodic and has 64 bits. */
  static final int CAPABLE = 1 << 4 | 1 << 5;
  private static final int CONFIGURABLE = LEVEL | ENABLE | PERIODIC | VALUE_SET | NARROW;

  private final RegisterSpec spec;

  HpetRegister(RegisterSpec spec) {
    this.spec = spec;
  }

  @Override
  public RegisterSpec spec() {
    return spec;
  }
}
