// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.machinecode;

import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;
import org.xenolith.cpu.arch.Operations;
import org.xenolith.cpu.arch.SysReg;
import org.xenolith.cpu.arch.SystemRegisters;

/** Code of barriers, of system registers, and of maintenance. Source: Arm ARM DDI 0487, C5 and C6.2. */
final class SystemCode {
  /** D among the four bits of PSTATE.DAIF. */
  private static final int DEBUG = 8;
  /** Where they are. */
  private static final int MASKS = 6;
  /** CRn of TLB maintenance. */
  private static final int TLBI = 8;
  /** CRn of cache maintenance and address translation. */
  private static final int CACHE = 7;
  /** CRm of address translation. */
  private static final int TRANSLATION = 8;

  private final X64 code;
  private final GuestRegisters registers;
  private final FlagCode flags;
  private final AccessCode accesses;
  private final WaysOut leaving;
  private final SystemRegisters system;

  SystemCode(X64 code, GuestRegisters registers, FlagCode flags, AccessCode accesses, WaysOut leaving, SystemRegisters system) {
    this.code = code;
    this.registers = registers;
    this.flags = flags;
    this.accesses = accesses;
    this.leaving = leaving;
    this.system = system;
  }

  /** Adds what there is code for. */
  void addTo(CodeTable table) {
    // One thread executes all CPUs: barriers do nothing.
    table.put(Insn.DSB, Insn.DMB, (_, _) -> flags.keep());
    table.put(Insn.ISB, (_, _) -> flags.keep());
    table.put(Insn.HINT, SystemCode::nothing, (_, _) -> flags.keep());
    table.put(Insn.CLREX, (_, _) -> code.storeConstant(true, 0, X64.RBP, StateLayout.ARMED));
    table.put(Insn.MRS, word -> readable(register(word)) || PlainRegisters.apart(register(word)), (word, _) -> {
      if (readable(register(word))) {
        read(register(word), GuestRegisters.orZero(Fields.rt(word)));
      } else {
        leaving.system(word);
      }
    });
    table.put(Insn.SYS, SystemCode::maintenance, (word, _) -> {
      if (Fields.systemRegister(word) == Operations.DC_ZVA) {
        accesses.zero(word);
      } else {
        leaving.system(word);
      }
    });
    table.put(Insn.MSR_DAIFSET, word -> (masks(word) & DEBUG) == 0, (word, _) -> {
      privileged(1);
      code.arithmeticMemoryConstant(X64.OR, false, X64.RBP, StateLayout.MASKS, masks(word) << MASKS);
    });
    table.put(Insn.MSR_DAIFCLR, word -> (masks(word) & DEBUG) == 0, (word, _) -> {
      privileged(1);
      unmask();
      code.arithmeticMemoryConstant(X64.AND, false, X64.RBP, StateLayout.MASKS, ~(masks(word) << MASKS));
    });
    table.put(Insn.MSR_REG, word -> register(word) == SysReg.DAIF, (word, _) -> writeMasks(word));
  }

  private static SysReg register(int word) {
    return SysReg.of(Fields.systemRegister(word));
  }

  /** Whether a hint is for something that isn't built: neither a wait nor an event. */
  private static boolean nothing(int word) {
    int number = word >>> 5 & 127;
    return number < 2 || number > 5;
  }

  private static int masks(int word) {
    return word >>> 8 & 15;
  }

  /** Whether it maintains a cache or a TLB. */
  private static boolean maintenance(int word) {
    int op = Fields.systemRegister(word);
    int crn = op >> 7 & 15;
    return crn == TLBI || crn == CACHE && (op >> 3 & 15) != TRANSLATION;
  }

  private boolean readable(SysReg register) {
    return register == SysReg.SP_EL0 || register == SysReg.DAIF || register != null && PlainRegisters.place(register) >= 0 && system.plain(
        register, false);
  }

  private void writeMasks(int word) {
    privileged(1);
    unmask();
    registers.load(false, X64.RAX, GuestRegisters.orZero(Fields.rt(word)));
    code.arithmeticConstant(X64.AND, false, X64.RAX, 15 << MASKS);
    code.move(false, X64.RCX, X64.RAX);
    code.arithmeticMemory(X64.XOR, false, X64.RCX, X64.RBP, StateLayout.MASKS);
    code.testConstant(X64.RCX, DEBUG << MASKS);
    leaving.interpretIf(X64.NE);
    code.store(true, X64.RAX, X64.RBP, StateLayout.MASKS);
  }

  /** The interpreter has what a lower level does. */
  private void privileged(int level) {
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.LEVEL, level);
    leaving.interpretIf(X64.L);
  }

  /** The interpreter unmasks interrupts while there are any. */
  private void unmask() {
    code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.INTERRUPTS, 0);
    leaving.interpretIf(X64.NE);
  }

  private void read(SysReg register, int rt) {
    int to = registers.target(rt);
    if (register == SysReg.SP_EL0) {
      code.arithmeticMemoryConstant(X64.CMP, false, X64.RBP, StateLayout.USER_STACK_OPEN, 0);
      leaving.interpretIf(X64.E);
      code.load(true, to, X64.RBP, StateLayout.USER_STACK);
    } else if (register == SysReg.DAIF) {
      privileged(1);
      code.load(true, to, X64.RBP, StateLayout.MASKS);
    } else {
      if (register.level > 0) {
        privileged(register.level);
      }
      code.load(true, to, X64.RBP, StateLayout.SYSTEM + 8 * PlainRegisters.place(register));
    }
    registers.set(rt, to);
  }
}
