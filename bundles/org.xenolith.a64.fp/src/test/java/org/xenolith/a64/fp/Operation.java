// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An instruction and the method that computes it, so that both can be run on the same operands.
 *
 * @param text the instruction: sources are v0 to v2, or x10/w10; the result goes to v3, x3/w3, or NZCV
 * @param sources bits of each source operand; 0 ends the list
 * @param integer whether the source is an integer
 * @param result bits of the result; 4 is NZCV
 * @param method what is under test
 */
record Operation(String text, int[] sources, boolean integer, int result, Method method) {
  interface Method {
    long run(long a, long b, long c, int fpcr, FpStatus status);
  }

  interface Long1 { long run(long a, int fpcr, FpStatus s); }
  interface Long2 { long run(long a, long b, int fpcr, FpStatus s); }
  interface Long3 { long run(long a, long b, long c, int fpcr, FpStatus s); }
  interface Int1 { int run(int a, int fpcr, FpStatus s); }
  interface Int2 { int run(int a, int b, int fpcr, FpStatus s); }
  interface Int3 { int run(int a, int b, int c, int fpcr, FpStatus s); }

  /** Every instruction of this bundle, by its text. */
  static Map<String, Operation> all() {
    var list = new ArrayList<Operation>();
    two(list, "fadd", Fp64::add, Fp32::add, Fp16::add);
    two(list, "fsub", Fp64::sub, Fp32::sub, Fp16::sub);
    two(list, "fabd", Fp64::abd, Fp32::abd, Fp16::abd);
    two(list, "fmul", Fp64::mul, Fp32::mul, Fp16::mul);
    two(list, "fmulx", Fp64::mulx, Fp32::mulx, Fp16::mulx);
    two(list, "fnmul", Fp64::nmul, Fp32::nmul, Fp16::nmul);
    two(list, "fdiv", Fp64::div, Fp32::div, Fp16::div);
    two(list, "frecps", Fp64::recps, Fp32::recps, Fp16::recps);
    two(list, "frsqrts", Fp64::rsqrts, Fp32::rsqrts, Fp16::rsqrts);
    two(list, "fmax", Fp64::max, Fp32::max, Fp16::max);
    two(list, "fmin", Fp64::min, Fp32::min, Fp16::min);
    two(list, "fmaxnm", Fp64::maxnm, Fp32::maxnm, Fp16::maxnm);
    two(list, "fminnm", Fp64::minnm, Fp32::minnm, Fp16::minnm);
    two(list, "fcmeq", Fp64::cmeq, Fp32::cmeq, Fp16::cmeq);
    two(list, "fcmge", Fp64::cmge, Fp32::cmge, Fp16::cmge);
    two(list, "fcmgt", Fp64::cmgt, Fp32::cmgt, Fp16::cmgt);
    two(list, "facge", Fp64::acge, Fp32::acge, Fp16::acge);
    two(list, "facgt", Fp64::acgt, Fp32::acgt, Fp16::acgt);
    three(list, "fmadd", Fp64::madd, Fp32::madd, Fp16::madd);
    three(list, "fmsub", Fp64::msub, Fp32::msub, Fp16::msub);
    three(list, "fnmadd", Fp64::nmadd, Fp32::nmadd, Fp16::nmadd);
    three(list, "fnmsub", Fp64::nmsub, Fp32::nmsub, Fp16::nmsub);
    one(list, "fsqrt", Fp64::sqrt, Fp32::sqrt, Fp16::sqrt);
    one(list, "frecpe", Fp64::recpe, Fp32::recpe, Fp16::recpe);
    one(list, "frsqrte", Fp64::rsqrte, Fp32::rsqrte, Fp16::rsqrte);
    one(list, "frecpx", Fp64::recpx, Fp32::recpx, Fp16::recpx);
    one(list, "frinti", Fp64::rinti, Fp32::rinti, Fp16::rinti);
    one(list, "frintx", Fp64::rintx, Fp32::rintx, Fp16::rintx);
    one(list, "fabs", (a, f, s) -> Fp64.abs(a), (a, f, s) -> Fp32.abs(a), (a, f, s) -> Fp16.abs(a));
    one(list, "fneg", (a, f, s) -> Fp64.neg(a), (a, f, s) -> Fp32.neg(a), (a, f, s) -> Fp16.neg(a));
    int[] modes = {Rounding.TIE_EVEN, Rounding.PLUS, Rounding.MINUS, Rounding.ZERO, Rounding.TIE_AWAY};
    for (int mode : modes) {
      one(list, "frint" + "npmza".charAt(mode), (a, f, s) -> Fp64.rint(a, mode, f, s),
          (a, f, s) -> Fp32.rint(a, mode, f, s), (a, f, s) -> Fp16.rint(a, mode, f, s));
    }
    compare(list);
    for (int mode : modes) {
      toInteger(list, mode);
    }
    fixed(list);
    fromInteger(list);
    convert(list);
    var byText = new LinkedHashMap<String, Operation>();
    list.forEach(o -> byText.put(o.text, o));
    return byText;
  }

