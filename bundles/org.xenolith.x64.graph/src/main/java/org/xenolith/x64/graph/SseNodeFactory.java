// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.graph;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.xenolith.x64.fp.Sse32;
import org.xenolith.x64.fp.Sse64;
import org.xenolith.x64.fp.SseEstimate;
import org.xenolith.x64.fp.SseStatus;
import org.xenolith.x64.graph.SseIntegerNodes.Lanes;
import org.xenolith.x64.graph.SseIntegerNodes.Permute;
import org.xenolith.x64.isa.Instruction;
import org.xenolith.x64.isa.Trait;
import org.xenolith.x64.simd.AesRound;
import org.xenolith.x64.simd.CarrylessProduct;
import org.xenolith.x64.simd.PackedLanes;
import org.xenolith.x64.simd.PackedPermutes;
import org.xenolith.x64.simd.StringCompare;

/** Makes the nodes of MMX and SSE instructions. */
final class SseNodeFactory {
  private static final Map<String, Lanes> LANES = new HashMap<>();
  private static final Map<String, SseFpNodes.Double> DOUBLES = Map.of("add", Sse64::add, "sub", Sse64::sub, "mul", Sse64::mul, "div",
      Sse64::div, "min",
      Sse64::min, "max", Sse64::max, "sqrt", (a, b, m, s) -> Sse64.sqrt(b, m, s));
  private static final Map<String, SseFpNodes.Single> SINGLES = Map.of("add", Sse32::add, "sub", Sse32::sub, "mul", Sse32::mul, "div",
      Sse32::div, "min",
      Sse32::min, "max", Sse32::max, "sqrt", (a, b, m, s) -> Sse32.sqrt(b, m, s), "rcp", (a, b, m, s) -> SseEstimate.recip(b), "rsqrt", (a,
          b, m,
          s) -> SseEstimate.recipSqrt(b));

  static {
    LANES.put("paddb", PackedLanes::paddb);
    LANES.put("paddw", PackedLanes::paddw);
    LANES.put("paddd", PackedLanes::paddd);
    LANES.put("paddq", PackedLanes::paddq);
    LANES.put("psubb", PackedLanes::psubb);
    LANES.put("psubw", PackedLanes::psubw);
    LANES.put("psubd", PackedLanes::psubd);
    LANES.put("psubq", PackedLanes::psubq);
    for (String and : new String[] {"pand", "andps", "andpd"}) {
      LANES.put(and, PackedLanes::pand);
    }
    for (String andn : new String[] {"pandn", "andnps", "andnpd"}) {
      LANES.put(andn, PackedLanes::pandn);
    }
    for (String or : new String[] {"por", "orps", "orpd"}) {
      LANES.put(or, PackedLanes::por);
    }
    for (String xor : new String[] {"pxor", "xorps", "xorpd"}) {
      LANES.put(xor, PackedLanes::pxor);
    }
    LANES.put("paddsb", PackedLanes::paddsb);
    LANES.put("paddsw", PackedLanes::paddsw);
    LANES.put("paddusb", PackedLanes::paddusb);
    LANES.put("paddusw", PackedLanes::paddusw);
    LANES.put("psubsb", PackedLanes::psubsb);
    LANES.put("psubsw", PackedLanes::psubsw);
    LANES.put("psubusb", PackedLanes::psubusb);
    LANES.put("psubusw", PackedLanes::psubusw);
    LANES.put("pavgb", PackedLanes::pavgb);
    LANES.put("pavgw", PackedLanes::pavgw);
    LANES.put("pminub", PackedLanes::pminub);
    LANES.put("pmaxub", PackedLanes::pmaxub);
    LANES.put("pminsb", PackedLanes::pminsb);
    LANES.put("pmaxsb", PackedLanes::pmaxsb);
    LANES.put("pminuw", PackedLanes::pminuw);
    LANES.put("pmaxuw", PackedLanes::pmaxuw);
    LANES.put("pminsw", PackedLanes::pminsw);
    LANES.put("pmaxsw", PackedLanes::pmaxsw);
    LANES.put("pminud", PackedLanes::pminud);
    LANES.put("pmaxud", PackedLanes::pmaxud);
    LANES.put("pminsd", PackedLanes::pminsd);
    LANES.put("pmaxsd", PackedLanes::pmaxsd);
    LANES.put("pcmpeqb", PackedLanes::pcmpeqb);
    LANES.put("pcmpeqw", PackedLanes::pcmpeqw);
    LANES.put("pcmpeqd", PackedLanes::pcmpeqd);
    LANES.put("pcmpeqq", PackedLanes::pcmpeqq);
    LANES.put("pcmpgtb", PackedLanes::pcmpgtb);
    LANES.put("pcmpgtw", PackedLanes::pcmpgtw);
    LANES.put("pcmpgtd", PackedLanes::pcmpgtd);
    LANES.put("pcmpgtq", PackedLanes::pcmpgtq);
    LANES.put("pmullw", PackedLanes::pmullw);
    LANES.put("pmulhw", PackedLanes::pmulhw);
    LANES.put("pmulhuw", PackedLanes::pmulhuw);
    LANES.put("pmulhrsw", PackedLanes::pmulhrsw);
    LANES.put("pmulld", PackedLanes::pmulld);
    LANES.put("pmuludq", PackedLanes::pmuludq);
    LANES.put("pmuldq", PackedLanes::pmuldq);
    LANES.put("pmaddwd", PackedLanes::pmaddwd);
    LANES.put("pmaddubsw", PackedLanes::pmaddubsw);
    LANES.put("psadbw", PackedLanes::psadbw);
    LANES.put("pabsb", PackedLanes::pabsb);
    LANES.put("pabsw", PackedLanes::pabsw);
    LANES.put("pabsd", PackedLanes::pabsd);
    LANES.put("psignb", PackedLanes::psignb);
    LANES.put("psignw", PackedLanes::psignw);
    LANES.put("psignd", PackedLanes::psignd);
  }

