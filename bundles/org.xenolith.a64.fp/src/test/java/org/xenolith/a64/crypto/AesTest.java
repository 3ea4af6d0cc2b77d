// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The examples of FIPS 197, run with the instructions. */
class AesTest {
  /** FIPS 197, appendix A.1: the expanded key of 2b7e1516 28aed2a6 abf71588 09cf4f3c, four words a round. */
  private static final String[] KEYS = {
      "2b7e151628aed2a6abf7158809cf4f3c", "a0fafe1788542cb123a339392a6c7605", "f2c295f27a96b9435935807a7359f67f",
      "3d80477d4716fe3e1e237e446d7a883b", "ef44a541a8525b7fb671253bdb0bad00", "d4d1c6f87c839d87caf2b8bc11f915bc",
      "6d88a37a110b3efddbf98641ca0093fd", "4e54f70e5f5fc9f384a64fb24ea6dc4f", "ead27321b58dbad2312bf5607f8d292f",
      "ac7766f319fadc2128d12941575c006e", "d014f9a8c9ee2589e13f0cc8b6630ca6"};
  private static final String PLAIN = "3243f6a8885a308d313198a2e0370734";      // appendix B
  private static final String CIPHER = "3925841d02dc09fbdc118597196a0b32";

  private static long half(String hex, int index) {
    return Long.reverseBytes(Long.parseUnsignedLong(hex.substring(index * 16, index * 16 + 16), 16));
  }

  private static String hex(long low, long high) {
    return String.format("%016x%016x", Long.reverseBytes(low), Long.reverseBytes(high));
  }

  @Test
  void encryptsTheStandardsExample() {
    long low = half(PLAIN, 0);
    long high = half(PLAIN, 1);
    for (int round = 0; round < 10; round++) {
      long l = low ^ half(KEYS[round], 0);
      long h = high ^ half(KEYS[round], 1);
      low = Aes.aese(l, h);
      high = Aes.aese(h, l);
      if (round == 0) {
        assertEquals("d4bf5d30e0b452aeb84111f11e2798e5", hex(low, high), "after ShiftRows of round 1");
      }
      if (round < 9) {
        low = Aes.aesmc(low);
        high = Aes.aesmc(high);
      }
    }
    assertEquals(CIPHER, hex(low ^ half(KEYS[10], 0), high ^ half(KEYS[10], 1)));
  }

  @Test
  void decryptsTheStandardsExample() {
    long low = half(CIPHER, 0);
    long high = half(CIPHER, 1);
    for (int round = 10; round > 0; round--) {     // the equivalent inverse cipher: inner keys go through InvMixColumns
      boolean inner = round < 10;
      long l = low ^ (inner ? Aes.aesimc(half(KEYS[round], 0)) : half(KEYS[round], 0));
      long h = high ^ (inner ? Aes.aesimc(half(KEYS[round], 1)) : half(KEYS[round], 1));
      low = Aes.aesd(l, h);
      high = Aes.aesd(h, l);
      if (round > 1) {
        low = Aes.aesimc(low);
        high = Aes.aesimc(high);
      }
    }
    assertEquals(PLAIN, hex(low ^ half(KEYS[0], 0), high ^ half(KEYS[0], 1)));
  }

  @Test
  void mixColumnsMultipliesByTheStandardsMatrix() {
    assertEquals("046681e5e0cb199a", hex(Aes.aesmc(half("d4bf5d30e0b452aeb84111f11e2798e5", 0)), 0).substring(0, 16));
    assertEquals("d4bf5d30e0b452ae", hex(Aes.aesimc(half("046681e5e0cb199a48f8d37a2806264c", 0)), 0).substring(0, 16));
  }
}
