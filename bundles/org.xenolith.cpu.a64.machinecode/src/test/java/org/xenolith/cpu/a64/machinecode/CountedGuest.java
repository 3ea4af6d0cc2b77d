// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import java.util.Random;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Insn;
import org.xenolith.machine.kit.Ram;
import org.xenolith.testkit.a64.RandomGuest;
import org.xenolith.testkit.a64.StraightGuest;

/**
 * Instructions of a few forms, one after the other, and behind each what counts in X20 how often a condition holds: flags that are wrong once are seen at the
 * end. Checksums are of each other.
 */
final class CountedGuest implements RandomGuest.Shape {
  private static final int CODE = 1 << 16;
  private static final int COUNTER = 20;

  private final StraightGuest around = new StraightGuest(insn -> true);
  private final Insn[] forms;

  CountedGuest(Insn... forms) {
    this.forms = forms;
  }

  @Override
  public void program(Ram ram, Random random) {
    around.program(ram, random);
    for (int at = 0; at < CODE; at += 8) {
      ram.write(at, 4, word(forms[random.nextInt(forms.length)], random));
      ram.write(at + 4, 4, Insn.CSINC.match() | 1 << 31 | COUNTER << 16 | random.nextInt(16) << 12 | COUNTER << 5 | COUNTER);
    }
  }

  /** One whose registers aren't the counter. */
  private static int word(Insn form, Random random) {
    for (;;) {
      int word = random.nextInt() & ~form.mask() | form.match();
      if (form.matches(word) && (word & 31) < COUNTER) {
        return word;
      }
    }
  }

  @Override
  public void registers(Cpu cpu, Random random) {
    around.registers(cpu, random);
  }

  @Override
  public boolean ownTables() {
    return true;
  }
}