  private static void one(List<Operation> list, String name, Long1 d, Int1 s, Int1 h) {
    list.add(of(name + " d3, d0", 1, 64, (a, b, c, f, st) -> d.run(a, f, st)));
    list.add(of(name + " s3, s0", 1, 32, (a, b, c, f, st) -> s.run((int) a, f, st)));
    list.add(of(name + " h3, h0", 1, 16, (a, b, c, f, st) -> h.run((int) a, f, st)));
  }

  private static void two(List<Operation> list, String name, Long2 d, Int2 s, Int2 h) {
    list.add(of(name + " d3, d0, d1", 2, 64, (a, b, c, f, st) -> d.run(a, b, f, st)));
    list.add(of(name + " s3, s0, s1", 2, 32, (a, b, c, f, st) -> s.run((int) a, (int) b, f, st)));
    list.add(of(name + " h3, h0, h1", 2, 16, (a, b, c, f, st) -> h.run((int) a, (int) b, f, st)));
  }

  private static void three(List<Operation> list, String name, Long3 d, Int3 s, Int3 h) {
    list.add(of(name + " d3, d0, d1, d2", 3, 64, d::run));
    list.add(of(name + " s3, s0, s1, s2", 3, 32, (a, b, c, f, st) -> s.run((int) a, (int) b, (int) c, f, st)));
    list.add(of(name + " h3, h0, h1, h2", 3, 16, (a, b, c, f, st) -> h.run((int) a, (int) b, (int) c, f, st)));
  }

  private static Operation of(String text, int count, int width, Method method) {
    return new Operation(text, new int[] {width, count > 1 ? width : 0, count > 2 ? width : 0}, false, width, method);
  }

  private static void compare(List<Operation> list) {
    flags(list, "fcmp d0, d1", 64, (a, b, c, f, s) -> Fp64.cmp(a, b, f, s));
    flags(list, "fcmpe d0, d1", 64, (a, b, c, f, s) -> Fp64.cmpe(a, b, f, s));
    flags(list, "fcmp s0, s1", 32, (a, b, c, f, s) -> Fp32.cmp((int) a, (int) b, f, s));
    flags(list, "fcmpe s0, s1", 32, (a, b, c, f, s) -> Fp32.cmpe((int) a, (int) b, f, s));
    flags(list, "fcmp h0, h1", 16, (a, b, c, f, s) -> Fp16.cmp((int) a, (int) b, f, s));
    flags(list, "fcmpe h0, h1", 16, (a, b, c, f, s) -> Fp16.cmpe((int) a, (int) b, f, s));
  }

  private static void flags(List<Operation> list, String text, int width, Method method) {
    list.add(new Operation(text, new int[] {width, width, 0}, false, 4, method));
  }

  private static void toInteger(List<Operation> list, int mode) {
    String name = "fcvt" + "npmza".charAt(mode);
    for (int width : new int[] {32, 64}) {
      String to = (width == 32 ? " w3, " : " x3, ");
      signed(list, name + "s" + to, width, 0, mode, "");
      unsigned(list, name + "u" + to, width, 0, mode, "");
    }
    list.add(new Operation(name + "s h3, h0", new int[] {16, 0, 0}, false, 16,
        (a, b, c, f, s) -> Fp16.toSigned((int) a, 16, 0, mode, f, s)));
    list.add(new Operation(name + "u h3, h0", new int[] {16, 0, 0}, false, 16,
        (a, b, c, f, s) -> Fp16.toUnsigned((int) a, 16, 0, mode, f, s)));
  }

  private static void signed(List<Operation> list, String start, int width, int fbits, int mode, String end) {
    list.add(new Operation(start + "d0" + end, new int[] {64, 0, 0}, false, width,
        (a, b, c, f, s) -> Fp64.toSigned(a, width, fbits, mode, f, s)));
    list.add(new Operation(start + "s0" + end, new int[] {32, 0, 0}, false, width,
        (a, b, c, f, s) -> Fp32.toSigned((int) a, width, fbits, mode, f, s)));
    list.add(new Operation(start + "h0" + end, new int[] {16, 0, 0}, false, width,
        (a, b, c, f, s) -> Fp16.toSigned((int) a, width, fbits, mode, f, s)));
  }

  private static void unsigned(List<Operation> list, String start, int width, int fbits, int mode, String end) {
    list.add(new Operation(start + "d0" + end, new int[] {64, 0, 0}, false, width,
        (a, b, c, f, s) -> Fp64.toUnsigned(a, width, fbits, mode, f, s)));
    list.add(new Operation(start + "s0" + end, new int[] {32, 0, 0}, false, width,
        (a, b, c, f, s) -> Fp32.toUnsigned((int) a, width, fbits, mode, f, s)));
    list.add(new Operation(start + "h0" + end, new int[] {16, 0, 0}, false, width,
        (a, b, c, f, s) -> Fp16.toUnsigned((int) a, width, fbits, mode, f, s)));
  }

