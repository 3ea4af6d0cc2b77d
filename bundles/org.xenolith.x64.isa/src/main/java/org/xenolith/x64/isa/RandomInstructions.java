// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

import java.io.ByteArrayOutputStream;
import java.util.SplittableRandom;

/**
 * Makes valid encodings of a form within limits, for differential tests. The same seed and calls give the same bytes.
 * Memory operands are {@code [base+displacement]} on the base register of the limits, unless any address is wanted.
 */
public final class RandomInstructions {

  /**
   * What may occur.
   *
   * @param general general registers that may be operands, bit n for register n; those above 7 only in 64-bit mode. rSP is never taken
   *     unless its bit is set
   * @param media XMM registers that may be operands, and MMX registers by its low eight bits
   * @param base the base register of memory operands, or -1 for any addressing form
   * @param lowest the least displacement from the base register
   * @param highest the greatest displacement
   * @param reach the greatest distance of a branch, in bytes, either way
   */
  public record Limits(int general, int media, int base, int lowest, int highest, int reach) {}

  /** Anything: for tests of decoders. */
  public static final Limits ANYTHING = new Limits(0xFFFF, 0xFFFF, -1, 0, 0, Integer.MAX_VALUE);
  private static final long[] EDGES =
      {0, 1, -1, 2, 0x7F, -0x80, 0x7FFF, -0x8000, 0x7FFFFFFF, -0x80000000L, Long.MAX_VALUE, Long.MIN_VALUE, 8, 16, 31, 32, 63, 64};

  private final SplittableRandom random;
  private final Decoder decoder;
  private final DecodeMode mode;
  private final Limits limits;
  private final Instruction check = new Instruction();
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(16);
  private int rex;
  private boolean wide;

  /** Makes instructions for a mode, of the features that the decoder knows. */
  public RandomInstructions(long seed, Decoder decoder, DecodeMode mode, Limits limits) {
    this.random = new SplittableRandom(seed);
    this.decoder = decoder;
    this.mode = mode;
    this.limits = limits;
  }

  /**
   * A random encoding of a form, or null if the form can't be encoded within the limits.
   *
   * @param pure true for no prefixes other than those with an effect on the form
   */
  public byte[] next(Insn insn, boolean pure) {
    if (!insn.validIn(mode))
      return null;
    for (int attempt = 0; attempt < 200; attempt++) {
      byte[] made = attempt(insn, pure);
      if (made.length <= 15 && decoder.decode(made, 0, made.length, mode, check) == made.length && check.insn == insn && within(insn))
        return made;
    }
    return null;
  }

  private byte[] attempt(Insn insn, boolean pure) {
    Form form = insn.form();
    bytes.reset();
    boolean longMode = mode == DecodeMode.LONG_64;
    boolean size = form.prefix == Form.P66 || (form.prefix == Form.ANY || form.prefix == Form.NO_REPEAT) && sized(insn)
        && random.nextInt(4) == 0;
    boolean address = limits.base < 0 && addresses(insn) && random.nextInt(8) == 0;
    if (limits.base < 0 && addresses(insn) && random.nextInt(8) == 0)
      bytes.write(new int[] {0x64, 0x65, 0x3E, 0x36}[random.nextInt(longMode ? 2 : 4)]);
    if (size)
      bytes.write(0x66);
    if (address)
      bytes.write(0x67);
    int memoryOrRegister = form.modIgnored || form.register && (!form.memory || random.nextBoolean()) ? 3 : random.nextInt(3);
    if (insn.is(Trait.LOCKABLE) && memoryOrRegister != 3 && random.nextInt(4) == 0)
      bytes.write(0xF0);
    if (insn.is(Trait.STRING) && random.nextInt(2) == 0)
      bytes.write(random.nextBoolean() ? 0xF3 : 0xF2);
    if (form.prefix == Form.F3)
      bytes.write(0xF3);
    if (form.prefix == Form.F2)
      bytes.write(0xF2);
    wide = longMode && sized(insn) && random.nextInt(3) == 0;
    rex = longMode && random.nextInt(2) == 0 ? 0x40 | random.nextInt(8) : 0;
    if (pure && !form.modrm && !form.opcodeRegister)
      rex = 0;
    if (wide)
      rex |= 0x48;
    if (rex != 0)
      bytes.write(rex);
    if (form.map != 0)
      bytes.write(0x0F);
    if (form.map > 1)
      bytes.write(form.map == 2 ? 0x38 : 0x3A);
    bytes.write(form.opcode | (form.opcodeRegister ? random.nextInt(8) : 0));
    if (form.modrm) {
      int reg = form.digit >= 0 ? form.digit : random.nextInt(8);
      int rm = form.rm >= 0 ? form.rm : random.nextInt(8);
      boolean wide16 = (mode.addressSize() == 16) != address && !longMode;
      modrm(insn, memoryOrRegister, reg, rm, wide16);
    }
    immediates(insn, form, size && form.prefix != Form.P66, address);
    return bytes.toByteArray();
  }

