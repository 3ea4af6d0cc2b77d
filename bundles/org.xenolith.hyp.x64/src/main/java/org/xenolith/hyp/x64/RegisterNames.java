// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.x64.arch.CpuState;
import org.xenolith.x64.arch.GuestRegisters;
import org.xenolith.x64.arch.GuestRegisters.Register;

/** Registers of a virtual CPU by the names that the Intel SDM has. */
final class RegisterNames {
  /** By their number in the encoding of instructions. */
  private static final List<String> GENERAL = List.of("RAX", "RCX", "RDX", "RBX", "RSP", "RBP", "RSI", "RDI", "R8", "R9", "R10", "R11",
      "R12",
      "R13", "R14", "R15");

  private RegisterNames() {}

  /** Those that software sees but of x87 and SSE, RIP first. */
  static Map<String, Long> named(GuestRegisters from) {
    Map<String, Long> named = new LinkedHashMap<>();
    named.put("RIP", from.pc());
    for (int i = 0; i < GENERAL.size(); i++) {
      named.put(GENERAL.get(i), from.general(i));
    }
    named.put("RFLAGS", from.flags());
    named.put("CS", (long) from.selector(CpuState.CS));
    named.put("SS", (long) from.selector(CpuState.SS));
    named.put("FS_BASE", from.base(CpuState.FS));
    named.put("GS_BASE", from.base(CpuState.GS));
    named.put("TR_BASE", from.base(CpuState.TR));
    named.put("GDTR_BASE", from.register(Register.GDT_BASE));
    named.put("GDTR_LIMIT", from.register(Register.GDT_LIMIT));
    named.put("IDTR_BASE", from.register(Register.IDT_BASE));
    named.put("IDTR_LIMIT", from.register(Register.IDT_LIMIT));
    for (Register each : List.of(Register.CR0, Register.CR2, Register.CR3, Register.CR4, Register.XCR0)) {
      named.put(each.name(), from.register(each));
    }
    for (Register each : List.of(Register.EFER, Register.STAR, Register.LSTAR, Register.CSTAR, Register.FMASK, Register.KERNEL_GS_BASE,
        Register.TSC_AUX, Register.SYSENTER_CS, Register.SYSENTER_ESP, Register.SYSENTER_EIP)) {
      named.put("IA32_" + each.name(), from.register(each));
    }
    for (int i : new int[] {0, 1, 2, 3, 6, 7}) {
      named.put("DR" + i, from.debug(i));
    }
    return named;
  }
}