  /** What the nodes of one engine share. */
  private final SseStatus status = new SseStatus();
  private final StringCompare strings = new StringCompare();
  private final long[] z = new long[2];

  Node create(IntegerOperands operands) {
    Instruction insn = operands.insn();
    String mnemonic = insn.insn().mnemonic();
    Node moved = moves(operands, mnemonic);
    if (moved != null) {
      return moved;
    }
    Node special = specials(operands, mnemonic);
    if (special != null) {
      return special;
    }
    SseSource to = SseSource.of(operands, 0, true);
    SseSource from = insn.insn().operands().size() > 1 && !isImmediate(operands, 1) ? SseSource.of(operands, 1, true) : null;
    Lanes lanes = LANES.get(mnemonic);
    if (lanes != null) {
      boolean zero = mnemonic.equals("pxor") && !to.mmx() && from.register == to.register;
      return zero ? new SseIntegerNodes.Zero(to) : new SseIntegerNodes.ByWord(lanes, to.mmx(), to, from);
    }
    Node node = shifts(operands, mnemonic, to, from);
    if (node == null) {
      node = to.mmx() ? mmx(mnemonic, (int) insn.imm() & 0xFF, to, from) : permutes(mnemonic, (int) insn.imm() & 0xFF, to, from);
    }
    return node != null ? node : arithmetic(mnemonic, (int) insn.imm() & 0xFF, to, from);
  }

  private static boolean isImmediate(IntegerOperands operands, int number) {
    return operands.operand(number).kind() == org.xenolith.x64.isa.Operand.Kind.I;
  }