  private void modrm(Insn insn, int mod, int reg, int rm, boolean sixteen) {
    if (mod == 3 || limits.base < 0) {
      bytes.write(mod << 6 | reg << 3 | rm);
      if (mod != 3) {
        int sib = random.nextInt(256);
        if (!sixteen && rm == 4)
          bytes.write(sib);
        boolean absolute = mod == 0 && (sixteen ? rm == 6 : rm == 5 || rm == 4 && (sib & 7) == 5);
        number(random.nextInt(), mod == 1 ? 1 : mod == 2 || absolute ? sixteen ? 2 : 4 : 0);
      }
      return;
    }
    int displacement = limits.lowest + random.nextInt(limits.highest - limits.lowest + 1);
    boolean small = displacement == (byte) displacement;
    bytes.write((small ? 1 : 2) << 6 | reg << 3 | limits.base & 7);
    if ((limits.base & 7) == 4)
      bytes.write(0x24);
    number(displacement, small ? 1 : 4);
  }

  private void immediates(Insn insn, Form form, boolean size, boolean address) {
    int operand = mode == DecodeMode.LONG_64 ? wide || insn.is(Trait.FORCED_64) ? 8 : size ? 2 : 4
        : (mode.operandSize() == 32) != size ? 4 : 2;
    int addressBytes = (mode == DecodeMode.LONG_64 ? address ? 32 : 64 : (mode.addressSize() == 32) != address ? 32 : 16) / 8;
    long value = random.nextInt(2) == 0 ? EDGES[random.nextInt(EDGES.length)] : random.nextLong();
    if (insn.is(Trait.BRANCH) && limits.reach != Integer.MAX_VALUE)
      value = random.nextInt(2 * limits.reach + 1) - limits.reach;
    switch (form.immediate) {
      case Form.IMM_BYTE -> number(value, 1);
      case Form.IMM_WORD -> number(value, 2);
      case Form.IMM_Z -> number(value, Math.min(operand, 4));
      case Form.IMM_V -> number(value, operand);
      case Form.IMM_FAR -> {
        number(value, operand);
        number(random.nextInt(), 2);
      }
      case Form.IMM_ENTER -> {
        number(value, 2);
        number(random.nextInt(32), 1);
      }
      case Form.IMM_OFFSET -> number(value, addressBytes);
      default -> {
      }
    }
  }

  private void number(long value, int count) {
    for (int i = 0; i < count; i++)
      bytes.write((int) (value >> 8 * i));
  }

  /** Whether the operand size makes a difference. */
  private static boolean sized(Insn insn) {
    if (!insn.mnemonic(16).equals(insn.mnemonic(64)) && !insn.is(Trait.ADDRESS_SIZED))
      return true;
    for (Operand operand : insn.operands())
      if (switch (operand.size()) {
        case "v", "vw", "z", "y", "x", "p", "a" -> !insn.is(Trait.FORCED_64);
        default -> operand.name().equals("rAX") || operand.name().equals("zAX") || operand.name().equals("Ibs");
      })
        return true;
    return false;
  }

  private static boolean addresses(Insn insn) {
    for (Operand operand : insn.operands())
      if (operand.mayBeMemory() || operand.kind() == Operand.Kind.O || operand.kind() == Operand.Kind.X)
        return true;
    return false;
  }

  private boolean within(Insn insn) {
    for (Operand operand : insn.operands())
      if (!within(operand))
        return false;
    return limits.base < 0 || !check.memory() || check.base == limits.base && check.index < 0;
  }

  private boolean within(Operand operand) {
    boolean high = Disassembler.registerSize(operand, check) == 8 && operand.size().equals("b");
    return switch (operand.kind()) {
      case E, R -> check.mod != 3 || general(check.rm, high);
      case G -> general(check.reg, high);
      case Z -> general(check.opcodeRegister, high);
      case V -> media(check.reg);
      case W, U -> check.mod != 3 || media(check.rm);
      case P -> media(check.reg & 7);
      case Q, N -> check.mod != 3 || media(check.rm & 7);
      case O -> limits.base < 0;
      default -> true;
    };
  }

  private boolean general(int register, boolean isByte) {
    int number = isByte && check.highByte(register) ? register & 3 : register;
    return (limits.general >> number & 1) != 0;
  }

  private boolean media(int register) {
    return (limits.media >> register & 1) != 0;
  }
}
