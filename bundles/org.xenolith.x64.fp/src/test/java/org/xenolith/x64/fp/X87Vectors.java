// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.fp;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Replays records of {@code x87-vectors.c}. As a program it reads them from standard input, any number. */
final class X87Vectors {
  private static final int CODES = X87Control.C3 | X87Control.C2 | X87Control.C1 | X87Control.C0;

  static final int OPERATIONS = 43;

  final List<String> wrong = new ArrayList<>();
  final long[] perOperation = new long[OPERATIONS];
  final long[] wrongs = new long[OPERATIONS];
  /** Approximations that were equal, and those that differed by one in the last place. */
  final long[] equal = new long[OPERATIONS];
  final long[] adjacent = new long[OPERATIONS];
  long count;
  long unmasked;

  public static void main(String[] args) throws IOException {
    var vectors = new X87Vectors();
    vectors.replay(System.in);
    vectors.wrong.forEach(System.out::println);
    System.out.println(vectors.count + " records, " + vectors.unmasked + " unmasked, wrong by operation: " + java.util.Arrays.toString(
        vectors.wrongs));
    for (int op = 26; op <= 33; op++) {
      System.out.println("operation " + op + ": " + vectors.equal[op] + " equal, " + vectors.adjacent[op] + " differ by one");
    }
  }

  void replay(InputStream stream) throws IOException {
    var in = new DataInputStream(new BufferedInputStream(stream, 1 << 16));
    byte[] bytes = new byte[46];
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var r = new X87Result();
    while (in.readNBytes(bytes, 0, 46) == 46) {
      count++;
      perOperation[bytes[0]]++;
      check(record, r);
    }
  }

  private static int se(ByteBuffer record, int at) {
    return record.getShort(at + 8) & 0xFFFF;
  }

  private void check(ByteBuffer v, X87Result r) {
    int op = v.get(0);
    int cw = v.getShort(2) & 0xFFFF;
    int sw = v.getShort(4) & 0xFFFF;
    int a = se(v, 6);
    long sigA = v.getLong(6);
    int b = se(v, 16);
    long sigB = v.getLong(16);
    r.set(0, 0);
    run(op, a, sigA, b, sigB, cw, r);
    boolean stores = op >= 15 && op <= 23;
    boolean writes = stores ? X87Control.writesMemory(cw, r.flags) : X87Control.writesRegister(cw, r.flags);
    boolean reduces = op == 29 || op >= 31 && op <= 33;
    int codes = op == 5 || op == 6 || op >= 10 && op <= 12 ? CODES : reduces ? X87Control.C2 | X87Control.C1 : X87Control.C1;
    if ((r.flags & ~cw & Mxcsr.FLAGS) != 0) {
      unmasked++;
    }
    if (!writes && op != 10 && op != 11) {
      codes = 0;
    }
    if (op == 15 && writes) {
      r.set(0, r.integer & 0xFFFF_FFFFL);
    } else if (op >= 16 && op <= 22) {
      long mask = op == 17 || op == 20 ? 0xFFFF : op == 18 || op == 21 ? 0xFFFF_FFFFL : -1L;
      r.set(0, r.integer & mask);
    }
    boolean approximates = op >= 26 && op <= 33 && (sw & Mxcsr.PE) != 0;
    // Nothing pushed: the upper of the two is the operand.
    boolean two = op == 29 || op == 33;
    int at = two && (r.flags & X87Control.C2) != 0 ? 36 : 26;
    boolean same = op >= 10 && op <= 12 || !writes || isAlike(approximates, op, v, at, r.signExponent, r.significand);
    boolean pushes = op == 9 || two && at == 26;
    if (pushes && writes) {
      same &= isAlike(approximates, op, v, 36, r.pushedSignExponent, r.pushedSignificand);
    }
    if (approximates) {
      codes &= ~X87Control.C1;
    }
    int flags = Mxcsr.FLAGS;
    if (approximates) {
      // At the ends of the range one in the last place decides about UE or OE, and an unmasked UE scales what is tiny.
      boolean leastNormal = isLeastNormal(se(v, at), v.getLong(at));
      flags &= leastNormal || isLeastNormal(r.signExponent, r.significand) ? ~Mxcsr.UE : -1;
      flags &= (se(v, at) & Extended.TOP) == Extended.TOP - 1 && v.getLong(at) == -1 ? ~Mxcsr.OE : -1;
      same |= leastNormal && (r.signExponent ^ se(v, at)) == 0x6001 && r.significand == -1;
    }
    if (!same || ((r.flags ^ sw) & (flags | codes)) != 0) {
      if (wrongs[op]++ < 6) {
        wrong.add(String.format("op %d cw %x: %x:%x %x:%x gave %x:%x flags %x, not %x:%x flags %x", op, cw, a, sigA, b, sigB,
            r.signExponent, r.significand, r.flags, se(v, 26), v.getLong(26), sw & (Mxcsr.FLAGS | CODES)));
      }
    }
  }