  private static @Nullable Node moves(IntegerOperands operands, String mnemonic) {
    Instruction insn = operands.insn();
    boolean load = operands.operand(0).access().writes() && switch (operands.operand(0).kind()) {
      case V, P -> true;
      default -> false;
    };
    switch (mnemonic) {
      case "movaps", "movapd", "movdqa", "movntps", "movntpd", "movntdq", "movntdqa" -> {
        return new SseMoveNodes.Whole(false, SseSource.of(operands, 0, true), SseSource.of(operands, 1, true));
      }
      case "movups", "movupd", "movdqu", "lddqu" -> {
        return new SseMoveNodes.Whole(false, SseSource.of(operands, 0, false), SseSource.of(operands, 1, false));
      }
      case "movntq" -> {
        return new SseMoveNodes.Whole(true, SseSource.of(operands, 0, false), SseSource.of(operands, 1, false));
      }
      case "movq" -> {
        boolean mmx = !insn.insn().is(Trait.SSE_STATE);
        SseSource to = SseSource.of(operands, 0, false);
        SseSource from = SseSource.of(operands, 1, false);
        return mmx ? new SseMoveNodes.Whole(true, to, from) : new SseMoveNodes.Low(8, to, from);
      }
      case "movsd", "movss" -> {
        SseSource to = SseSource.of(operands, 0, false);
        SseSource from = SseSource.of(operands, 1, false);
        int bytes = mnemonic.equals("movsd") ? 8 : 4;
        return insn.memory() ? new SseMoveNodes.Low(bytes, to, from) : new SseMoveNodes.Merge(bytes, to, from);
      }
      case "movd" -> {
        return load ? new SseMoveNodes.FromGeneral(operands.place(1), SseSource.of(operands, 0, false)) : new SseMoveNodes.ToGeneral(
            operands.place(0), SseSource
                .of(operands, 1, false));
      }
      case "movhps", "movhpd" -> {
        return new SseMoveNodes.Half(!load, load, SseSource.of(operands, 0, false), SseSource.of(operands, 1, false));
      }
      case "movlps", "movlpd" -> {
        return new SseMoveNodes.Half(false, false, SseSource.of(operands, 0, false), SseSource.of(operands, 1, false));
      }
      case "movhlps" -> {
        return new SseMoveNodes.Half(true, false, SseSource.of(operands, 0, false), SseSource.of(operands, 1, false));
      }
      case "movlhps" -> {
        return new SseMoveNodes.Half(false, true, SseSource.of(operands, 0, false), SseSource.of(operands, 1, false));
      }
      case "movdq2q", "movq2dq" -> {
        return new SseMoveNodes.Between(SseSource.of(operands, 0, false), SseSource.of(operands, 1, false));
      }
      case "movddup", "movsldup", "movshdup" -> {
        int kind = mnemonic.equals("movddup") ? 0 : mnemonic.equals("movsldup") ? 1 : 2;
        return new SseMoveNodes.Duplicate(kind, SseSource.of(operands, 0, true), SseSource.of(operands, 1, true));
      }
      default -> {
        return null;
      }
    }
  }

  private @Nullable Node specials(IntegerOperands operands, String mnemonic) {
    Instruction insn = operands.insn();
    int imm = (int) insn.imm() & 0xFF;
    return switch (mnemonic) {
      case "ldmxcsr" -> new SseFpNodes.ControlRegister(operands.address(), true);
      case "stmxcsr" -> new SseFpNodes.ControlRegister(operands.address(), false);
      case "pmovmskb" -> new SseIntegerNodes.Mask(operands.place(0), 8, SseSource.of(operands, 1, false));
      case "movmskps" -> new SseIntegerNodes.Mask(operands.place(0), 32, SseSource.of(operands, 1, false));
      case "movmskpd" -> new SseIntegerNodes.Mask(operands.place(0), 64, SseSource.of(operands, 1, false));
      case "pinsrb" -> new SseIntegerNodes.Insert(operands.place(1), 8, imm, SseSource.of(operands, 0, false));
      case "pinsrw" -> new SseIntegerNodes.Insert(operands.place(1), 16, imm, SseSource.of(operands, 0, false));
      case "pinsrd" -> new SseIntegerNodes.Insert(operands.place(1), operands.bits(1), imm, SseSource.of(operands, 0, false));
      case "pextrb" -> new SseIntegerNodes.Extract(operands.place(0), 8, imm, SseSource.of(operands, 1, false));
      case "pextrw" -> new SseIntegerNodes.Extract(operands.place(0), 16, imm, SseSource.of(operands, 1, false));
      case "pextrd", "extractps" -> new SseIntegerNodes.Extract(operands.place(0), mnemonic.equals("pextrd") ? operands.bits(0) : 32, imm,
          SseSource.of(operands, 1,
              false));
      case "maskmovdqu", "maskmovq" -> new SseIntegerNodes.MaskedStore(operands.at(7, OperandAddress.segment(insn, 3)), SseSource.of(
          operands,
          0, false), SseSource.of(
              operands, 1, false));
      case "pcmpestri", "pcmpestrm", "pcmpistri", "pcmpistrm" -> new SseStringNode(mnemonic, imm, insn.operandSize() == 64, strings,
          SseSource.of(operands, 0,
              false), SseSource.of(operands, 1, false));
      case "cvtsd2si", "cvttsd2si", "cvtss2si", "cvttss2si" -> new SseConvertNodes.ToInteger(operands.place(0), operands.bits(0), mnemonic
          .contains("sd2"), mnemonic
              .startsWith("cvtt"), status, SseSource.of(operands, 1, false));
      case "cvtsi2sd", "cvtsi2ss" -> new SseConvertNodes.FromInteger(operands.place(1), operands.bits(1), mnemonic.endsWith("sd"), status,
          SseSource.of(operands, 0,
              false));
      default -> null;
    };
  }

