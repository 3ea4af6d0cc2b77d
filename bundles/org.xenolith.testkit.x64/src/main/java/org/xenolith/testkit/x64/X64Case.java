// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.x64;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.xenolith.x64.arch.Core;
import org.xenolith.x64.arch.CpuModel;
import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Decoder;
import org.xenolith.x64.isa.Insn;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Trait;

/** Instructions with all that they can see, which follows from their bytes and a seed. */
public final class X64Case {
  /** Bytes of what {@code x64-native} reads for a case, and of what it answers. */
  public static final int REQUEST = 16 * 8 + 16 + 256 + 512 + 4096;
  /** Bytes of an answer. */
  public static final int ANSWER = 16 * 8 + 32 + 512 + 4096;
  private static final int FX = 464;
  private static final int BREAKPOINT = 3;
  private static final int FLAGS = 0xCD5;
  private static final Decoder DECODER = new Decoder(CpuModel.BASELINE.features());
  private static final long[] EDGES = {0, 1, -1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFF_FFFFL, 0x8000_0000L, 0xFFFF_FFFFL,
      Long.MAX_VALUE,
      Long.MIN_VALUE, 63, 64, 31, 32, 15, 16, 7, 8, 0x5555_5555_5555_5555L};
  private static final long[] FLOATS = {0, -1, 0x8000_0000_0000_0000L, 0x7FF0_0000_0000_0000L, 0x7FF8_0000_0000_0000L,
      0x7FF0_0000_0000_0001L, 1,
      0x7F80_0000_7F80_0001L, 0x3F80_0000_0000_0001L, 0x8000_0000_0000_0001L};

  /** The instructions. */
  public final byte[] code;
  /** The form of the last one. */
  public final Insn form;
  private final Instruction insn = new Instruction();
  private final SplittableRandom random;
  private final long[] r = new long[16];
  private final byte[] data = new byte[4096];
  private final byte[] fx = new byte[512];
  private int flags;
  private int undefined;
  private int undefinedConditions;
  private boolean undefinedResult;

  /** One instruction. */
  public X64Case(byte[] code, int seed) {
    this.code = code;
    DECODER.decode(code, 0, code.length, DecodeMode.LONG_64, insn);
    form = insn.insn();
    random = new SplittableRandom(seed);
    boolean integer = !form.is(Trait.SSE_STATE) && !form.is(Trait.MMX_STATE) && !form.is(Trait.X87);
    registers();
    memory(integer);
    if (integer) {
      state(0, 0x37F, 0x1F80, 0);
    } else {
      floating();
    }
    undefined();
    undefinedConditions = form.conditionsUndefined();
  }

  /**
   * A sequence.
   *
   * @param last       the form of its last instruction
   * @param integer    whether it leaves x87 and SSE alone
   * @param flags      which flags the manual doesn't define at its end
   * @param conditions the same of the x87's condition codes
   */
  public X64Case(byte[] code, int seed, Insn last, boolean integer, int flags, int conditions) {
    this.code = code;
    form = last;
    random = new SplittableRandom(seed);
    registers();
    memory(integer);
    if (integer) {
      state(0, 0x37F, 0x1F80, 0);
    } else {
      floating();
    }
    undefined = flags;
    undefinedConditions = conditions;
  }

  /** Whether the result isn't what the manual says: such a case says nothing. */
  public boolean vague() {
    return undefinedResult;
  }

  private long value() {
    return switch (random.nextInt(4)) {
      case 0 -> EDGES[random.nextInt(EDGES.length)];
      case 1 -> random.nextLong() >> random.nextInt(64);
      default -> random.nextLong();
    };
  }

  private long number() {
    return switch (random.nextInt(5)) {
      case 0 -> random.nextLong();
      case 1 -> Double.doubleToRawLongBits(random.nextDouble(-100, 100));
      case 2 -> (long) Float.floatToRawIntBits((float) random.nextDouble(-100, 100)) << 32 | Float.floatToRawIntBits((float) random
          .nextDouble(-1e6, 1e6))
          & 0xFFFF_FFFFL;
      case 3 -> FLOATS[random.nextInt(FLOATS.length)];
      default -> random.nextLong() & random.nextLong() & random.nextLong();
    };
  }

