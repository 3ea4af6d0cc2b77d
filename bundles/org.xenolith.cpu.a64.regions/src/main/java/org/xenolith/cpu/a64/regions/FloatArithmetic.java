// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import org.xenolith.a64.fp.Fp32;
import org.xenolith.a64.fp.Fp64;
import org.xenolith.a64.fp.FpImmediate;
import org.xenolith.a64.fp.FpStatus;
import org.xenolith.a64.fp.Rounding;
import org.xenolith.a64.isa.Fields;
import org.xenolith.a64.isa.Insn;

/**
 * Code of scalar floating point of double and single precision: calls of the arithmetic that every engine uses, which the
 * JVM's compiler inlines where the result shows that the host's own operation was enough.
 */
final class FloatArithmetic {
  private static final ClassDesc FP64 = Fp64.class.describeConstable().orElseThrow();
  private static final ClassDesc FP32 = Fp32.class.describeConstable().orElseThrow();
  private static final ClassDesc STATUS = FpStatus.class.describeConstable().orElseThrow();
  private static final ClassDesc LONG = ConstantDescs.CD_long;
  private static final ClassDesc INT = ConstantDescs.CD_int;

  private final Frame frame;
  private final Conditions conditions;
  private final CodeBuilder cb;

  FloatArithmetic(Frame frame, Conditions conditions) {
    this.frame = frame;
    this.conditions = conditions;
    cb = frame.cb;
  }

  /** Whether there is code for it. */
  static boolean covers(Insn insn) {
    return switch (insn) {
      case FMOV_TO_GENERAL, FMOV_TO_GENERAL_HIGH, FMOV_FROM_GENERAL, FMOV_FROM_GENERAL_HIGH, FMOV_SCALAR, FMOV_SCALAR_IMM,
          FABS_SCALAR, FNEG_SCALAR, FCMP, FCMP_ZERO, FCMPE, FCMPE_ZERO, FCSEL, SCVTF_INT, UCVTF_INT, FCVTZS_INT, FCVTZU_INT -> true;
      default -> operation(insn) != null;
    };
  }

  /** The name of the arithmetic of a form; null if it has none here. */
  private static String operation(Insn insn) {
    return switch (insn) {
      case FADD_SCALAR -> "add";
      case FSUB_SCALAR -> "sub";
      case FMUL_SCALAR -> "mul";
      case FNMUL -> "nmul";
      case FDIV_SCALAR -> "div";
      case FSQRT_SCALAR -> "sqrt";
      case FMAX_SCALAR -> "max";
      case FMIN_SCALAR -> "min";
      case FMAXNM_SCALAR -> "maxnm";
      case FMINNM_SCALAR -> "minnm";
      case FMADD -> "madd";
      case FMSUB -> "msub";
      case FNMADD -> "nmadd";
      case FNMSUB -> "nmsub";
      default -> null;
    };
  }

  private static int operands(Insn insn) {
    return switch (insn) {
      case FSQRT_SCALAR -> 1;
      case FMADD, FMSUB, FNMADD, FNMSUB -> 3;
      default -> 2;
    };
  }

  /** Whether it leaves flags in the form {@link Flags#PACKED}. */
  static boolean compares(Insn insn) {
    return switch (insn) {
      case FCMP, FCMP_ZERO, FCMPE, FCMPE_ZERO -> true;
      default -> false;
    };
  }

  /** Emits an instruction that is covered. */
  void emit(Insn insn, int word) {
    boolean wide = Fields.ftype(word) == 1;
    int d = Fields.rd(word);
    int n = Fields.rn(word);
    long mask = wide ? -1 : 0xFFFF_FFFFL;
    switch (insn) {
      case FMOV_TO_GENERAL, FMOV_TO_GENERAL_HIGH -> {
        cb.aload(Frame.V).loadConstant(2 * n + (insn == Insn.FMOV_TO_GENERAL_HIGH ? 1 : 0)).laload();
        frame.set(Operands.target(d), Fields.sf(word));
      }
      case FMOV_FROM_GENERAL -> result(d, () -> {
        frame.get(Operands.source(n));
        frame.narrow(Fields.sf(word));
      });
      case FMOV_FROM_GENERAL_HIGH -> {
        cb.aload(Frame.V).loadConstant(2 * d + 1);
        frame.get(Operands.source(n));
        cb.lastore();
      }
      case FMOV_SCALAR -> result(d, () -> {
        cb.aload(Frame.V).loadConstant(2 * n).laload();
        frame.narrow(wide);
      });
      case FMOV_SCALAR_IMM -> {
        int imm8 = word >>> 13 & 0xFF;
        result(d, () -> cb.loadConstant(wide ? FpImmediate.toDouble(imm8) : FpImmediate.toSingle(imm8) & 0xFFFF_FFFFL));
      }
      case FABS_SCALAR -> result(d, () -> cb.aload(Frame.V).loadConstant(2 * n).laload().loadConstant(mask >>> 1).land());
      case FNEG_SCALAR -> result(d, () -> {
        cb.aload(Frame.V).loadConstant(2 * n).laload().loadConstant(mask ^ mask >>> 1).lxor();
        frame.narrow(wide);
      });
      case FCMP, FCMP_ZERO, FCMPE, FCMPE_ZERO -> compare(insn, word, wide);
      case FCSEL -> select(word, wide);
      case SCVTF_INT, UCVTF_INT -> result(d, () -> fromInteger(insn == Insn.SCVTF_INT, word, wide));
      case FCVTZS_INT, FCVTZU_INT -> toInteger(insn == Insn.FCVTZS_INT ? "toSigned" : "toUnsigned", word, wide);
      default -> arithmetic(insn, word, wide);
    }
  }

