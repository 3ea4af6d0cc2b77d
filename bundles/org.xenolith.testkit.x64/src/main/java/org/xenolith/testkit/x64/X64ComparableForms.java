// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.x64;

import java.util.Set;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Trait;

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
  public static boolean comparable(Insn insn) {
    for (Trait trait : new Trait[] {Trait.PRIVILEGED, Trait.IO_SENSITIVE, Trait.PORT, Trait.BRANCH, Trait.UNDEFINED,
        Trait.LOADS_SEGMENT}) {
      if (insn.is(trait)) {
        return false;
      }
    }
    boolean known = insn.feature() == null || CpuModel.BASELINE.has(insn.feature());
    return known && insn.validIn(DecodeMode.LONG_64) && !LEFT_OUT.contains(insn.mnemonic()) && insn != Insn.MOV_EVW_SW && insn
        != Insn.MOV_SW_EVW;
  }

  /** Whether an operand at rSI or rDI is elsewhere than the case has it. */
  public static boolean moved(Decoder decoder, Insn insn, byte[] code) {
    Instruction instruction = new Instruction();
    decoder.decode(code, 0, code.length, DecodeMode.LONG_64, instruction);
    boolean fixed = insn.is(Trait.STRING) || insn.mnemonic().startsWith("maskmov");
    return fixed && (instruction.addressPrefix() || instruction.segment() >= 0);
  }
}
