// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.simd;

/** Makes lanes of twice the width of those in the low 32 bits. */
@FunctionalInterface
interface WidenOperation {
  long apply(long a);
}