  /** Pushes a value of 64 bits. */
  private interface Value {
    void push();
  }

  /** Stores what is pushed and clears the upper half. */
  private void result(int d, Value value) {
    cb.aload(Frame.V).loadConstant(2 * d);
    value.push();
    cb.lastore();
    cb.aload(Frame.V).loadConstant(2 * d + 1).lconst_0().lastore();
  }

  private void push(int register, boolean wide) {
    cb.aload(Frame.V).loadConstant(2 * register).laload();
    if (!wide) {
      cb.l2i();
    }
  }

  private void status() {
    cb.aload(Frame.C).getfield(Frame.CPU, "fpcr", INT).aload(Frame.C).getfield(Frame.CPU, "fp", STATUS);
  }

  private static ClassDesc owner(boolean wide) {
    return wide ? FP64 : FP32;
  }

  private static ClassDesc type(boolean wide) {
    return wide ? LONG : INT;
  }

  /** Makes a long of an operation's result. */
  private void widen(boolean wide) {
    if (!wide) {
      cb.i2l();
      frame.narrow(false);
    }
  }

  private void arithmetic(Insn insn, int word, boolean wide) {
    int count = operands(insn);
    ClassDesc type = type(wide);
    result(Fields.rd(word), () -> {
      push(Fields.rn(word), wide);
      if (count > 1) {
        push(Fields.rm(word), wide);
      }
      if (count > 2) {
        push(Fields.ra(word), wide);
      }
      status();
      cb.invokestatic(owner(wide), operation(insn), switch (count) {
        case 1 -> MethodTypeDesc.of(type, type, INT, STATUS);
        case 2 -> MethodTypeDesc.of(type, type, type, INT, STATUS);
        default -> MethodTypeDesc.of(type, type, type, type, INT, STATUS);
      });
      widen(wide);
    });
  }

  private void compare(Insn insn, int word, boolean wide) {
    push(Fields.rn(word), wide);
    if (insn == Insn.FCMP || insn == Insn.FCMPE) {
      push(Fields.rm(word), wide);
    } else if (wide) {
      cb.lconst_0();
    } else {
      cb.iconst_0();
    }
    status();
    cb.invokestatic(owner(wide), insn == Insn.FCMP || insn == Insn.FCMP_ZERO ? "cmp" : "cmpe",
        MethodTypeDesc.of(INT, type(wide), type(wide), INT, STATUS));
    cb.loadConstant(28).ishl().i2l();
    conditions.setOne(Flags.PACKED);
  }

  private void select(int word, boolean wide) {
    Label holds = cb.newLabel();
    Label done = cb.newLabel();
    result(Fields.rd(word), () -> {
      conditions.branch(Fields.cond(word), holds);
      cb.aload(Frame.V).loadConstant(2 * Fields.rm(word)).laload().goto_(done);
      cb.labelBinding(holds);
      cb.aload(Frame.V).loadConstant(2 * Fields.rn(word)).laload();
      cb.labelBinding(done);
      frame.narrow(wide);
    });
  }

  private void fromInteger(boolean signed, int word, boolean wide) {
    frame.get(Operands.source(Fields.rn(word)));
    if (!Fields.sf(word)) {
      if (signed) {
        cb.l2i().i2l();
      } else {
        frame.narrow(false);
      }
    }
    cb.iconst_0();
    status();
    cb.invokestatic(owner(wide), signed ? "fromSigned" : "fromUnsigned", MethodTypeDesc.of(type(wide), LONG, INT, INT, STATUS));
    widen(wide);
  }

  private void toInteger(String name, int word, boolean wide) {
    push(Fields.rn(word), wide);
    cb.loadConstant(Fields.sf(word) ? 64 : 32).iconst_0().loadConstant(Rounding.ZERO);
    status();
    cb.invokestatic(owner(wide), name, MethodTypeDesc.of(LONG, type(wide), INT, INT, INT, INT, STATUS));
    frame.set(Operands.target(Fields.rd(word)), Fields.sf(word));
  }
}