  private static void fixed(List<Operation> list) {
    for (int fbits : new int[] {1, 16, 31, 32}) {
      signed(list, "fcvtzs w3, ", 32, fbits, Rounding.ZERO, ", #" + fbits);
      unsigned(list, "fcvtzu w3, ", 32, fbits, Rounding.ZERO, ", #" + fbits);
    }
    for (int fbits : new int[] {1, 33, 63, 64}) {
      signed(list, "fcvtzs x3, ", 64, fbits, Rounding.ZERO, ", #" + fbits);
      unsigned(list, "fcvtzu x3, ", 64, fbits, Rounding.ZERO, ", #" + fbits);
    }
  }

  private static void fromInteger(List<Operation> list) {
    for (int fbits : new int[] {0, 1, 16, 32}) {
      String end = fbits == 0 ? "" : ", #" + fbits;
      from(list, "scvtf d3, w10" + end, 32, 64, (a, b, c, f, s) -> Fp64.fromSigned((int) a, fbits, f, s));
      from(list, "scvtf s3, w10" + end, 32, 32, (a, b, c, f, s) -> Fp32.fromSigned((int) a, fbits, f, s));
      from(list, "scvtf h3, w10" + end, 32, 16, (a, b, c, f, s) -> Fp16.fromSigned((int) a, fbits, f, s));
      from(list, "ucvtf d3, w10" + end, 32, 64, (a, b, c, f, s) -> Fp64.fromUnsigned(a, fbits, f, s));
      from(list, "ucvtf s3, w10" + end, 32, 32, (a, b, c, f, s) -> Fp32.fromUnsigned(a, fbits, f, s));
      from(list, "ucvtf h3, w10" + end, 32, 16, (a, b, c, f, s) -> Fp16.fromUnsigned(a, fbits, f, s));
    }
    for (int fbits : new int[] {0, 1, 33, 64}) {
      String end = fbits == 0 ? "" : ", #" + fbits;
      from(list, "scvtf d3, x10" + end, 64, 64, (a, b, c, f, s) -> Fp64.fromSigned(a, fbits, f, s));
      from(list, "scvtf s3, x10" + end, 64, 32, (a, b, c, f, s) -> Fp32.fromSigned(a, fbits, f, s));
      from(list, "scvtf h3, x10" + end, 64, 16, (a, b, c, f, s) -> Fp16.fromSigned(a, fbits, f, s));
      from(list, "ucvtf d3, x10" + end, 64, 64, (a, b, c, f, s) -> Fp64.fromUnsigned(a, fbits, f, s));
      from(list, "ucvtf s3, x10" + end, 64, 32, (a, b, c, f, s) -> Fp32.fromUnsigned(a, fbits, f, s));
      from(list, "ucvtf h3, x10" + end, 64, 16, (a, b, c, f, s) -> Fp16.fromUnsigned(a, fbits, f, s));
    }
    from(list, "urecpe v3.2s, v0.2s", 32, 32, (a, b, c, f, s) -> FpEstimate.urecpe((int) a));
    from(list, "ursqrte v3.2s, v0.2s", 32, 32, (a, b, c, f, s) -> FpEstimate.ursqrte((int) a));
  }

  private static void from(List<Operation> list, String text, int source, int result, Method method) {
    list.add(new Operation(text, new int[] {source, 0, 0}, true, result, method));
  }

  private static void convert(List<Operation> list) {
    convert(list, "fcvt d3, s0", 32, 64, (a, b, c, f, s) -> FpConvert.singleToDouble((int) a, f, s));
    convert(list, "fcvt s3, d0", 64, 32, (a, b, c, f, s) -> FpConvert.doubleToSingle(a, f, s));
    convert(list, "fcvtxn s3, d0", 64, 32, (a, b, c, f, s) -> FpConvert.doubleToSingleOdd(a, f, s));
    convert(list, "fcvt s3, h0", 16, 32, (a, b, c, f, s) -> FpConvert.halfToSingle((int) a, f, s));
    convert(list, "fcvt d3, h0", 16, 64, (a, b, c, f, s) -> FpConvert.halfToDouble((int) a, f, s));
    convert(list, "fcvt h3, s0", 32, 16, (a, b, c, f, s) -> FpConvert.singleToHalf((int) a, f, s));
    convert(list, "fcvt h3, d0", 64, 16, (a, b, c, f, s) -> FpConvert.doubleToHalf(a, f, s));
  }

  private static void convert(List<Operation> list, String text, int source, int result, Method method) {
    list.add(new Operation(text, new int[] {source, 0, 0}, false, result, method));
  }

  /** The result with everything above its width cleared, and the flags raised, as {@code {result, fpsr}}. */
  long[] run(long a, long b, long c, int fpcr, int fpsr) {
    var status = new FpStatus();
    status.fpsr = fpsr;
    long r = method.run(a, b, c, fpcr, status);
    return new long[] {result == 64 ? r : r & (1L << result) - 1, status.fpsr};
  }

  @Override
  public String toString() {
    return text;
  }
}
