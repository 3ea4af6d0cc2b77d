// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.x64;

import java.util.List;
import org.xenolith.x64.isa.Insn;

/** The conditions that ends of mnemonics name, in the order of their numbers. Source: Intel SDM volume 1, appendix B. */
final class X64Conditions {
  private static final List<String> NAMES = List.of("o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g");

  private X64Conditions() {}

  /** Whether one holds with these flags. */
  static boolean holds(String name, int flags) {
    boolean carry = (flags & Insn.CF) != 0;
    boolean zero = (flags & Insn.ZF) != 0;
    boolean sign = (flags & Insn.SF) != 0;
    boolean overflow = (flags & Insn.OF) != 0;
    int number = NAMES.indexOf(name);
    boolean even = switch (number >> 1) {
      case 0 -> overflow;
      case 1 -> carry;
      case 2 -> zero;
      case 3 -> carry || zero;
      case 4 -> sign;
      case 5 -> (flags & Insn.PF) != 0;
      case 6 -> sign != overflow;
      default -> zero || sign != overflow;
    };
    return even == ((number & 1) == 0);
  }
}
