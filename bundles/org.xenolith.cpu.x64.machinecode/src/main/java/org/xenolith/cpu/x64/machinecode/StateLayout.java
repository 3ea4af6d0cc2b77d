// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.machine.kit.WatchDistances;
import org.xenolith.x64.arch.EntryCopies;

/** Where generated code finds what: bytes behind the address that it has in RBP. */
final class StateLayout {
  /** Bytes of state before that address: what is within displacements of one byte. */
  static final int BEFORE = 128;
  /** CF, PF, AF, ZF, SF and OF as LAHF and SETO leave them in AX. */
  static final int FLAGS = -128;
  private static final int GENERAL = -120;
  /** Linear address of the page that is executed. */
  static final int PAGE = 8;
  /** {@code Core.context}, then {@code Core.codeContext}: the order of {@link EntryCopies#begin}. */
  static final int CONTEXT = 16;
  static final int CODE_CONTEXT = 24;
  /** Instructions to go, when code is left. */
  static final int LEFT = 32;
  /** The linear address of an access that left. */
  static final int ACCESS = 40;
  /** Where a branch that left leads to. */
  static final int TARGET = 48;
  /** Bases of FS and GS. */
  static final int FS_BASE = 56;
  static final int GS_BASE = 64;
  /** 0 while code has no XMM registers, 1 while it has, 2 if the host may also compute with floating point. */
  static final int VECTORS_OPEN = 72;
  /** The guest's MXCSR, while code has it, and the host's. */
  static final int MXCSR = 80;
  static final int HOST_MXCSR = 88;
  /** RFLAGS without those of arithmetic, VM and RF. */
  static final int SYSTEM_FLAGS = 96;
  /** 1 where IF may be changed. */
  static final int IF_OPEN = 104;
  /** 1 where the time-stamp counter may be read, and counts instructions. */
  static final int TIME_OPEN = 112;
  /** What it is when none of the instructions is left. */
  static final int TIME_END = 120;
  private static final int SELECTORS = 128;
  /** What RDTSCP has besides. */
  static final int TIME_AUX = 176;
  /** 1 where IF may be set, and lets nothing through yet. */
  static final int STI_OPEN = 184;
  /** Instructions that were left at the last STI, with it; 0 without any. */
  static final int STI_LEFT = 192;
  /** What SWAPGS gives GS as a base. */
  static final int KERNEL_GS_BASE = 200;
  /** 1 at level 0. */
  static final int SUPERVISOR = 208;
  /** 1 while RF is set. */
  static final int RESUMED = 216;
  /** 1 where an IRET to the CS and SS that there are changes neither, if their descriptors are those that follow. */
  static final int RETURN_OPEN = 224;
  /** What an IRET has found on the stack: flags and the stack's pointer. */
  static final int RETURN_FLAGS = 232;
  static final int RETURN_STACK = 240;
  /** Low half of XMMn at 16n, high half behind it; a multiple of 16. */
  static final int VECTORS = 256;
  /** Linear addresses of the descriptors of CS and SS, in one page, and what they are. */
  static final int CODE_PLACE = 512;
  static final int CODE_DESCRIPTOR = 520;
  static final int STACK_PLACE = 528;
  static final int STACK_DESCRIPTOR = 536;
  /** Zero: how far the next watched byte is from a store that leaves in any case. */
  static final int NO_DISTANCE = 544;
  /** TLB for data: copies of {@code Core.data}. */
  static final int DATA = 4096;
  static final int DATA_ENTRY = EntryCopies.DATA;
  /** TLB for code: a tag, and the address of the page's table of entries. */
  static final int CODE = DATA + (DATA_ENTRY << 12);
  static final int CODE_ENTRY = 16;
  /** Behind the place of an entry for data: what {@link EntryCopies#watches} says of it. */
  static final int WATCHED = CODE + (CODE_ENTRY << 12);
  /** Maps of pages that are watched. */
  static final int DISTANCES = WATCHED + (DATA_ENTRY << 12);
  /** Bytes of all. */
  static final int SIZE = DISTANCES + WatchDistances.SIZE + BEFORE;

  private StateLayout() {}

  /** A general register's word, by its number in the encoding. */
  static int general(int register) {
    return GENERAL + 8 * register;
  }

  /** A segment register's selector, by its number in the encoding. */
  static int selector(int segment) {
    return SELECTORS + 8 * segment;
  }

  /** An XMM register. */
  static int vector(int register) {
    return VECTORS + 16 * register;
  }
}
