// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

import static org.xenolith.a64.isa.Fields.q;
import static org.xenolith.a64.isa.Fields.rd;
import static org.xenolith.a64.isa.Fields.rm;
import static org.xenolith.a64.isa.Fields.rn;

import org.xenolith.a64.crypto.Aes;
import org.xenolith.a64.crypto.Polynomial;
import org.xenolith.a64.crypto.Sha1;
import org.xenolith.a64.crypto.Sha256;
import org.xenolith.a64.isa.Insn;

/** AES, SHA-1, SHA-256 and the 64-bit polynomial product. */
final class CryptoOperations {
  private CryptoOperations() {}

  /** The operation of a form; null if it is none of these. */
  static VectorOperation of(Insn insn, int word) {
    int d = 2 * rd(word);
    int n = 2 * rn(word);
    int m = 2 * rm(word);
    return switch (insn) {
      case AESE -> (v, fpcr, status) -> {
        long low = v[d] ^ v[n];
        long high = v[d + 1] ^ v[n + 1];
        v[d] = Aes.aese(low, high);
        v[d + 1] = Aes.aese(high, low);
      };
      case AESD -> (v, fpcr, status) -> {
        long low = v[d] ^ v[n];
        long high = v[d + 1] ^ v[n + 1];
        v[d] = Aes.aesd(low, high);
        v[d + 1] = Aes.aesd(high, low);
      };
      case AESMC -> (v, fpcr, status) -> {
        v[d] = Aes.aesmc(v[n]);
        v[d + 1] = Aes.aesmc(v[n + 1]);
      };
      case AESIMC -> (v, fpcr, status) -> {
        v[d] = Aes.aesimc(v[n]);
        v[d + 1] = Aes.aesimc(v[n + 1]);
      };
      case SHA1C -> (v, fpcr, status) -> Sha1.sha1c(v[d], v[d + 1], (int) v[n], v[m], v[m + 1], v, d);
      case SHA1P -> (v, fpcr, status) -> Sha1.sha1p(v[d], v[d + 1], (int) v[n], v[m], v[m + 1], v, d);
      case SHA1M -> (v, fpcr, status) -> Sha1.sha1m(v[d], v[d + 1], (int) v[n], v[m], v[m + 1], v, d);
      case SHA1H -> (v, fpcr, status) -> {
        v[d] = Sha1.sha1h((int) v[n]) & 0xFFFF_FFFFL;
        v[d + 1] = 0;
      };
      case SHA1SU0 -> (v, fpcr, status) -> Sha1.sha1su0(v[d], v[d + 1], v[n], v[m], v[m + 1], v, d);
      case SHA1SU1 -> (v, fpcr, status) -> Sha1.sha1su1(v[d], v[d + 1], v[n], v[n + 1], v, d);
      case SHA256H -> (v, fpcr, status) -> Sha256.sha256h(v[d], v[d + 1], v[n], v[n + 1], v[m], v[m + 1], v, d);
      case SHA256H2 -> (v, fpcr, status) -> Sha256.sha256h2(v[d], v[d + 1], v[n], v[n + 1], v[m], v[m + 1], v, d);
      case SHA256SU0 -> (v, fpcr, status) -> Sha256.sha256su0(v[d], v[d + 1], v[n], v[n + 1], v, d);
      case SHA256SU1 -> (v, fpcr, status) -> Sha256.sha256su1(v[d], v[d + 1], v[n], v[n + 1], v[m], v[m + 1], v, d);
      case PMULL_P64 -> {
        int part = q(word) ? 1 : 0;
        yield (v, fpcr, status) -> {
          long a = v[n + part];
          long b = v[m + part];
          v[d] = Polynomial.low(a, b);
          v[d + 1] = Polynomial.high(a, b);
        };
      }
      default -> null;
    };
  }
}
