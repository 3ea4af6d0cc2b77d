// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import org.jspecify.annotations.Nullable;
import org.xenolith.x64.fp.X87Constant;
import org.xenolith.x64.fp.X87Result;
import org.xenolith.x64.graph.X87ArithmeticNodes.Format;
import org.xenolith.x64.graph.X87MoveNodes.Form;
import org.xenolith.x64.isa.Instruction;

/** Makes the nodes of x87 instructions. */
final class X87NodeFactory {
  private static final String[] CONDITIONS = {"b", "e", "be", "u"};
  private static final int[] ENCODINGS = {2, 4, 6, 10};

  /** What the last operation made; nodes of one engine share it. */
  private final X87Result result = new X87Result();

  Node create(IntegerOperands operands) {
    Instruction insn = operands.insn();
    String mnemonic = insn.insn().mnemonic();
    if (X87ControlNodes.has(mnemonic)) {
      return new X87ControlNodes(operands);
    }
    int i = insn.rm() & 7;
    boolean memory = insn.memory();
    return switch (mnemonic) {
      case "fabs", "fchs", "fsqrt", "frndint", "f2xm1", "fsin", "fcos" -> new X87UnaryNodes.OfTop(result, mnemonic);
      case "fprem", "fprem1", "fscale", "fpatan", "fyl2x", "fyl2xp1" -> new X87UnaryNodes.OfTwo(result, mnemonic);
      case "fptan", "fsincos", "fxtract" -> new X87UnaryNodes.Pushing(result, mnemonic);
      case "ftst" -> new X87UnaryNodes.Test(result);
      case "fxam" -> new X87UnaryNodes.Examine(result);
      case "fxch", "fxch4", "fxch7" -> new X87MoveNodes.Exchange(result, i);
      case "fld1" -> new X87MoveNodes.Constant(result, X87Constant.ONE);
      case "fldl2t" -> new X87MoveNodes.Constant(result, X87Constant.LOG2_10);
      case "fldl2e" -> new X87MoveNodes.Constant(result, X87Constant.LOG2_E);
      case "fldpi" -> new X87MoveNodes.Constant(result, X87Constant.PI);
      case "fldlg2" -> new X87MoveNodes.Constant(result, X87Constant.LOG10_2);
      case "fldln2" -> new X87MoveNodes.Constant(result, X87Constant.LN2);
      case "fldz" -> new X87MoveNodes.Constant(result, X87Constant.ZERO);
      case "fld", "fild", "fbld" -> memory ? load(operands) : new X87MoveNodes.LoadRegister(result, i);
      case "fst", "fstp", "fist", "fistp", "fisttp", "fbstp", "fstp8", "fstp9" -> memory ? store(operands, mnemonic)
          : new X87MoveNodes.StoreRegister(result, i, !mnemonic.equals("fst"));
      case "fstpnce" -> new X87MoveNodes.Move(result, i);
      case "fcom", "fcom2" -> compare(operands, i, 0, false);
      case "fcomp", "fcomp3", "fcomp5" -> compare(operands, i, 1, false);
      case "ficom" -> compare(operands, i, 0, false);
      case "ficomp" -> compare(operands, i, 1, false);
      case "fcompp" -> new X87ArithmeticNodes.CompareRegister(result, 1, 2, false, false);
      case "fucompp" -> new X87ArithmeticNodes.CompareRegister(result, 1, 2, true, false);
      case "fucom" -> new X87ArithmeticNodes.CompareRegister(result, i, 0, true, false);
      case "fucomp" -> new X87ArithmeticNodes.CompareRegister(result, i, 1, true, false);
      case "fcomi" -> new X87ArithmeticNodes.CompareRegister(result, i, 0, false, true);
      case "fcomip" -> new X87ArithmeticNodes.CompareRegister(result, i, 1, false, true);
      case "fucomi" -> new X87ArithmeticNodes.CompareRegister(result, i, 0, true, true);
      case "fucomip" -> new X87ArithmeticNodes.CompareRegister(result, i, 1, true, true);
      default -> mnemonic.startsWith("fcmov") ? conditional(mnemonic.substring(5), i) : arithmetic(operands, mnemonic, i);
    };
  }

  private @Nullable Node conditional(String name, int from) {
    boolean not = name.startsWith("n");
    String positive = not ? name.substring(1) : name;
    for (int k = 0; k < CONDITIONS.length; k++) {
      if (CONDITIONS[k].equals(positive)) {
        return new X87MoveNodes.ConditionalMove(result, ENCODINGS[k] + (not ? 1 : 0), from);
      }
    }
    return null;
  }

  private Node compare(IntegerOperands operands, int i, int pops, boolean quiet) {
    if (operands.insn().memory()) {
      return new X87ArithmeticNodes.CompareMemory(result, format(operands), pops == 1, operands.address(), bytes(operands));
    }
    return new X87ArithmeticNodes.CompareRegister(result, i, pops, quiet, false);
  }

  private @Nullable Node arithmetic(IntegerOperands operands, String mnemonic, int i) {
    boolean pops = mnemonic.endsWith("p");
    String name = mnemonic.startsWith("fi") ? mnemonic.substring(2) : mnemonic.substring(1, mnemonic.length() - (pops ? 1 : 0));
    int operation = switch (name) {
      case "add" -> X87ArithmeticNodes.ADD;
      case "mul" -> X87ArithmeticNodes.MUL;
      case "sub" -> X87ArithmeticNodes.SUB;
      case "subr" -> X87ArithmeticNodes.SUBR;
      case "div" -> X87ArithmeticNodes.DIV;
      case "divr" -> X87ArithmeticNodes.DIVR;
      default -> -1;
    };
    if (operation < 0) {
      return null;
    }
    if (operands.insn().memory()) {
      return new X87ArithmeticNodes.Memory(result, operation, format(operands), operands.address(), bytes(operands));
    }
    boolean toTop = operands.operand(0).name().equals("ST0");
    return new X87ArithmeticNodes.Registers(result, operation, toTop ? 0 : i, toTop ? i : 0, pops);
  }

  private static int bytes(IntegerOperands operands) {
    return operands.operand(0).bytes(operands.insn().operandSize());
  }

  private static Format format(IntegerOperands operands) {
    return switch (operands.operand(0).size()) {
      case "d" -> Format.SINGLE;
      case "q" -> Format.DOUBLE;
      case "wi" -> Format.WORD;
      case "di" -> Format.INTEGER;
      default -> Format.LONG;
    };
  }

  private static Form form(IntegerOperands operands) {
    return switch (operands.operand(0).size()) {
      case "d" -> Form.SINGLE;
      case "q" -> Form.DOUBLE;
      case "wi" -> Form.WORD;
      case "di" -> Form.INTEGER;
      case "qi" -> Form.LONG;
      default -> operands.insn().insn().mnemonic().startsWith("fb") ? Form.DECIMAL : Form.EXTENDED;
    };
  }

  private Node load(IntegerOperands operands) {
    return new X87MoveNodes.Load(result, form(operands), operands.address(), bytes(operands));
  }

  private Node store(IntegerOperands operands, String mnemonic) {
    return new X87MoveNodes.Store(result, form(operands), mnemonic.endsWith("p"), mnemonic.equals("fisttp"), operands.address(), bytes(
        operands));
  }
}
