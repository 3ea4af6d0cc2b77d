// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import java.util.Arrays;
import java.util.Set;

/**
 * The forms by opcode, for a set of features: index by map, opcode, prefix slot, register-or-memory and ModRM.reg, in 64-bit mode
 * or outside. A value is 0 (undefined), 1 + the ordinal of a form, or {@link #BY_RM} + a row of {@link #byRm} that ModRM.rm indexes.
 */
final class DecodeTable {
  static final int BY_RM = 0x8000;
  private static final int SIZE = 4 * 256 * 4 * 16;

  final char[] entries = new char[SIZE];
  char[] byRm = new char[0];
  /** By map and opcode: whether a ModRM byte follows. */
  final boolean[] modrm = new boolean[4 * 256];

  DecodeTable(Set<Feature> features, boolean longMode) {
    place(features, longMode, true);
    place(features, longMode, false);
  }

  /** Forms with a prefix of their own go first; the others take the slots that are left. */
  private void place(Set<Feature> features, boolean longMode, boolean own) {
    for (Insn insn : Insn.all()) {
      Form form = insn.form();
      if (insn.is(longMode ? Trait.NOT_IN_64 : Trait.ONLY_IN_64) || own == (form.prefix == Form.ANY))
        continue;
      for (int r = 0; r < (form.opcodeRegister ? 8 : 1); r++)
        modrm[form.map << 8 | form.opcode + r] |= form.modrm;
      if (insn.feature() == null || features.contains(insn.feature()))
        place(insn, form);
    }
  }

  private void place(Insn insn, Form form) {
    for (int slot = 0; slot < 4; slot++) {
      if (!form.takes(slot))
        continue;
      for (int r = 0; r < (form.opcodeRegister ? 8 : 1); r++)
        for (int low = 0; low < 16; low++) {
          boolean reg = low >= 8;
          if (form.modrm ? (form.digit < 0 || form.digit == (low & 7)) && (reg ? form.register : form.memory) || form.modIgnored : low == 0)
            put(index(form.map, form.opcode + r, slot, low), form.rm, insn);
        }
    }
  }

  private void put(int index, int rm, Insn insn) {
    char value = (char) (insn.ordinal() + 1);
    char old = entries[index];
    if (rm < 0) {
      if (old == 0)
        entries[index] = value;
      else if (old >= BY_RM) {
        for (int i = 0; i < 8; i++)
          if (byRm[(old - BY_RM) * 8 + i] == 0)
            byRm[(old - BY_RM) * 8 + i] = value;
      } else if (insn == Insn.NOP && Insn.all()[old - 1] == Insn.XCHG_ZV_RAX)
        entries[index] = value;
      return;
    }
    if (old < BY_RM) {
      byRm = Arrays.copyOf(byRm, byRm.length + 8);
      Arrays.fill(byRm, byRm.length - 8, byRm.length, old);
      old = entries[index] = (char) (BY_RM + byRm.length / 8 - 1);
    }
    if (byRm[(old - BY_RM) * 8 + rm] == 0)
      byRm[(old - BY_RM) * 8 + rm] = value;
  }

  static int index(int map, int opcode, int slot, int low) {
    return ((map << 8 | opcode) << 2 | slot) << 4 | low;
  }
}
