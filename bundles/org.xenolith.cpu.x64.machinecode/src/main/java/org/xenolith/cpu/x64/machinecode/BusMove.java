// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.Translations;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.TlbEntry;
import org.xenolith.x64.isa.Instruction;

/**
 * A MOV or MOVZX between a general register, or a constant, and memory, which went to the bus: nothing else of the CPU changes, and the next instruction follows. What software does with
 * registers of devices is hardly ever anything else. Source: Intel SDM volume 2, MOV, MOVZX.
 */
final class BusMove {
  private static final int NO_REGISTER = -1;

  /** The way out that code was left by. */
  final int exit;
  /** Instructions that were counted and aren't done, with this one. */
  final int rest;
  /** Bytes from the page's begin to the instruction, and to what is behind it. */
  final int offset;
  final int end;
  private final NativePage page;
  private final boolean stores;
  private final int size;
  /** Bits of the register that a load leaves as they are. */
  private final long kept;
  private final int register;
  private final long constant;
  /** The place of the code behind it; {@link Translations#NO_CODE} until somebody has asked. */
  private int place = Translations.NO_CODE;

  private BusMove(ExitKinds exits, int exit, Instruction insn, int bits, boolean stores, int register, long kept) {
    this.exit = exit;
    rest = exits.rest(exit);
    offset = exits.index(exit);
    end = offset + insn.length();
    page = exits.page(exit);
    size = bits / 8;
    this.stores = stores;
    this.register = register;
    this.kept = kept;
    constant = insn.imm();
  }

  /** The instruction at which code was left, if it is one of these and the next one is in its page; else null. */
  static BusMove of(ExitKinds exits, int exit, Instruction insn) {
    if (exits.index(exit) + insn.length() >= NativePage.BYTES || !insn.memory()) {
      return null;
    }
    int bits = insn.operandSize();
    boolean low = !insn.highByte(insn.reg());
    return switch (insn.insn()) {
      case MOV_EV_GV -> new BusMove(exits, exit, insn, bits, true, insn.reg(), 0);
      case MOV_EB_GB -> low ? new BusMove(exits, exit, insn, 8, true, insn.reg(), 0) : null;
      case MOV_EV_IZ -> new BusMove(exits, exit, insn, bits, true, NO_REGISTER, 0);
      case MOV_EB_IB -> new BusMove(exits, exit, insn, 8, true, NO_REGISTER, 0);
      case MOV_GV_EV -> new BusMove(exits, exit, insn, bits, false, insn.reg(), beside(bits));
      case MOV_GB_EB -> low ? new BusMove(exits, exit, insn, 8, false, insn.reg(), beside(8)) : null;
      case MOVZX_GV_EB -> new BusMove(exits, exit, insn, 8, false, insn.reg(), beside(bits));
      case MOVZX_GV_EW -> new BusMove(exits, exit, insn, 16, false, insn.reg(), beside(bits));
      default -> null;
    };
  }

  /** What of a register a result of so many bits leaves as it is. */
  private static long beside(int bits) {
    return bits >= 32 ? 0 : -1L << bits;
  }

  /** Whether an entry of the TLB says without another look that it goes to the bus as it is. */
  boolean goesTo(TlbEntry entry, Core c, long address) {
    return entry.isBus(stores, address & -4096 | c.context) && (address & 0xFFF) + size <= NativePage.BYTES;
  }

  /** The bus takes it. */
  void execute(Core c, long physical, NativeState state) {
    if (stores) {
      c.memory.physicalWrite(physical, size, register == NO_REGISTER ? constant : state.word(StateLayout.general(register)));
      return;
    }
    int word = StateLayout.general(register);
    long value = c.memory.physicalRead(physical, size);
    state.word(word, kept == 0 ? value : state.word(word) & kept | value);
  }

  /** Where the code of the next instruction begins, made if need be; {@link Translations#NO_CODE} if there was no room. */
  int behind(Translations translations) {
    if (place == Translations.NO_CODE) {
      place = translations.at(page, end);
    }
    return place;
  }
}