  private @Nullable Node shifts(IntegerOperands operands, String mnemonic, SseSource to, SseSource from) {
    int imm = (int) operands.insn().imm() & 0xFF;
    if (mnemonic.equals("pslldq") || mnemonic.equals("psrldq")) {
      return new SseIntegerNodes.ByteShift(mnemonic.equals("pslldq"), imm, z, to);
    }
    int kind = mnemonic.startsWith("psll") ? SseIntegerNodes.Shift.LEFT : mnemonic.startsWith("psrl") ? SseIntegerNodes.Shift.RIGHT
        : mnemonic.startsWith("psra")
            ? SseIntegerNodes.Shift.ARITHMETIC : -1;
    if (kind < 0) {
      return null;
    }
    int lane = switch (mnemonic.charAt(4)) {
      case 'w' -> 16;
      case 'd' -> 32;
      default -> 64;
    };
    return new SseIntegerNodes.Shift(kind, lane, imm, to.mmx(), to, from);
  }

  private static @Nullable Node mmx(String mnemonic, int imm, SseSource to, SseSource from) {
    Lanes lanes = switch (mnemonic) {
      case "punpcklbw" -> (a, b) -> PackedPermutes.unpack(a, b, 8, false);
      case "punpcklwd" -> (a, b) -> PackedPermutes.unpack(a, b, 16, false);
      case "punpckldq" -> (a, b) -> PackedPermutes.unpack(a, b, 32, false);
      case "punpckhbw" -> (a, b) -> PackedPermutes.unpack(a, b, 8, true);
      case "punpckhwd" -> (a, b) -> PackedPermutes.unpack(a, b, 16, true);
      case "punpckhdq" -> (a, b) -> PackedPermutes.unpack(a, b, 32, true);
      case "packsswb" -> (a, b) -> PackedPermutes.pack(a, 16, false) | PackedPermutes.pack(b, 16, false) << 32;
      case "packuswb" -> (a, b) -> PackedPermutes.pack(a, 16, true) | PackedPermutes.pack(b, 16, true) << 32;
      case "packssdw" -> (a, b) -> PackedPermutes.pack(a, 32, false) | PackedPermutes.pack(b, 32, false) << 32;
      case "pshufb" -> PackedPermutes::shuffleBytes;
      case "pshufw" -> (a, b) -> PackedPermutes.shuffleWords(b, imm);
      case "palignr" -> (a, b) -> PackedPermutes.align(a, b, imm);
      case "phaddw" -> (a, b) -> PackedPermutes.horizontal(a, b, 16, false, false);
      case "phaddd" -> (a, b) -> PackedPermutes.horizontal(a, b, 32, false, false);
      case "phaddsw" -> (a, b) -> PackedPermutes.horizontal(a, b, 16, false, true);
      case "phsubw" -> (a, b) -> PackedPermutes.horizontal(a, b, 16, true, false);
      case "phsubd" -> (a, b) -> PackedPermutes.horizontal(a, b, 32, true, false);
      case "phsubsw" -> (a, b) -> PackedPermutes.horizontal(a, b, 16, true, true);
      default -> null;
    };
    return lanes == null ? null : new SseIntegerNodes.ByWord(lanes, true, to, from);
  }

  private static Permute horizontal(int lane, boolean subtract, boolean saturate) {
    return (a0, a1, b0, b1, z) -> {
      z[0] = PackedPermutes.horizontal(a0, a1, lane, subtract, saturate);
      z[1] = PackedPermutes.horizontal(b0, b1, lane, subtract, saturate);
    };
  }

  private static Permute unpack(int lane, boolean high) {
    return (a0, a1, b0, b1, z) -> PackedPermutes.unpack(a0, a1, b0, b1, lane, high, z);
  }

  private static Permute pack(int lane, boolean unsigned) {
    return (a0, a1, b0, b1, z) -> {
      z[0] = PackedPermutes.pack(a0, lane, unsigned) | PackedPermutes.pack(a1, lane, unsigned) << 32;
      z[1] = PackedPermutes.pack(b0, lane, unsigned) | PackedPermutes.pack(b1, lane, unsigned) << 32;
    };
  }

