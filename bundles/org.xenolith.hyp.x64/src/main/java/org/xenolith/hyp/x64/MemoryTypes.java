// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import java.util.stream.IntStream;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.x64.api.MsrTrap;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.HvmHwMtrr;

/** Registers of memory types, each virtual CPU's own: they are kept and mean nothing, since there is no cache (Intel SDM volume 3, 13.11 and 13.12). */
final class MemoryTypes implements MsrTrap {
  private static final int CAPABILITIES = 0xFE;
  private static final int PAT = 0x277;
  private static final int DEFAULT = 0x2FF;
  private static final int VARIABLE = 0x200;
  private static final int RANGES = 8;
  private static final int CAPABILITY_BITS = RANGES | 1 << 8 | 1 << 10;
  private static final int[] FIXED = {0x250, 0x258, 0x259, 0x268, 0x269, 0x26A, 0x26B, 0x26C, 0x26D, 0x26E, 0x26F};
  private static final long RESET_PAT = 0x0007_0406_0007_0406L;
  /** Enabled, fixed ranges too, write-back: what firmware would leave. */
  private static final long WRITE_BACK = 1 << 11 | 1 << 10 | 6;
  /** Words that are kept: PAT, default, variable ranges, fixed ones. */
  static final int WORDS = 2 + 2 * RANGES + FIXED.length;
  static final int[] REGISTERS = IntStream.concat(IntStream.of(CAPABILITIES, PAT, DEFAULT),
      IntStream.concat(IntStream.range(VARIABLE, VARIABLE + 2 * RANGES), IntStream.of(FIXED))).toArray();

  /** What a virtual CPU begins with. */
  static void reset(long[] words) {
    java.util.Arrays.fill(words, 0);
    words[0] = RESET_PAT;
    words[1] = WRITE_BACK;
    for (int i = 2 + 2 * RANGES; i < WORDS; i++) {
      words[i] = 0x0606_0606_0606_0606L;
    }
  }

  static int place(int msr) {
    return switch (msr) {
      case PAT -> 0;
      case DEFAULT -> 1;
      default -> msr >= VARIABLE && msr < VARIABLE + 2 * RANGES ? 2 + msr - VARIABLE : 2 + 2 * RANGES + java.util.Arrays.binarySearch(FIXED,
          msr);
    };
  }

  /** Writes them as the record HVM_SAVE_CODE_MTRR has them (Xen public header {@code arch-x86/hvm/save.h}). */
  static void write(long[] words, AbiBytes to, long at) {
    HvmHwMtrr record = new HvmHwMtrr();
    record.at(to, at);
    record.msrPatCr(words[0]);
    record.msrMtrrDefType(words[1]);
    record.msrMtrrCap(CAPABILITY_BITS);
    for (int i = 0; i < 2 * RANGES; i++) {
      record.msrMtrrVar(i, words[2 + i]);
    }
    for (int i = 0; i < FIXED.length; i++) {
      record.msrMtrrFixed(i, words[2 + 2 * RANGES + i]);
    }
  }

  /** Reads such a record. @return the words; null if there are no such types, or more ranges than there are here */
  static long[] read(AbiBytes from, long at) {
    HvmHwMtrr record = new HvmHwMtrr();
    record.at(from, at);
    if (!types(record.msrPatCr()) || (record.msrMtrrDefType() & ~0xCFFL) != 0 || (record.msrMtrrCap() & 0xFF) > RANGES) {
      return null;
    }
    long[] words = new long[WORDS];
    words[0] = record.msrPatCr();
    words[1] = record.msrMtrrDefType();
    for (int i = 0; i < 2 * RANGES; i++) {
      words[2 + i] = record.msrMtrrVar(i);
    }
    for (int i = 0; i < FIXED.length; i++) {
      words[2 + 2 * RANGES + i] = record.msrMtrrFixed(i);
    }
    return words;
  }

  @Override
  public long read(Vcpu vcpu, int msr) {
    return msr == CAPABILITIES ? CAPABILITY_BITS : ((X64GuestVcpu) vcpu).memoryTypes[place(msr)];
  }

  @Override
  public void write(Vcpu vcpu, int msr, long value) throws MsrFault {
    if (msr == CAPABILITIES || msr == PAT && !types(value) || msr == DEFAULT && (value & ~0xCFFL) != 0) {
      throw MsrFault.INSTANCE;
    }
    ((X64GuestVcpu) vcpu).memoryTypes[place(msr)] = value;
  }

  private static boolean types(long value) {
    for (int i = 0; i < 64; i += 8) {
      int type = (int) (value >>> i) & 0xFF;
      if (type > 7 || type == 2 || type == 3) {
        return false;
      }
    }
    return true;
  }
}
