package org.xenolith.cpu.regions;

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
  private static final MethodTypeDesc UNSIGNED = MethodTypeDesc.of(INT, LONG, LONG);
  private static final ClassDesc LONG_CLASS = ClassDesc.of("java.lang.Long");

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
    if ((kind == Flags.SUB64 || kind == Flags.SUB32) && subtracted(condition, to) || kind == Flags.LOGIC && logical(condition, to)) {
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
        cb.lload(Frame.A).lload(Frame.B).lsub();
        if (kind == Flags.SUB32) {
          cb.l2i();
        } else {
          cb.lconst_0().lcmp();
        }
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
      default -> { }
    }
    return true;
  }

  private CodeBuilder sign() {
    return cb.lload(Frame.A).lconst_0().lcmp();
  }
}
