// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.crypto;

/** Two words as one long. */
final class Words {
  private Words() {}

  static long pair(int low, int high) {
    return low & 0xFFFF_FFFFL | (long) high << 32;
  }

  static int high(long x) {
    return (int) (x >>> 32);
  }
}
