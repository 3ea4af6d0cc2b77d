// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.TlbEntry;
import org.xenolith.machine.kit.Ram;

/**
 * The local variables of a region's method: guest registers that it uses, lazy flags, the count of instructions, and what the
 * inline memory path needs. Registers are read from their locals, and written both there and to where the interpreter has them:
 * a way out then has little to do, which is what the JVM's compiler takes long for if there are many of them.
 */
final class Frame {
  static final ClassDesc CPU = Cpu.class.describeConstable().orElseThrow();
  static final ClassDesc ENTRY = TlbEntry.class.describeConstable().orElseThrow();
  static final ClassDesc RAM = Ram.class.describeConstable().orElseThrow();
  static final ClassDesc CODE = RegionCode.class.describeConstable().orElseThrow();
  static final ClassDesc UNDO = Undo.class.describeConstable().orElseThrow();
  static final ClassDesc FLAGS = Flags.class.describeConstable().orElseThrow();
  static final ClassDesc LONG = ConstantDescs.CD_long;
  static final ClassDesc INT = ConstantDescs.CD_int;
  static final ClassDesc LONGS = LONG.arrayType();
  private static final ClassDesc LONG_CLASS = ClassDesc.of("java.lang.Long");
  private static final ClassDesc INTEGER = ClassDesc.of("java.lang.Integer");
  private static final MethodTypeDesc ROTATE = MethodTypeDesc.of(LONG, LONG, INT);
  private static final MethodTypeDesc ROTATE_INT = MethodTypeDesc.of(INT, INT, INT);
  private static final MethodTypeDesc SETTLE = MethodTypeDesc.of(ConstantDescs.CD_void, CPU);

  static final int SELF = 0;
  static final int C = 1;
  static final int X = 2;
  static final int WAY = 3;
  static final int LEFT = 4;
  static final int DATA = 6;
  static final int READ = 7;
  static final int WRITE = 8;
  static final int PAGE = 9;
  static final int KIND = 11;
  static final int A = 12;
  static final int B = 14;
  static final int TLB = 16;
  static final int VA = 17;
  static final int V = 19;
  /** Used by {@link #set}; the others aren't. */
  static final int T1 = 20;
  static final int T2 = 22;
  static final int T3 = 24;
  private static final int FIRST = 26;

  final CodeBuilder cb;
  /** Code that writes flags back and returns what is in {@link #WAY}, by the kind of flags. */
  private final Map<Integer, Label> outs = new TreeMap<>();
  private final int[] locals = new int[32];
  /** Registers of which only the low 32 bits are ever read have ints: conversions between one operation and the next cost time. */
  private final long ints;
  /** The first local variable that is free. */
  final int free;
  private long silent;

  /**
   * @param used registers that have locals, a bit each; 31 is SP
   * @param wide those of which more than 32 bits are read
   */
  Frame(CodeBuilder cb, long used, long wide) {
    this.cb = cb;
    ints = used & ~wide;
    int next = FIRST;
    for (int i = 0; i < 32; i++) {
      if ((used >>> i & 1) != 0) {
        locals[i] = next;
        next += 2;
      }
    }
    free = next;
  }

  private boolean isInt(int register) {
    return (ints >>> register & 1) != 0;
  }

  /** From here on, these registers are written to their locals only: they will be written again before anybody looks. */
  void silent(long registers) {
    silent = registers;
  }

  private void through(int register) {
    if ((silent >>> register & 1) == 0) {
      cb.aload(X).loadConstant(register);
      get(register);
      cb.lastore();
    }
  }

  /** Fills registers. */
  void fill(long registers) {
    for (int i = 0; i < 32; i++) {
      if ((registers >>> i & 1) != 0) {
        fetch(i);
      }
    }
  }

  /**
   * Fills everything that isn't a register. What is written or looked up later is read here first: the JVM's compiler then
   * knows that indices are in bounds, and has no checks in loops.
   *
   * @param written general registers that are written, a bit each
   */
  void enter(boolean memory, boolean vector, long written) {
    for (int i = 0; i < 32; i++) {
      if ((written >>> i & 1) != 0) {
        cb.aload(X).loadConstant(i).laload().pop2();
      }
    }
    cb.aload(C).getfield(CPU, "left", LONG).lstore(LEFT);
    cb.aload(C).getfield(CPU, "page", LONG).lstore(PAGE);
    cb.iconst_0().istore(KIND).lconst_0().lstore(A).lconst_0().lstore(B);
    if (memory) {
      cb.aload(C).getfield(CPU, "data", ENTRY.arrayType()).dup().astore(DATA).iconst_0().aaload().pop();
      cb.aload(C).getfield(CPU, "readContext", INT).istore(READ);
      cb.aload(C).getfield(CPU, "writeContext", INT).istore(WRITE);
    }
    if (vector) {
      cb.aload(C).getfield(CPU, "v", LONGS).astore(V);
    }
  }

  /** Has a window show nothing. */
  void shut(Window window) {
    cb.lconst_0().lstore(window.page()).aconst_null().astore(window.heap()).lconst_0().lstore(window.offset());
  }

  /** Leaves with what {@code run} is to return, and flags of a kind. */
  void leave(int way, int flags) {
    cb.loadConstant(way).istore(WAY).goto_(outs.computeIfAbsent(flags, kind -> cb.newLabel()));
  }