  private static Permute extend(String mnemonic) {
    int from = width(mnemonic.charAt(6));
    int to = width(mnemonic.charAt(7));
    boolean signed = mnemonic.startsWith("pmovsx");
    return (a0, a1, b0, b1, z) -> PackedPermutes.extend(b0, from, to, signed, z);
  }

  private static int width(char letter) {
    return switch (letter) {
      case 'b' -> 8;
      case 'w' -> 16;
      case 'd' -> 32;
      default -> 64;
    };
  }

  private @Nullable Node permutes(String mnemonic, int imm, SseSource to, SseSource from) {
    switch (mnemonic) {
      case "ptest" -> {
        return new SseIntegerNodes.Test(to, from);
      }
      case "pblendvb" -> {
        return new SseIntegerNodes.BlendVariable(8, to, from);
      }
      case "blendvps" -> {
        return new SseIntegerNodes.BlendVariable(32, to, from);
      }
      case "blendvpd" -> {
        return new SseIntegerNodes.BlendVariable(64, to, from);
      }
      default -> {
        Permute permute = permute(mnemonic, imm, from);
        return permute == null ? null : new SseIntegerNodes.Whole(permute, z, to, from);
      }
    }
  }

  private static @Nullable Permute permute(String mnemonic, int imm, SseSource from) {
    return switch (mnemonic) {
      case "punpcklbw" -> unpack(8, false);
      case "punpcklwd" -> unpack(16, false);
      case "punpckldq", "unpcklps" -> unpack(32, false);
      case "punpcklqdq", "unpcklpd" -> unpack(64, false);
      case "punpckhbw" -> unpack(8, true);
      case "punpckhwd" -> unpack(16, true);
      case "punpckhdq", "unpckhps" -> unpack(32, true);
      case "punpckhqdq", "unpckhpd" -> unpack(64, true);
      case "packsswb" -> pack(16, false);
      case "packuswb" -> pack(16, true);
      case "packssdw" -> pack(32, false);
      case "packusdw" -> pack(32, true);
      case "pshufb" -> PackedPermutes::shuffleBytes;
      case "pshufd" -> (a0, a1, b0, b1, z) -> PackedPermutes.shuffleDoublewords(b0, b1, b0, b1, imm, z);
      case "shufps" -> (a0, a1, b0, b1, z) -> PackedPermutes.shuffleDoublewords(a0, a1, b0, b1, imm, z);
      case "pshuflw" -> (a0, a1, b0, b1, z) -> {
        z[0] = PackedPermutes.shuffleWords(b0, imm);
        z[1] = b1;
      };
      case "pshufhw" -> (a0, a1, b0, b1, z) -> {
        z[0] = b0;
        z[1] = PackedPermutes.shuffleWords(b1, imm);
      };
      case "shufpd" -> (a0, a1, b0, b1, z) -> {
        z[0] = (imm & 1) != 0 ? a1 : a0;
        z[1] = (imm & 2) != 0 ? b1 : b0;
      };
      case "palignr" -> (a0, a1, b0, b1, z) -> PackedPermutes.align(a0, a1, b0, b1, imm, z);
      case "pblendw" -> (a0, a1, b0, b1, z) -> PackedPermutes.blend(a0, a1, b0, b1, imm, 16, z);
      case "blendps" -> (a0, a1, b0, b1, z) -> PackedPermutes.blend(a0, a1, b0, b1, imm, 32, z);
      case "blendpd" -> (a0, a1, b0, b1, z) -> PackedPermutes.blend(a0, a1, b0, b1, imm, 64, z);
      case "phaddw" -> horizontal(16, false, false);
      case "phaddd" -> horizontal(32, false, false);
      case "phaddsw" -> horizontal(16, false, true);
      case "phsubw" -> horizontal(16, true, false);
      case "phsubd" -> horizontal(32, true, false);
      case "phsubsw" -> horizontal(16, true, true);
      case "phminposuw" -> (a0, a1, b0, b1, z) -> PackedPermutes.minimum(b0, b1, z);
      case "mpsadbw" -> (a0, a1, b0, b1, z) -> PackedPermutes.sums(a0, a1, b0, b1, imm, z);
      case "insertps" -> single(imm, from.register < 0);
      case "pclmulqdq" -> (a0, a1, b0, b1, z) -> {
        long a = (imm & 1) != 0 ? a1 : a0;
        long b = (imm & 0x10) != 0 ? b1 : b0;
        z[0] = CarrylessProduct.low(a, b);
        z[1] = CarrylessProduct.high(a, b);
      };
      case "aesenc" -> (a0, a1, b0, b1, z) -> AesRound.encrypt(a0, a1, b0, b1, false, z);
      case "aesenclast" -> (a0, a1, b0, b1, z) -> AesRound.encrypt(a0, a1, b0, b1, true, z);
      case "aesdec" -> (a0, a1, b0, b1, z) -> AesRound.decrypt(a0, a1, b0, b1, false, z);
      case "aesdeclast" -> (a0, a1, b0, b1, z) -> AesRound.decrypt(a0, a1, b0, b1, true, z);
      case "aesimc" -> (a0, a1, b0, b1, z) -> AesRound.inverseMix(b0, b1, z);
      case "aeskeygenassist" -> (a0, a1, b0, b1, z) -> AesRound.keyAssist(b0, b1, imm, z);
      default -> mnemonic.startsWith("pmovsx") || mnemonic.startsWith("pmovzx") ? extend(mnemonic) : null;
    };
  }

