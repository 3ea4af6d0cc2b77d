// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.x64;

import java.util.Set;
import org.xenolith.x64.arch.X64Model;
import org.xenolith.x64.isa.X64Decoder;
import org.xenolith.x64.isa.X64Insn;
import org.xenolith.x64.isa.X64Instruction;
import org.xenolith.x64.isa.X64Mode;
import org.xenolith.x64.isa.X64Trait;

/** Which instructions can be held against a processor: those whose outcome follows from what a {@link X64Case} has. */
public final class X64ComparableForms {
  /** What depends on more than a case has, or that processors differ in. */
  private static final Set<String> LEFT_OUT = Set.of("cpuid", "rdtsc", "rdtscp", "rdpmc", "rdrand", "rdseed", "xgetbv", "xsetbv", "rdpkru",
      "wrpkru", "vmcall",
      "vmmcall", "sgdt", "sidt",
      "sldt", "str", "smsw", "lar", "lsl", "verr", "verw", "wrfsbase", "wrgsbase", "rdfsbase", "rdgsbase", "xlat", "leave", "enter",
      "pushf", "popf", "push", "pop", "std",
      "xsave", "xrstor", "xsavec", "xsaveopt", "fxsave", "fxrstor", "rcpps", "rcpss", "rsqrtps", "rsqrtss", "dpps", "dppd", "fsin", "fcos",
      "fptan", "fsincos", "fpatan",
      "fyl2x", "fyl2xp1", "f2xm1", "fstpnce", "fnsave", "fnstenv", "fldenv", "frstor");

  private X64ComparableForms() {}

  /** Whether a form is one of them. */
  public static boolean comparable(X64Insn insn) {
    for (X64Trait trait : new X64Trait[] {X64Trait.PRIVILEGED, X64Trait.IO_SENSITIVE, X64Trait.PORT, X64Trait.BRANCH, X64Trait.UNDEFINED,
        X64Trait.LOADS_SEGMENT}) {
      if (insn.is(trait)) {
        return false;
      }
    }
    boolean known = insn.feature() == null || X64Model.BASELINE.has(insn.feature());
    return known && insn.validIn(X64Mode.LONG_64) && !LEFT_OUT.contains(insn.mnemonic()) && insn != X64Insn.MOV_EVW_SW && insn
        != X64Insn.MOV_SW_EVW;
  }

  /** Whether an operand at rSI or rDI is elsewhere than the case has it. */
  public static boolean moved(X64Decoder decoder, X64Insn insn, byte[] code) {
    X64Instruction instruction = new X64Instruction();
    decoder.decode(code, 0, code.length, X64Mode.LONG_64, instruction);
    boolean fixed = insn.is(X64Trait.STRING) || insn.mnemonic().startsWith("maskmov");
    return fixed && (instruction.addressPrefix() || instruction.segment() >= 0);
  }
}
