// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import org.xenolith.a64.isa.Insn;

/** The forms that regions hold, those of 64 bits where that makes a difference. */
final class Covered {
  private Covered() {}

  static boolean is(Insn insn) {
    return Translated.covers(insn, insn.match() | 3 << 30);
  }
}