  /** Equal, or next to each other if the processor approximated; its results are within 1 ulp (SDM vol. 1, 8.3.10). */
  private boolean isAlike(boolean approximates, int op, ByteBuffer v, int at, int signExponent, long significand) {
    if (significand == v.getLong(at) && signExponent == se(v, at)) {
      if (approximates) {
        equal[op]++;
      }
      return true;
    }
    if (approximates && X87Ulp.distance(signExponent, significand, se(v, at), v.getLong(at)) == 1) {
      adjacent[op]++;
      return true;
    }
    return false;
  }

  private static boolean isLeastNormal(int signExponent, long significand) {
    return (signExponent & Extended.TOP) == 1 && significand == Long.MIN_VALUE;
  }

  static void run(int op, int a, long sigA, int b, long sigB, int cw, X87Result r) {
    switch (op) {
      case 0 -> X87Arithmetic.add(a, sigA, b, sigB, cw, r);
      case 1 -> X87Arithmetic.sub(a, sigA, b, sigB, cw, r);
      case 2 -> X87Arithmetic.mul(a, sigA, b, sigB, cw, r);
      case 3 -> X87Arithmetic.div(a, sigA, b, sigB, cw, r);
      case 4 -> X87Arithmetic.sqrt(a, sigA, cw, r);
      case 5 -> X87Remainder.truncating(a, sigA, b, sigB, cw, r);
      case 6 -> X87Remainder.nearest(a, sigA, b, sigB, cw, r);
      case 7 -> X87Remainder.scale(a, sigA, b, sigB, cw, r);
      case 8 -> X87Remainder.integral(a, sigA, cw, r);
      case 9 -> X87Remainder.extract(a, sigA, cw, r);
      case 10 -> X87Arithmetic.compare(a, sigA, b, sigB, cw, r);
      case 11 -> X87Arithmetic.compareQuietly(a, sigA, b, sigB, cw, r);
      case 12 -> r.flags = X87Arithmetic.examine(a, sigA, false);
      case 13 -> X87Convert.fromSingle((int) sigA, cw, r);
      case 14 -> X87Convert.fromDouble(sigA, cw, r);
      case 15 -> X87Convert.toSingle(a, sigA, cw, r);
      case 16 -> X87Convert.toDouble(a, sigA, cw, r);
      case 17 -> X87Convert.toInteger(a, sigA, 16, cw, r);
      case 18 -> X87Convert.toInteger(a, sigA, 32, cw, r);
      case 19 -> X87Convert.toInteger(a, sigA, 64, cw, r);
      case 20 -> X87Convert.truncate(a, sigA, 16, r);
      case 21 -> X87Convert.truncate(a, sigA, 32, r);
      case 22 -> X87Convert.truncate(a, sigA, 64, r);
      case 23 -> X87Convert.toDecimal(a, sigA, cw, r);
      case 24 -> X87Convert.fromDecimal(a, sigA, r);
      case 25 -> X87Convert.fromInteger(sigA, r);
      case 26 -> X87Logarithm.powerMinusOne(a, sigA, cw, r);
      case 27 -> X87Logarithm.logarithm(a, sigA, b, sigB, cw, r);
      case 28 -> X87Logarithm.logarithmPlusOne(a, sigA, b, sigB, cw, r);
      case 29 -> X87Trigonometric.tangent(a, sigA, cw, r);
      case 30 -> X87Trigonometric.arcTangent(a, sigA, b, sigB, cw, r);
      case 31 -> X87Trigonometric.sine(a, sigA, cw, r);
      case 32 -> X87Trigonometric.cosine(a, sigA, cw, r);
      case 33 -> X87Trigonometric.sineAndCosine(a, sigA, cw, r);
      case 34 -> X87Constant.ONE.load(cw, r);
      case 35 -> X87Constant.LOG2_10.load(cw, r);
      case 36 -> X87Constant.LOG2_E.load(cw, r);
      case 37 -> X87Constant.PI.load(cw, r);
      case 38 -> X87Constant.LOG10_2.load(cw, r);
      case 39 -> X87Constant.LN2.load(cw, r);
      case 40 -> X87Constant.ZERO.load(cw, r);
      case 41 -> X87Arithmetic.abs(a, sigA, r);
      case 42 -> X87Arithmetic.changeSign(a, sigA, r);
      default -> throw new IllegalArgumentException("x87-vectors.c has no operation " + op + ": add it here, too");
    }
  }
}
