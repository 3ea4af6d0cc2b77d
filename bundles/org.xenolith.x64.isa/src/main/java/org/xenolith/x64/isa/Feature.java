// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.isa;

/** What CPUID may announce and an instruction may need. Source: Intel SDM vol. 2A, CPUID. */
public enum Feature {
  /** Conditional moves. */
  CMOV,
  /** FXSAVE and FXRSTOR. */
  FXSR,
  /** CLFLUSH. */
  CLFSH,
  /** MMX. */
  MMX,
  /** SSE. */
  SSE,
  /** SSE2. */
  SSE2,
  /** SSE3. */
  SSE3,
  /** SSSE3. */
  SSSE3,
  /** SSE4.1. */
  SSE4_1,
  /** SSE4.2 and CRC32. */
  SSE4_2,
  /** AES-NI. */
  AES,
  /** Carry-less multiplication. */
  PCLMULQDQ,
  /** MONITOR and MWAIT. */
  MONITOR,
  /** POPCNT. */
  POPCNT,
  /** LZCNT; without it its encoding is BSR. */
  LZCNT,
  /** TZCNT of BMI1, whose other instructions are VEX; without it its encoding is BSF. */
  BMI1,
  /** MOVBE. */
  MOVBE,
  /** ADCX and ADOX. */
  ADX,
  /** LAHF and SAHF in 64-bit mode. */
  LAHF,
  /** RDRAND. */
  RDRAND,
  /** RDSEED. */
  RDSEED,
  /** RDTSCP. */
  RDTSCP,
  /** RDFSBASE and its kin. */
  FSGSBASE,
  /** INVPCID. */
  INVPCID,
  /** CLAC and STAC. */
  SMAP,
  /** XSAVE, XRSTOR, XGETBV and XSETBV. */
  XSAVE,
  /** XSAVEOPT. */
  XSAVEOPT,
  /** XSAVEC. */
  XSAVEC,
  /** XSAVES and XRSTORS. */
  XSAVES,
  /** CLFLUSHOPT. */
  CLFLUSHOPT,
  /** CLWB. */
  CLWB,
  /** Protection keys of user pages: RDPKRU and WRPKRU. */
  PKU,
  /** Protection keys of supervisor pages. */
  PKS
}
