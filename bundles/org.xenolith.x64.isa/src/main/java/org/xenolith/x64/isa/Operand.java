// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

/**
 * One operand of a form.
 *
 * @param kind where it is
 * @param size its size in the letters of the SDM, vol. 2D appendix A.2.2, and: {@code n} the native size (64 bits in 64-bit mode,
 *     else 32), {@code x} twice the operand size, {@code t} 80 bits, {@code e f} an x87 environment or save area,
 *     {@code wi di qi} integers for the x87, {@code vw} a whole register or 16 bits of memory, {@code dw db} a 32-bit register
 *     or 16 or 8 bits of memory; empty for one that the name of the operand gives
 * @param access what is done with it
 * @param name as it stands in the table, such as {@code Ev} or {@code AL}
 */
public record Operand(Kind kind, String size, Access access, String name) {

  /** Where an operand is. */
  public enum Kind {
    /** A general register or memory, by ModRM.rm. */
    E,
    /** A general register, by ModRM.reg. */
    G,
    /** Memory, by ModRM.rm. */
    M,
    /** A general register, by ModRM.rm. */
    R,
    /** A control register, by ModRM.reg. */
    C,
    /** A debug register, by ModRM.reg. */
    D,
    /** A segment register, by ModRM.reg. */
    S,
    /** An immediate. */
    I,
    /** A branch target relative to the next instruction. */
    J,
    /** Memory at an offset in the instruction. */
    O,
    /** A far pointer in the instruction. */
    A,
    /** Memory at DS:rSI. */
    X,
    /** Memory at ES:rDI. */
    Y,
    /** An MMX register, by ModRM.reg. */
    P,
    /** An MMX register or memory, by ModRM.rm. */
    Q,
    /** An MMX register, by ModRM.rm. */
    N,
    /** An XMM register, by ModRM.reg. */
    V,
    /** An XMM register or memory, by ModRM.rm. */
    W,
    /** An XMM register, by ModRM.rm. */
    U,
    /** A general register in the low three bits of the opcode. */
    Z,
    /** An x87 register, by ModRM.rm. */
    STI,
    /** What the name says. */
    FIXED
  }

  /** What an instruction does with an operand. */
  public enum Access {
    /** Only reads it. */
    READ(true, false),
    /** Only writes it. */
    WRITE(false, true),
    /** Reads and writes it. */
    BOTH(true, true),
    /** Neither: its address is taken, or it is a hint. */
    NONE(false, false);

    private final boolean reads;
    private final boolean writes;

    Access(boolean reads, boolean writes) {
      this.reads = reads;
      this.writes = writes;
    }

    /** Whether the operand is read. */
    public boolean reads() {
      return reads;
    }

    /** Whether the operand is written. */
    public boolean writes() {
      return writes;
    }
  }

  private static final java.util.Set<String> FIXED =
      java.util.Set.of("AL", "AX", "CL", "DX", "rAX", "zAX", "ST0", "XMM0", "1", "ES", "CS", "SS", "DS", "FS", "GS");

  static Operand parse(String text) {
    Access access = switch (text.charAt(0)) {
      case '=' -> Access.WRITE;
      case '+' -> Access.BOTH;
      case '-' -> Access.NONE;
      default -> Access.READ;
    };
    String name = access == Access.READ ? text : text.substring(1);
    if (FIXED.contains(name))
      return new Operand(Kind.FIXED, "", access, name);
    if (name.equals("STi"))
      return new Operand(Kind.STI, "t", access, name);
    return new Operand(Kind.valueOf(name.substring(0, 1)), name.substring(1), access, name);
  }

  /** Whether it is, or may be, memory by ModRM. */
  public boolean mayBeMemory() {
    return kind == Kind.E || kind == Kind.M || kind == Kind.Q || kind == Kind.W;
  }

  /** Its bytes in memory, for an operand size of 16, 32 or 64 bits; 0 if that isn't a plain size. */
  public int bytes(int operandSize) {
    return switch (size) {
      case "b", "db", "bs", "b2" -> 1;
      case "w", "vw", "dw", "wi" -> 2;
      case "d", "ss", "di" -> 4;
      case "q", "sd", "qi" -> 8;
      case "dq", "ps", "pd" -> 16;
      case "t" -> 10;
      case "v" -> operandSize / 8;
      case "z" -> operandSize == 16 ? 2 : 4;
      case "y" -> operandSize == 64 ? 8 : 4;
      case "x" -> operandSize == 64 ? 16 : 8;
      case "p" -> 2 + operandSize / 8;
      case "a" -> operandSize / 4;
      default -> 0;
    };
  }
}
