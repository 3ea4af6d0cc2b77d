// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

/** Bits of HCR_EL2 (Arm ARM D19.2.48), as far as this CPU acts on them. */
final class Hcr {
  static final long VM = 1;
  static final long PTW = 1 << 2;
  static final long FMO = 1 << 3;
  static final long IMO = 1 << 4;
  static final long AMO = 1 << 5;
  static final long VF = 1 << 6;
  static final long VI = 1 << 7;
  static final long VSE = 1 << 8;
  static final long DC = 1 << 12;
  static final long TWI = 1 << 13;
  static final long TWE = 1 << 14;
  static final long TID1 = 1 << 16;
  static final long TID2 = 1 << 17;
  static final long TID3 = 1 << 18;
  static final long TSC = 1 << 19;
  static final long TACR = 1 << 21;
  static final long TSW = 1 << 22;
  static final long TPC = 1 << 23;
  static final long TPU = 1 << 24;
  static final long TTLB = 1 << 25;
  static final long TVM = 1 << 26;
  static final long TGE = 1 << 27;
  static final long TDZ = 1 << 28;
  static final long HCD = 1 << 29;
  static final long TRVM = 1 << 30;
  static final long RW = 1L << 31;

  private Hcr() {}
}
