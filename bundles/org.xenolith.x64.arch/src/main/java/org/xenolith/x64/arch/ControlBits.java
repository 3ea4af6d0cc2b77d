// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

/** Bits of the control registers and of IA32_EFER (Intel SDM volume 3, 2.5 and 2.2.1). */
public final class ControlBits {
  /** CR0: protected mode. */
  public static final long PE = 1;
  /** CR0: WAIT and FWAIT trap with TS. */
  public static final long MP = 1 << 1;
  /** CR0: no x87. */
  public static final long EM = 1 << 2;
  /** CR0: task switched. */
  public static final long TS = 1 << 3;
  /** CR0: always set. */
  public static final long ET = 1 << 4;
  /** CR0: x87 errors by #MF. */
  public static final long NE = 1 << 5;
  /** CR0: supervisor heeds read-only pages. */
  public static final long WP = 1 << 16;
  /** CR0: alignment checks. */
  public static final long AM = 1 << 18;
  /** CR0: not write-through. */
  public static final long NW = 1 << 29;
  /** CR0: cache disabled. */
  public static final long CD = 1 << 30;
  /** CR0: paging. */
  public static final long PG = 1L << 31;
  /** CR4: time-stamp counter for level 0 only. */
  public static final long TSD = 1 << 2;
  /** CR4: debugging extensions. */
  public static final long DE = 1 << 3;
  /** CR4: 4-MByte pages in 2-level paging. */
  public static final long PSE = 1 << 4;
  /** CR4: 64-bit entries. */
  public static final long PAE = 1 << 5;
  /** CR4: machine checks. */
  public static final long MCE = 1 << 6;
  /** CR4: global pages. */
  public static final long PGE = 1 << 7;
  /** CR4: RDPMC for all levels. */
  public static final long PCE = 1 << 8;
  /** CR4: FXSAVE, SSE. */
  public static final long OSFXSR = 1 << 9;
  /** CR4: #XM. */
  public static final long OSXMMEXCPT = 1 << 10;
  /** CR4: SGDT, SIDT, SLDT, SMSW, STR for level 0 only. */
  public static final long UMIP = 1 << 11;
  /** CR4: RDFSBASE and its kin. */
  public static final long FSGSBASE = 1 << 16;
  /** CR4: process-context identifiers. */
  public static final long PCIDE = 1 << 17;
  /** CR4: XSAVE. */
  public static final long OSXSAVE = 1 << 18;
  /** CR4: no execution of user pages by the supervisor. */
  public static final long SMEP = 1 << 20;
  /** CR4: no access to user pages by the supervisor. */
  public static final long SMAP = 1 << 21;
  /** CR4: protection keys of user pages. */
  public static final long PKE = 1 << 22;
  /** CR4: protection keys of supervisor pages. */
  public static final long PKS = 1 << 24;
  /** EFER: SYSCALL. */
  public static final long SCE = 1;
  /** EFER: long mode enabled. */
  public static final long LME = 1 << 8;
  /** EFER: long mode active. */
  public static final long LMA = 1 << 10;
  /** EFER: execute-disable. */
  public static final long NXE = 1 << 11;

  private ControlBits() {}
}
