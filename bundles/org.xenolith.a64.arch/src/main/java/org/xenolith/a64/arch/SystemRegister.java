// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/** Packing of system-register encodings (Arm ARM C5.1.2): op0:op1:CRn:CRm:op2 as in bits 20:5 of MRS and MSR. */
public final class SystemRegister {
  private SystemRegister() {}

  /** The 16-bit id of an encoding. */
  public static int id(int op0, int op1, int crn, int crm, int op2) {
    return op0 << 14 | op1 << 11 | crn << 7 | crm << 3 | op2;
  }

  /** The encoding in the form {@code S3_0_C12_C12_0}. */
  public static String name(int id) {
    return "S" + (id >> 14 & 3) + "_" + (id >> 11 & 7) + "_C" + (id >> 7 & 15) + "_C" + (id >> 3 & 15) + "_" + (id & 7);
  }
}