  /** INSERTPS: of a register the immediate names the single. */
  private static Permute single(int imm, boolean memory) {
    int number = memory ? 0 : imm >> 6 & 3;
    return (a0, a1, b0, b1, z) -> PackedPermutes.insertSingle(a0, a1, (number < 2 ? b0 : b1) >>> 32 * (number & 1), imm, z);
  }

  private Node arithmetic(String mnemonic, int imm, SseSource to, SseSource from) {
    switch (mnemonic) {
      case "comiss", "comisd" -> {
        return new SseFpNodes.Compare(mnemonic.endsWith("d"), false, status, to, from);
      }
      case "ucomiss", "ucomisd" -> {
        return new SseFpNodes.Compare(mnemonic.endsWith("d"), true, status, to, from);
      }
      case "addsubps", "addsubpd" -> {
        return new SseFpNodes.Mixed(mnemonic.endsWith("d"), false, false, status, to, from);
      }
      case "haddps", "haddpd" -> {
        return new SseFpNodes.Mixed(mnemonic.endsWith("d"), true, false, status, to, from);
      }
      case "hsubps", "hsubpd" -> {
        return new SseFpNodes.Mixed(mnemonic.endsWith("d"), true, true, status, to, from);
      }
      case "dpps", "dppd" -> {
        return new SseFpNodes.Dot(mnemonic.endsWith("d"), imm, status, to, from);
      }
      case "cvtsd2ss", "cvtss2sd" -> {
        return new SseConvertNodes.Scalar(mnemonic.endsWith("sd"), status, to, from);
      }
      default -> {
        return mnemonic.startsWith("cvt") ? new SseConvertNodes.Packed(mnemonic, to.mmx() || from.mmx(), status, to, from)
            : lanes(mnemonic, imm, to, from);
      }
    }
  }

  private @Nullable Node lanes(String mnemonic, int imm, SseSource to, SseSource from) {
    String name = mnemonic.substring(0, mnemonic.length() - 2);
    boolean scalar = mnemonic.charAt(mnemonic.length() - 2) == 's';
    if (mnemonic.endsWith("d")) {
      SseFpNodes.Double operation = switch (name) {
        case "cmp" -> (a, b, m, s) -> Sse64.cmp(a, b, imm & 7, m, s);
        case "round" -> (a, b, m, s) -> Sse64.round(b, imm, m, s);
        default -> DOUBLES.get(name);
      };
      return operation == null ? null : scalar ? new SseFpNodes.ScalarDouble(operation, status, to, from) : new SseFpNodes.PackedDouble(
          operation, status, to, from);
    }
    SseFpNodes.Single operation = switch (name) {
      case "cmp" -> (a, b, m, s) -> Sse32.cmp(a, b, imm & 7, m, s);
      case "round" -> (a, b, m, s) -> Sse32.round(b, imm, m, s);
      default -> SINGLES.get(name);
    };
    return operation == null ? null : scalar ? new SseFpNodes.ScalarSingle(operation, status, to, from) : new SseFpNodes.PackedSingle(
        operation, status, to, from);
  }
}