  /** Emits what {@link #leave} goes to. */
  void outs() {
    outs.forEach((kind, label) -> {
      cb.labelBinding(label);
      keepFlags(kind);
      cb.aload(C).lload(LEFT).putfield(CPU, "left", LONG);
      cb.iload(WAY).ireturn();
    });
  }

  /** Leaves flags of a kind with the CPU, for whoever needs them to compute. */
  private void keepFlags(int kind) {
    if (kind == Flags.STORED) {
      return;
    }
    Label kept = cb.newLabel();
    if (kind == Flags.UNKNOWN) {
      cb.iload(KIND).ifeq(kept).aload(C).iload(KIND);
    } else {
      cb.aload(C).loadConstant(kind);
    }
    cb.putfield(CPU, "flagKind", INT).aload(C).lload(A).putfield(CPU, "flagA", LONG);
    if (kind != Flags.LOGIC && kind != Flags.PACKED) {
      cb.aload(C).lload(B).putfield(CPU, "flagB", LONG);
    }
    cb.labelBinding(kept);
  }

  /** Has the flags in the CPU as the interpreter would have left them. */
  void storeFlags(int kind) {
    keepFlags(kind);
    cb.aload(C).invokestatic(FLAGS, "settle", SETTLE);
  }

  /** Pushes a register, zero-extended if no more than 32 bits of it are ever read; number 31 is SP, {@link Cpu#ZERO} is 0. */
  void get(int register) {
    if (register == Cpu.ZERO) {
      cb.lconst_0();
    } else if (isInt(register)) {
      cb.iload(locals[register]).i2l();
      narrow(false);
    } else {
      cb.lload(locals[register]);
    }
  }

  /** Pops a register; number 31 is SP, {@link Cpu#SINK} nothing. */
  void set(int register) {
    if (register == Cpu.SINK) {
      cb.pop2();
    } else if (!isInt(register)) {
      cb.lstore(locals[register]);
      through(register);
    } else if ((silent >>> register & 1) != 0) {
      cb.l2i().istore(locals[register]);
    } else {
      // All 64 bits are written through.
      cb.dup2().lstore(T1).l2i().istore(locals[register]).aload(X).loadConstant(register).lload(T1).lastore();
    }
  }

  /** Pushes a register's low word, sign-extended or not. */
  void get32(int register, boolean signed) {
    if (signed) {
      getInt(register);
      cb.i2l();
    } else {
      get(register);
    }
  }

  /** Pushes a register as operands of that width are: 32-bit ones with their upper half as it may be. */
  void get(int register, boolean wide, boolean signed) {
    if (wide) {
      get(register);
    } else {
      get32(register, signed);
    }
  }

  /** Pushes a register as an int. */
  void getInt(int register) {
    if (register == Cpu.ZERO) {
      cb.iconst_0();
    } else if (isInt(register)) {
      cb.iload(locals[register]);
    } else {
      cb.lload(locals[register]).l2i();
    }
  }

  /** Pops an int into a register, of which the upper half is cleared. */
  void setInt(int register) {
    if (register == Cpu.SINK) {
      cb.pop();
    } else if (isInt(register)) {
      cb.istore(locals[register]);
      through(register);
    } else {
      cb.i2l();
      narrow(false);
      set(register);
    }
  }

  // 32-bit operations are on ints: the JVM's compiler then sees nothing of the conversions between one and the next.

  /** Pushes a register as a long or int. */
  void push(int register, boolean wide) {
    if (wide) {
      get(register);
    } else {
      getInt(register);
    }
  }

  /** Pops a long or int into a register. */
  void pop(int register, boolean wide) {
    if (wide) {
      set(register);
    } else {
      setInt(register);
    }
  }

  /** An instruction of the JVM. */
  interface Operation {
    CodeBuilder emit(CodeBuilder builder);
  }

  /** Emits one of two operations, on longs or ints. */
  void either(boolean wide, Operation of64, Operation of32) {
    if (wide) {
      of64.emit(cb);
    } else {
      of32.emit(cb);
    }
  }

  /** Rotates a long or int right by an int. */
  void rotate(boolean wide) {
    if (wide) {
      cb.invokestatic(LONG_CLASS, "rotateRight", ROTATE);
    } else {
      cb.invokestatic(INTEGER, "rotateRight", ROTATE_INT);
    }
  }

  /** Clears the upper half of what is on the stack if it is of 32 bits. */
  void narrow(boolean wide) {
    if (!wide) {
      cb.loadConstant(0xFFFF_FFFFL).land();
    }
  }

  /** Pops a register, of which a 32-bit result's upper half is cleared. */
  void set(int register, boolean wide) {
    if (register != Cpu.SINK) {
      narrow(wide);
    }
    set(register);
  }

  /** Takes instructions off the count. */
  void spend(int instructions) {
    if (instructions != 0) {
      cb.lload(LEFT).loadConstant((long) instructions).lsub().lstore(LEFT);
    }
  }

  /** Fetches what is where the interpreter has it. */
  void fetch(int register) {
    if (register >= 32) {
      return;
    }
    cb.aload(X).loadConstant(register).laload();
    if (isInt(register)) {
      cb.l2i().istore(locals[register]);
    } else {
      cb.lstore(locals[register]);
    }
  }
}
