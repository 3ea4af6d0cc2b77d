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

/** Replays records of {@code sse-vectors.c}. As a program it reads them from standard input, any number. */
final class SseVectors {
  private static final int[] IMMEDIATES = {0, 1, 2, 3, 4, 8, 9, 10, 11, 12};

  final List<String> wrong = new ArrayList<>();
  final long[] perOperation = new long[80];
  long count;
  long unmasked;

  public static void main(String[] args) throws IOException {
    var vectors = new SseVectors();
    vectors.replay(System.in);
    vectors.wrong.forEach(System.out::println);
    System.out.println(vectors.count + " records, " + vectors.unmasked + " unmasked, " + vectors.wrong.size() + " (at most 50) wrong");
  }

  void replay(InputStream stream) throws IOException {
    var in = new DataInputStream(new BufferedInputStream(stream, 1 << 16));
    byte[] bytes = new byte[28];
    ByteBuffer record = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    var status = new SseStatus();
    while (in.readNBytes(bytes, 0, 28) == 28 && wrong.size() < 50) {
      int op = bytes[0];
      int mxcsr = record.getShort(2) & 0xFFFF;
      count++;
      perOperation[op]++;
      for (int before : (mxcsr & Mxcsr.MASKS) == Mxcsr.MASKS ? new int[] {0, Mxcsr.PE} : new int[1]) {
        check(op, mxcsr, record.getLong(4), record.getLong(12), record.getLong(20), bytes[1], before, status);
      }
    }
  }

  private void check(int op, int mxcsr, long a, long b, long result, int flags, int before, SseStatus status) {
    status.flags = before;
    long got = op < 40 ? run64(op, a, b, mxcsr, status) : run32(op - 40, a, b, mxcsr, status);
    if (op == 17 || op >= 40 && op != 57 && (op < 47 || op >= 49) && (op < 58 || op >= 62)) {
      got &= 0xFFFF_FFFFL;
    }
    boolean stops = Mxcsr.unmasked(mxcsr, status.flags) != 0;
    if (stops) {
      unmasked++;
    }
    int left = Mxcsr.settled(mxcsr, status.flags);
    if (!stops && got != result || left != (flags | before)) {
      wrong.add(String.format("op %d mxcsr %x: %x %x gave %x flags %x, not %x flags %x", op, mxcsr, a, b, got, left, result, flags));
    }
  }

  private static long run64(int op, long a, long b, int mxcsr, SseStatus s) {
    return switch (op) {
      case 0 -> Sse64.add(a, b, mxcsr, s);
      case 1 -> Sse64.sub(a, b, mxcsr, s);
      case 2 -> Sse64.mul(a, b, mxcsr, s);
      case 3 -> Sse64.div(a, b, mxcsr, s);
      case 4 -> Sse64.sqrt(a, mxcsr, s);
      case 5 -> Sse64.min(a, b, mxcsr, s);
      case 6 -> Sse64.max(a, b, mxcsr, s);
      case 7 -> Sse64.ucomi(a, b, mxcsr, s);
      case 8 -> Sse64.comi(a, b, mxcsr, s);
      case 9, 10, 11, 12, 13, 14, 15, 16 -> Sse64.cmp(a, b, op - 9, mxcsr, s);
      case 17 -> Sse64.toSingle(a, mxcsr, s);
      case 18 -> Sse64.toInteger(a, 32, mxcsr, s);
      case 19 -> Sse64.truncate(a, 32, mxcsr, s);
      case 20 -> Sse64.toInteger(a, 64, mxcsr, s);
      case 21 -> Sse64.truncate(a, 64, mxcsr, s);
      case 22, 23 -> Sse64.fromInteger(a, mxcsr, s);
      default -> Sse64.round(a, IMMEDIATES[op - 24], mxcsr, s);
    };
  }

  private static long run32(int op, long wideA, long wideB, int mxcsr, SseStatus s) {
    int a = (int) wideA;
    int b = (int) wideB;
    return switch (op) {
      case 0 -> Sse32.add(a, b, mxcsr, s);
      case 1 -> Sse32.sub(a, b, mxcsr, s);
      case 2 -> Sse32.mul(a, b, mxcsr, s);
      case 3 -> Sse32.div(a, b, mxcsr, s);
      case 4 -> Sse32.sqrt(a, mxcsr, s);
      case 5 -> Sse32.min(a, b, mxcsr, s);
      case 6 -> Sse32.max(a, b, mxcsr, s);
      case 7 -> Sse32.ucomi(a, b, mxcsr, s);
      case 8 -> Sse32.comi(a, b, mxcsr, s);
      case 9, 10, 11, 12, 13, 14, 15, 16 -> Sse32.cmp(a, b, op - 9, mxcsr, s);
      case 17 -> Sse32.toDouble(a, mxcsr, s);
      case 18 -> Sse32.toInteger(a, 32, mxcsr, s);
      case 19 -> Sse32.truncate(a, 32, mxcsr, s);
      case 20 -> Sse32.toInteger(a, 64, mxcsr, s);
      case 21 -> Sse32.truncate(a, 64, mxcsr, s);
      case 22, 23 -> Sse32.fromInteger(wideA, mxcsr, s);
      default -> Sse32.round(a, IMMEDIATES[op - 24], mxcsr, s);
    };
  }
}
