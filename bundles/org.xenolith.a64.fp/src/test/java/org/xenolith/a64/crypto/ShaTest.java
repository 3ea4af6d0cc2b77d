// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** FIPS 180-4: whole digests computed by the instruction sequences that real code uses. */
class ShaTest {
  private static final byte[] ABC = "abc".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TWO_BLOCKS =
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".getBytes(StandardCharsets.US_ASCII);
  private static final int[] SHA1_K = {0x5A827999, 0x6ED9EBA1, 0x8F1BBCDC, 0xCA62C1D6};

  @Test
  void sha1OfTheStandardsMessages() {
    assertEquals("a9993e364706816aba3e25717850c26c9cd0d89d", sha1(ABC));
    assertEquals("84983e441c3bd26ebaae4aa1f95129e5e54670f1", sha1(TWO_BLOCKS));
  }

  @Test
  void sha256OfTheStandardsMessages() {
    assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", sha256(ABC));
    assertEquals("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1", sha256(TWO_BLOCKS));
  }

  @Test
  void digestsOfLongerMessagesEqualTheJdks() throws Exception {
    byte[] message = new byte[1000];
    for (int i = 0; i < message.length; i++) {
      message[i] = (byte) (i * 37 ^ i >> 3);
    }
    for (int length = 0; length <= message.length; length += 77) {
      byte[] part = Arrays.copyOf(message, length);
      assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(part)), sha1(part), "length " + length);
      assertEquals(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(part)), sha256(part), "length " + length);
    }
  }

  private static byte[] pad(byte[] message) {
    byte[] padded = Arrays.copyOf(message, (message.length + 72) / 64 * 64);
    padded[message.length] = (byte) 0x80;
    ByteBuffer.wrap(padded).putLong(padded.length - 8, message.length * 8L);
    return padded;
  }

  /** The message words, four to a register: registers i at [2i] and [2i + 1]. */
  private static long[] schedule(ByteBuffer block, int registers) {
    long[] w = new long[registers * 2];
    for (int i = 0; i < 8; i++) {
      w[i] = Words.pair(block.getInt(), block.getInt());
    }
    return w;
  }

  private static long[] add(long[] a, long[] b) {
    long[] sum = new long[a.length];
    for (int i = 0; i < a.length; i++) {
      sum[i] = Words.pair((int) a[i] + (int) b[i], Words.high(a[i]) + Words.high(b[i]));
    }
    return sum;
  }

  private static String sha1(byte[] message) {
    long[] abcd = {Words.pair(0x67452301, 0xEFCDAB89), Words.pair(0x98BADCFE, 0x10325476)};
    int e = 0xC3D2E1F0;
    ByteBuffer blocks = ByteBuffer.wrap(pad(message));
    while (blocks.hasRemaining()) {
      long[] w = schedule(blocks, 20);
      for (int i = 8; i < 40; i += 2) {
        Sha1.sha1su0(w[i - 8], w[i - 7], w[i - 6], w[i - 4], w[i - 3], w, i);
        Sha1.sha1su1(w[i], w[i + 1], w[i - 2], w[i - 1], w, i);
      }
      long[] before = abcd.clone();
      int eBefore = e;
      for (int i = 0; i < 20; i++) {
        int k = SHA1_K[i / 5];
        long[] wk = add(new long[] {w[2 * i], w[2 * i + 1]}, new long[] {Words.pair(k, k), Words.pair(k, k)});
        int next = Sha1.sha1h((int) abcd[0]);
        switch (i / 5) {
          case 0 -> Sha1.sha1c(abcd[0], abcd[1], e, wk[0], wk[1], abcd, 0);
          case 2 -> Sha1.sha1m(abcd[0], abcd[1], e, wk[0], wk[1], abcd, 0);
          default -> Sha1.sha1p(abcd[0], abcd[1], e, wk[0], wk[1], abcd, 0);
        }
        e = next;
      }
      abcd = add(abcd, before);
      e += eBefore;
    }
    return text(abcd) + String.format("%08x", e);
  }

  private static String sha256(byte[] message) {
    long[] abcd = {Words.pair(0x6A09E667, 0xBB67AE85), Words.pair(0x3C6EF372, 0xA54FF53A)};
    long[] efgh = {Words.pair(0x510E527F, 0x9B05688C), Words.pair(0x1F83D9AB, 0x5BE0CD19)};
    ByteBuffer blocks = ByteBuffer.wrap(pad(message));
    long[] k = constants();
    while (blocks.hasRemaining()) {
      long[] w = schedule(blocks, 16);
      for (int i = 8; i < 32; i += 2) {
        Sha256.sha256su0(w[i - 8], w[i - 7], w[i - 6], w[i - 5], w, i);
        Sha256.sha256su1(w[i], w[i + 1], w[i - 4], w[i - 3], w[i - 2], w[i - 1], w, i);
      }
      long[] abcdBefore = abcd.clone();
      long[] efghBefore = efgh.clone();
      for (int i = 0; i < 32; i += 2) {
        long[] wk = add(new long[] {w[i], w[i + 1]}, new long[] {k[i], k[i + 1]});
        long[] old = abcd.clone();
        Sha256.sha256h(abcd[0], abcd[1], efgh[0], efgh[1], wk[0], wk[1], abcd, 0);
        Sha256.sha256h2(efgh[0], efgh[1], old[0], old[1], wk[0], wk[1], efgh, 0);
      }
      abcd = add(abcd, abcdBefore);
      efgh = add(efgh, efghBefore);
    }
    return text(abcd) + text(efgh);
  }

  /** FIPS 180-4, 4.2.2: the first 32 bits of the fractions of the cube roots of the first 64 primes. */
  private static long[] constants() {
    long[] pairs = new long[32];
    int found = 0;
    for (int n = 2; found < 64; n++) {
      int candidate = n;
      if (java.util.stream.IntStream.range(2, n).allMatch(i -> candidate % i != 0)) {
        double root = Math.cbrt(n);
        int word = (int) (long) ((root - Math.floor(root)) * 0x1p32);
        pairs[found / 2] |= (word & 0xFFFF_FFFFL) << found % 2 * 32;
        found++;
      }
    }
    return pairs;
  }

  private static String text(long[] words) {
    return String.format("%08x%08x%08x%08x", (int) words[0], Words.high(words[0]), (int) words[1], Words.high(words[1]));
  }
}