  private void registers() {
    for (int i = 0; i < 16; i++) {
      r[i] = value();
    }
    r[5] = X64TestMachine.DATA + 2048;
    r[4] = X64TestMachine.DATA + 3072;
    flags = 0x202 | random.nextInt() & 0x8D5;
    if (form.is(Trait.BIT_STRING) && insn.memory()) {
      r[insn.reg()] = random.nextInt(2048) - 1024;
    }
    if (form.is(Trait.STRING)) {
      r[6] = X64TestMachine.DATA + 1024;
      r[7] = X64TestMachine.DATA + 1536 + random.nextInt(8);
      r[1] = random.nextInt(40);
      flags |= random.nextBoolean() ? 0x400 : 0;
    }
    if (form.mnemonic().startsWith("maskmov")) {
      r[7] = X64TestMachine.DATA + 512;
    }
  }

  private void memory(boolean integer) {
    random.nextBytes(data);
    ByteBuffer words = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 1984; i < 2200; i += 8) {
      words.putLong(i, integer ? value() : number());
    }
  }

  private void floating() {
    boolean mmx = !form.is(Trait.SSE_STATE) && form.is(Trait.MMX_STATE);
    int mxcsr = 0x1F80 | random.nextInt(4) << 13 | (random.nextInt(4) == 0 ? 0x8000 : 0) | (random.nextInt(4) == 0 ? 0x40 : 0) | random
        .nextInt() & 0x3F
        & random.nextInt();
    if (random.nextInt(8) == 0) {
      mxcsr &= ~(0x1F80 & random.nextInt()) & ~0x3F;
    }
    int control = 0x7F | random.nextInt(4) << 10 | new int[] {3, 3, 2, 0}[random.nextInt(4)] << 8;
    if (!mmx && form.is(Trait.X87) && random.nextInt(3) == 0) {
      control &= ~(random.nextInt() & 0x3F);
    }
    int status = random.nextInt(8) << 11 | (mmx ? 0 : random.nextInt() & 0x4700 | (random.nextInt(4) == 0 ? random.nextInt() & 0x3F : 0));
    state(status, control, mxcsr, random.nextInt(3) == 0 ? random.nextInt() & 0xFF : 0xFF);
    ByteBuffer words = ByteBuffer.wrap(fx).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 8; i++) {
      int exponent = random.nextInt(4) == 0 ? random.nextInt() & 0xFFFF : 0x3FFC + random.nextInt(8) | (random.nextBoolean() ? 0x8000 : 0);
      long significand = switch (random.nextInt(3)) {
        case 0 -> random.nextLong();
        case 1 -> random.nextLong() << random.nextInt(64);
        default -> 0;
      };
      boolean special = random.nextInt(12) == 0;
      words.putShort(40 + 16 * i, (short) (special ? new int[] {0, 0x7FFF, 0xFFFF}[random.nextInt(3)] : exponent));
      words.putLong(32 + 16 * i, special && random.nextBoolean() ? 0 : significand | 1L << 63);
    }
    for (int i = 0; i < 32; i++) {
      words.putLong(160 + 8 * i, number());
    }
  }

  private void state(int status, int control, int mxcsr, int tags) {
    ByteBuffer words = ByteBuffer.wrap(fx).order(ByteOrder.LITTLE_ENDIAN);
    words.putShort(0, (short) control).putShort(2, (short) status).put(4, (byte) tags).putInt(24, mxcsr);
  }

  private void undefined() {
    int count = (int) r[1];
    if (form.is(Trait.SHIFT)) {
      count = switch (form.operands().getLast().name()) {
        case "Ib" -> (int) insn.imm();
        case "1" -> 1;
        default -> count;
      };
    }
    undefined = form.undefinedFlags(insn, count);
    boolean counts = form.is(Trait.SHIFT) && form.operands().size() == 3;
    boolean scans = !insn.memory() && (form.mnemonic().equals("bsf") || form.mnemonic().equals("bsr"));
    int size = insn.operandSize();
    if (counts) {
      undefinedResult = form.undefinedResult(insn, count);
    } else if (scans) {
      undefinedResult = form.undefinedResult(insn, r[insn.rm()] & -1L >>> 64 - size);
    } else {
      undefinedResult = form.mnemonic().equals("bswap") && size == 16;
    }
  }

  /** What {@code x64-native} reads. */
  public byte[] request() {
    ByteBuffer bytes = ByteBuffer.allocate(REQUEST).order(ByteOrder.LITTLE_ENDIAN);
    for (long each : r) {
      bytes.putLong(each);
    }
    bytes.putLong(flags).putInt(code.length).putInt(0).put(code).position(16 * 8 + 16 + 256);
    bytes.put(fx).put(data);
    return bytes.array();
  }

  /** The same as {@code x64-native} answers, made by the machine. */
  public byte[] answer(X64TestMachine machine) {
    byte[] page = new byte[4096];
    Arrays.fill(page, (byte) 0xCC);
    System.arraycopy(code, 0, page, 0, code.length);
    machine.code.write(0, page, 0, 4096);
    machine.data.write(0, data, 0, 4096);
    machine.user();
    Core cpu = machine.cpu;
    System.arraycopy(r, 0, cpu.r, 0, 16);
    cpu.rflags(flags);
    cpu.xcr0 = 3;
    for (int i = 0; i < 512; i++) {
      machine.low.write(0xC000 + i, 1, fx[i]);
    }
    cpu.cpl = 0;
    cpu.restored();
    cpu.extended.fxrstor(0xC000, true);
    cpu.cpl = 3;
    cpu.restored();
    machine.engine.run(4000);
    ByteBuffer bytes = ByteBuffer.allocate(ANSWER).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < 16; i++) {
      bytes.putLong(i == 4 ? machine.frame(3) : cpu.r[i]);
    }
    bytes.putLong(machine.frame(2)).putLong(machine.frame(0) - X64TestMachine.CODE).putLong(machine.vector()).putLong(0);
    cpu.extended.fxsave(0xC000, true);
    byte[] after = new byte[512];
    machine.low.read(0xC000, after, 0, 512);
    byte[] memory = new byte[4096];
    machine.data.read(0, memory, 0, 4096);
    return bytes.put(after).put(memory).array();
  }

  /** Where two answers differ in what the manual defines: bytes and what is there. */
  public String difference(byte[] expected, byte[] actual) {
    byte[] one = masked(expected);
    byte[] other = masked(actual);
    StringBuilder text = new StringBuilder();
    ByteBuffer words = ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer others = ByteBuffer.wrap(other).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < ANSWER && text.length() < 400; at += 8) {
      if (words.getLong(at) != others.getLong(at)) {
        String place = at < 128 ? "r" + at / 8 : at == 128 ? "flags" : at == 136 ? "RIP" : at == 144 ? "vector" : at < 672 ? "fx+" + (at
            - 160)
            : "data+" + (at - 672);
        text.append("%s %x, ours %x; ".formatted(place, words.getLong(at), others.getLong(at)));
      }
    }
    return text.toString();
  }

  /** What of an answer the manual defines, in 64 bits (FNV-1a). */
  public long digest(byte[] answer) {
    long hash = 0xCBF2_9CE4_8422_2325L;
    for (byte each : masked(answer)) {
      hash = (hash ^ each & 0xFF) * 0x100_0000_01B3L;
    }
    return hash;
  }

  /** An answer without what the manual leaves undefined. */
  private byte[] masked(byte[] answer) {
    ByteBuffer bytes = ByteBuffer.wrap(answer.clone()).order(ByteOrder.LITTLE_ENDIAN);
    long vector = bytes.getLong(16 * 8 + 16);
    bytes.putLong(16 * 8, vector == BREAKPOINT ? bytes.getLong(16 * 8) & FLAGS & ~undefined : 0);
    bytes.putLong(16 * 8 + 24, 0);
    int at = 16 * 8 + 32;
    // Opcode and pointers of the last x87 instruction, MXCSR's mask, and what is reserved.
    bytes.putShort(at + 2, (short) (bytes.getShort(at + 2) & ~undefinedConditions)).put(at + 5, (byte) 0).putShort(at + 6,
        (short) 0);
    bytes.putLong(at + 8, 0).putLong(at + 16, 0).putInt(at + 28, 0);
    for (int i = 0; i < 8; i++) {
      bytes.putInt(at + 42 + 16 * i, 0).putShort(at + 46 + 16 * i, (short) 0);
    }
    byte[] masked = bytes.array();
    Arrays.fill(masked, at + FX, at + 512, (byte) 0);
    return masked;
  }
}
