// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.x64.arch.ControlBits;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.ExceptionVector;
import org.xenolith.x64.fp.Extended;
import org.xenolith.x64.fp.X87Control;

/** FNINIT, FNCLEX, FLDCW, FNSTCW, FNSTSW, FLDENV, FNSTENV, FNSAVE, FRSTOR, FFREE, FINCSTP, FDECSTP, FWAIT, EMMS and what does nothing. */
final class X87ControlNodes extends Node {
  private static final int EXCEPTIONS = 0x80FF;

  private final String operation;
  private final @Nullable OperandAddress address;
  private final @Nullable OperandPlace place;
  private final int register;
  /** Whether an environment has fields of 32 bits. */
  private final boolean wide;
  private final boolean waits;

  X87ControlNodes(IntegerOperands operands) {
    operation = operands.insn().insn().mnemonic();
    boolean memory = operands.insn().memory();
    address = memory ? operands.address() : null;
    place = operation.equals("fnstsw") ? operands.place(0) : null;
    register = operands.insn().rm() & 7;
    wide = operands.insn().operandSize() != 16;
    waits = !operation.startsWith("fn") || operation.equals("fnop");
  }

  @Override
  public Node exec(Core c, long[] r) {
    if (operation.equals("fwait")) {
      if ((c.cr0 & (ControlBits.MP | ControlBits.TS)) == (ControlBits.MP | ControlBits.TS)) {
        throw c.fault(ExceptionVector.NM);
      }
    } else if (c.x87Trapped) {
      throw operation.equals("emms") ? c.mmxTrap() : c.x87Trap();
    }
    if (waits && (c.statusWord & 0x80) != 0) {
      throw c.fault(ExceptionVector.MF);
    }
    switch (operation) {
      case "fninit" -> c.initializeX87();
      case "fnclex" -> c.statusWord &= ~EXCEPTIONS;
      case "fldcw" -> {
        c.controlWord = (int) c.load16(address.of(c, r, 2, false)) & 0x1F3F | 0x40;
        c.x87Summary();
      }
      case "fnstcw" -> c.store16(address.of(c, r, 2, true), c.controlWord);
      case "fnstsw" -> place.store(c, r, status(c));
      case "ffree" -> c.valid &= ~(1 << X87Stack.register(c, register));
      case "ffreep" -> {
        c.valid &= ~(1 << X87Stack.register(c, register));
        X87Stack.pop(c);
      }
      case "fincstp" -> turn(c, 1);
      case "fdecstp" -> turn(c, -1);
      case "emms" -> {
        c.valid = 0;
        c.top = 0;
      }
      case "fnstenv" -> storeEnvironment(c, r);
      case "fldenv" -> loadEnvironment(c, r, 0);
      case "fnsave" -> save(c, r);
      case "frstor" -> restore(c, r);
      default -> {
        // FNOP, FWAIT, and what set up the 8087 and the 80287.
      }
    }
    return next;
  }

  private static int status(Core c) {
    return c.statusWord | c.top << 11;
  }

  private static void turn(Core c, int by) {
    c.top = c.top + by & 7;
    c.statusWord &= ~X87Control.C1;
  }

  /** Two bits for each register: 0 valid, 1 zero, 2 special, 3 empty. */
  private static int tags(Core c) {
    int tags = 0;
    for (int i = 0; i < 8; i++) {
      int tag;
      if ((c.valid >> i & 1) == 0) {
        tag = 3;
      } else {
        int exponent = c.exponent[i] & Extended.TOP;
        tag = exponent == 0 && c.significand[i] == 0 ? 1 : exponent == 0 || exponent == Extended.TOP || c.significand[i] >= 0 ? 2 : 0;
      }
      tags |= tag << 2 * i;
    }
    return tags;
  }

  private int environmentSize() {
    return wide ? 28 : 14;
  }

  /** In the layouts of protected mode, which 64-bit mode has, too; those of real mode have the pointers as 20 bits and aren't made. */
  private void environment(Core c, long at) {
    int step = wide ? 4 : 2;
    long high = wide ? 0xFFFF_0000L : 0;
    put(c, at, step, high | c.controlWord);
    put(c, at + step, step, high | status(c));
    put(c, at + 2 * step, step, high | tags(c));
    put(c, at + 3 * step, step, c.lastInstruction);
    put(c, at + 4 * step, step, wide ? (long) c.lastOpcode << 16 : 0);
    put(c, at + 5 * step, step, c.lastData);
    put(c, at + 6 * step, step, high);
  }

  private static void put(Core c, long at, int size, long value) {
    if (size == 4) {
      c.store32(c.wide(at), value);
    } else {
      c.store16(c.wide(at), value);
    }
  }

  private void storeEnvironment(Core c, long[] r) {
    long at = address.of(c, r, environmentSize(), true);
    c.memory.probe(at, environmentSize());
    environment(c, at);
    c.controlWord |= 0x3F;
    c.x87Summary();
  }

  private long loadEnvironment(Core c, long[] r, int more) {
    long at = address.of(c, r, environmentSize() + more, false);
    int step = wide ? 4 : 2;
    // The last byte is looked at before anything changes.
    c.load8(c.wide(at + environmentSize() + more - 1));
    int control = (int) c.load16(at);
    int status = (int) c.load16(c.wide(at + step));
    int tags = (int) c.load16(c.wide(at + 2 * step));
    long instruction = wide ? c.load32(c.wide(at + 3 * step)) : c.load16(c.wide(at + 3 * step));
    long opcode = wide ? c.load32(c.wide(at + 4 * step)) >>> 16 & 0x7FF : 0;
    long data = wide ? c.load32(c.wide(at + 5 * step)) : c.load16(c.wide(at + 5 * step));
    c.controlWord = control & 0x1F3F | 0x40;
    c.statusWord = status & ~0x3800;
    c.top = status >> 11 & 7;
    c.valid = 0;
    for (int i = 0; i < 8; i++) {
      c.valid |= (tags >> 2 * i & 3) != 3 ? 1 << i : 0;
    }
    c.lastInstruction = instruction;
    c.lastOpcode = (int) opcode;
    c.lastData = data;
    c.x87Summary();
    return at + environmentSize();
  }

  private void save(Core c, long[] r) {
    int size = environmentSize() + 80;
    long at = address.of(c, r, size, true);
    c.memory.probe(at, size);
    environment(c, at);
    long to = at + environmentSize();
    for (int i = 0; i < 8; i++) {
      int number = X87Stack.register(c, i);
      c.store64(c.wide(to + 10 * i), c.significand[number]);
      c.store16(c.wide(to + 10 * i + 8), c.exponent[number]);
    }
    c.initializeX87();
  }

  private void restore(Core c, long[] r) {
    long from = loadEnvironment(c, r, 80);
    for (int i = 0; i < 8; i++) {
      int number = X87Stack.register(c, i);
      c.significand[number] = c.load64(c.wide(from + 10 * i));
      c.exponent[number] = (int) c.load16(c.wide(from + 10 * i + 8));
    }
  }

  @Override
  public boolean usesStack() {
    return address != null && address.stack();
  }

  /** Whether an instruction is this class'. */
  static boolean has(String mnemonic) {
    return switch (mnemonic) {
      case "fninit", "fnclex", "fldcw", "fnstcw", "fnstsw", "ffree", "ffreep", "fincstp", "fdecstp", "emms", "fnstenv", "fldenv", "fnsave",
          "frstor", "fnop",
          "fwait", "fndisi", "fneni", "fnsetpm" -> true;
      default -> false;
    };
  }
}
