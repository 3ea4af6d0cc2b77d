// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.fp;

/**
 * The cumulative exception flags that arithmetic collects: the FPSR of one CPU (Arm ARM C5.2.8).
 *
 * <p>The CPU state owns one instance and passes it to every operation. Operations only ever set bits, never clear one,
 * and leave bits they do not know (QC) alone. The flag constants are at their FPSR positions.
 */
public final class FpStatus {
  /** Invalid operation. */
  public static final int IOC = 1;
  /** Division by zero. */
  public static final int DZC = 1 << 1;
  /** Overflow. */
  public static final int OFC = 1 << 2;
  /** Underflow; tininess is detected before rounding. */
  public static final int UFC = 1 << 3;
  /** Inexact. */
  public static final int IXC = 1 << 4;
  /** A subnormal operand was flushed to zero. */
  public static final int IDC = 1 << 7;
  /** Integer saturation of Advanced SIMD; never set by this package. */
  public static final int QC = 1 << 27;
  /** All bits an FPSR of AArch64 state holds. */
  public static final int MASK = QC | IDC | IXC | UFC | OFC | DZC | IOC;

  /** The register's value; the arithmetic reads it (is IXC set already?) and sets flags in it. */
  public int fpsr;
}
