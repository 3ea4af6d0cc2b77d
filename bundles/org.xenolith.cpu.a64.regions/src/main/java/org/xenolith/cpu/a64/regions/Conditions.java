// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** Code that sets lazy flags and that tests them; knows what kind they are where that is the same on all ways. */
final class Conditions {
  private static final ClassDesc LONG = ConstantDescs.CD_long;
  private static final ClassDesc INT = ConstantDescs.CD_int;
  private static final MethodTypeDesc HOLDS = MethodTypeDesc.of(ConstantDescs.CD_boolean, Frame.CPU, INT, INT, LONG, LONG);
  private static final MethodTypeDesc CARRY = MethodTypeDesc.of(INT, Frame.CPU, INT, LONG, LONG);
  static final MethodTypeDesc UNSIGNED = MethodTypeDesc.of(INT, LONG, LONG);
  private static final MethodTypeDesc UNSIGNED_INT = MethodTypeDesc.of(INT, INT, INT);
  private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");
  static final ClassDesc LONG_CLASS = ClassDesc.of("java.lang.Long");

  private final Frame frame;
  private final CodeBuilder cb;
  private int kind;

  Conditions(Frame frame) {
    this.frame = frame;
    cb = frame.cb;
  }

  /** The kind at this place of the code, or {@link Flags#UNKNOWN}. */
  void known(int newKind) {
    kind = newKind;
  }

  int kind() {
    return kind;
  }

  /** Operands a and b are on the stack. */
  void set(int newKind) {
    cb.lstore(Frame.B).lstore(Frame.A);
    mark(newKind);
  }

  /** Operands a and b are in their locals. */
  void marked(int newKind) {
    mark(newKind);
  }

  /** Operand a is on the stack. */
  void setOne(int newKind) {
    cb.lstore(Frame.A);
    mark(newKind);
  }

  private void mark(int newKind) {
    cb.loadConstant(newKind).istore(Frame.KIND);
    kind = newKind;
  }

  /** The CPU has them now. */
  void stored() {
    mark(Flags.STORED);
  }

  /** Pushes C. */
  void carry() {
    cb.aload(Frame.C).iload(Frame.KIND).lload(Frame.A).lload(Frame.B).invokestatic(Frame.FLAGS, "carry", CARRY);
  }

  /** Branches if a condition holds. */
  void branch(int condition, Label to) {
    if (condition >= 14) {
      cb.goto_(to);
      return;
    }
    if (kind == Flags.SUB32 && subtracted32(condition, to) || kind == Flags.SUB64 && subtracted(condition, to)
        || kind == Flags.LOGIC && logical(condition, to)) {
      return;
    }
    cb.aload(Frame.C).loadConstant(condition);
    if (kind == Flags.UNKNOWN) {
      cb.iload(Frame.KIND);
    } else {
      cb.loadConstant(kind);
    }
    cb.lload(Frame.A).lload(Frame.B).invokestatic(Frame.FLAGS, "holds", HOLDS).ifne(to);
  }

  private boolean subtracted(int condition, Label to) {
    switch (condition) {
      case 0 -> compare().ifeq(to);
      case 1 -> compare().ifne(to);
      case 2 -> compareUnsigned().ifge(to);
      case 3 -> compareUnsigned().iflt(to);
      case 8 -> compareUnsigned().ifgt(to);
      case 9 -> compareUnsigned().ifle(to);
      case 10 -> compare().ifge(to);
      case 11 -> compare().iflt(to);
      case 12 -> compare().ifgt(to);
      case 13 -> compare().ifle(to);
      case 4, 5 -> {
        cb.lload(Frame.A).lload(Frame.B).lsub().lconst_0().lcmp();
        if (condition == 4) {
          cb.iflt(to);
        } else {
          cb.ifge(to);
        }
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** As ints, which the JVM's compiler then need not widen. */
  private boolean subtracted32(int condition, Label to) {
    cb.lload(Frame.A).l2i().lload(Frame.B).l2i();
    switch (condition) {
      case 0 -> cb.if_icmpeq(to);
      case 1 -> cb.if_icmpne(to);
      case 2 -> compareUnsigned32().ifge(to);
      case 3 -> compareUnsigned32().iflt(to);
      case 4 -> cb.isub().iflt(to);
      case 5 -> cb.isub().ifge(to);
      case 8 -> compareUnsigned32().ifgt(to);
      case 9 -> compareUnsigned32().ifle(to);
      case 10 -> cb.if_icmpge(to);
      case 11 -> cb.if_icmplt(to);
      case 12 -> cb.if_icmpgt(to);
      case 13 -> cb.if_icmple(to);
      default -> {
        cb.pop2();
        return false;
      }
    }
    return true;
  }

  private CodeBuilder compareUnsigned32() {
    return cb.invokestatic(INTEGER, "compareUnsigned", UNSIGNED_INT);
  }

  private CodeBuilder compare() {
    return cb.lload(Frame.A).lload(Frame.B).lcmp();
  }

  private CodeBuilder compareUnsigned() {
    return cb.lload(Frame.A).lload(Frame.B).invokestatic(LONG_CLASS, "compareUnsigned", UNSIGNED);
  }

  private boolean logical(int condition, Label to) {
    switch (condition) {
      case 0 -> sign().ifeq(to);
      case 1 -> sign().ifne(to);
      case 4, 11 -> sign().iflt(to);
      case 5, 10 -> sign().ifge(to);
      case 12 -> sign().ifgt(to);
      case 13 -> sign().ifle(to);
      // C is always clear, V too.
      case 3, 7, 9 -> cb.goto_(to);
      default -> {
      }
    }
    return true;
  }

  private CodeBuilder sign() {
    return cb.lload(Frame.A).lconst_0().lcmp();
  }
}
