// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.user;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads and writes the fields of headers, most significant byte first, and makes checksums (RFC 1071). */
final class HeaderFields {
  private static final VarHandle SHORTS = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private HeaderFields() {}

  static int octet(byte[] bytes, int at) {
    return bytes[at] & 0xFF;
  }

  static int half(byte[] bytes, int at) {
    return (short) SHORTS.get(bytes, at) & 0xFFFF;
  }

  static void half(byte[] bytes, int at, int value) {
    SHORTS.set(bytes, at, (short) value);
  }

  static int word(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  static void word(byte[] bytes, int at, int value) {
    INTS.set(bytes, at, value);
  }

  static long doubleWord(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  static void doubleWord(byte[] bytes, int at, long value) {
    LONGS.set(bytes, at, value);
  }

  /** The station address of 6 bytes there. */
  static long station(byte[] bytes, int at) {
    return (long) half(bytes, at) << 32 | word(bytes, at + 2) & 0xFFFF_FFFFL;
  }

  static void station(byte[] bytes, int at, long station) {
    half(bytes, at, (int) (station >>> 32));
    word(bytes, at + 2, (int) station);
  }

  /** The sum in ones' complement of bytes, in 16 bits, on top of an earlier sum; to be complemented by who writes it. */
  static int sum(byte[] bytes, int from, int to, int start) {
    long sum = start & 0xFFFF_FFFFL;
    int at = from;
    // Two halves of 32 bits at a time: what they carry stays in 64 bits for any packet.
    for (; at + 8 <= to; at += 8) {
      long value = (long) LONGS.get(bytes, at);
      sum += (value >>> 32) + (value & 0xFFFF_FFFFL);
    }
    for (; at + 2 <= to; at += 2) {
      sum += half(bytes, at);
    }
    if (at < to) {
      sum += octet(bytes, at) << 8;
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xFFFF) + (sum >>> 16);
    }
    return (int) sum;
  }

  /** The sum of the pseudo header of TCP, UDP and ICMPv6 (RFC 9293 3.1, RFC 8200 8.1). */
  static int pseudoSum(InternetAddress from, InternetAddress to, int protocol, int length) {
    long sum = (long) protocol + (length >>> 16) + (length & 0xFFFF) + halves(from) + halves(to);
    while (sum >>> 16 != 0) {
      sum = (sum & 0xFFFF) + (sum >>> 16);
    }
    return (int) sum;
  }

  private static long halves(InternetAddress address) {
    if (address.isFour()) {
      return (address.word() >>> 16) + (address.word() & 0xFFFF);
    }
    return halves(address.high()) + halves(address.low());
  }

  private static long halves(long value) {
    return (value >>> 48) + (value >>> 32 & 0xFFFF) + (value >>> 16 & 0xFFFF) + (value & 0xFFFF);
  }
}
