// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/** Which kind of flags an instruction leaves: what {@link Conditions} knows while it emits, said beforehand. */
final class FlagKinds {
  private FlagKinds() {}

  /** @param before the kind before it */
  static int after(Insn insn, int word, int before) {
    boolean wide = Fields.sf(word);
    return switch (insn) {
      case ADDS_IMM, ADDS_SHIFTED, ADDS_EXTENDED -> wide ? Flags.ADD64 : Flags.ADD32;
      case SUBS_IMM, SUBS_SHIFTED, SUBS_EXTENDED -> wide ? Flags.SUB64 : Flags.SUB32;
      case ANDS_IMM, ANDS_SHIFTED, BICS_SHIFTED -> Flags.LOGIC;
      case ADCS, SBCS -> Flags.PACKED;
      case CCMN_REG, CCMP_REG, CCMN_IMM, CCMP_IMM -> Flags.UNKNOWN;
      default -> FloatArithmetic.compares(insn) ? Flags.PACKED : Translated.flags(insn) ? Flags.STORED : before;
    };
  }
}
