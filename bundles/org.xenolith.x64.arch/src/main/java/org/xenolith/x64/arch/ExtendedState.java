// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import org.xenolith.x64.isa.DecodeMode;
import org.xenolith.x64.isa.Feature;

/**
 * FXSAVE, XSAVE and their kin: the x87's, MMX and SSE state as memory has it (Intel SDM volume 1, 10.5.1 and 13.4), and PKRU. Alignment and availability are checked by
 * who calls. Methods may throw {@link CpuFault}.
 */
public final class ExtendedState {
  /** Bytes of an XSAVE area: the legacy region and the header. */
  public static final int SIZE = 576;
  /** Number of PKRU's component. */
  static final int KEYS_COMPONENT = 9;
  /** Its bytes. */
  static final int KEYS_SIZE = 8;
  /** Where it is in the standard format: where Intel's processors have it, behind the state of AVX-512. */
  static final int KEYS_PLACE = 2688;
  private static final int MXCSR_BITS = 0xFFFF;
  private static final int MXCSR_RESET = 0x1F80;
  private static final int CONTROL_RESET = 0x37F;
  private static final int STATE_BITS = 512;
  private static final int COMPACTION = 520;
  private static final long COMPACT = 1L << 63;
  private static final int X87 = 1;
  private static final int SSE = 2;
  private static final int KEYS = 1 << KEYS_COMPONENT;

  private final Core cpu;

  ExtendedState(Core cpu) {
    this.cpu = cpu;
  }

  /** What XCR0 may have. */
  long supported() {
    return X87 | SSE | (cpu.model.has(Feature.PKU) ? KEYS : 0);
  }

  /** Bytes of an area of such components. */
  static int size(long components, boolean compact) {
    return (components & KEYS) == 0 ? SIZE : (compact ? SIZE : KEYS_PLACE) + KEYS_SIZE;
  }

  /** FXSAVE. @param wide with 64-bit pointers: FXSAVE64 */
  public void fxsave(long address, boolean wide) {
    cpu.memory.probe(address, 512);
    saveX87(address, wide);
    saveMxcsr(address);
    if ((cpu.cr4 & ControlBits.OSFXSR) != 0) {
      saveSse(address);
    }
  }

  /** FXRSTOR. */
  public void fxrstor(long address, boolean wide) {
    boolean sse = (cpu.cr4 & ControlBits.OSFXSR) != 0;
    int mxcsr = sse ? mxcsr(address) : cpu.mxcsr;
    cpu.memory.read(address + 511, 1);
    loadX87(address, wide);
    if (sse) {
      loadSse(address);
      cpu.mxcsr = mxcsr;
    }
  }

  /**
   * XSAVE, XSAVEOPT, XSAVEC.
   *
   * @param mask EDX:EAX
   * @param optimized whether what is in its initial state isn't written
   */
  public void xsave(long address, boolean wide, long mask, boolean optimized, boolean compact) {
    long which = mask & cpu.xcr0;
    long used = inUse();
    cpu.memory.probe(address, 512);
    cpu.memory.probe(address + 512, 64);
    long write = optimized || compact ? which & used : which;
    long keys = address + (compact ? SIZE : KEYS_PLACE);
    if ((write & KEYS) != 0) {
      cpu.memory.probe(keys, KEYS_SIZE);
    }
    if ((write & X87) != 0) {
      saveX87(address, wide);
    }
    if ((which & SSE) != 0) {
      saveMxcsr(address);
    }
    if ((write & SSE) != 0) {
      saveSse(address);
    }
    if ((write & KEYS) != 0) {
      cpu.store64(keys, cpu.pkru & 0xFFFF_FFFFL);
    }
    long old = compact ? 0 : cpu.load64(address + STATE_BITS) & ~which;
    cpu.store64(address + STATE_BITS, old | which & used);
    if (compact) {
      cpu.store64(address + COMPACTION, COMPACT | which);
    }
  }

  /** Which state isn't in its initial configuration. */
  private long inUse() {
    boolean x87 = cpu.controlWord != CONTROL_RESET || cpu.statusWord != 0 || cpu.top != 0 || cpu.valid != 0 || cpu.lastOpcode != 0
        || cpu.lastInstruction != 0
        || cpu.lastData != 0;
    for (int i = 0; i < 8 && !x87; i++) {
      x87 = cpu.significand[i] != 0 || cpu.exponent[i] != 0;
    }
    boolean sse = cpu.mxcsr != MXCSR_RESET;
    for (int i = 0; i < 32 && !sse; i++) {
      sse = cpu.xmm[i] != 0;
    }
    return (x87 ? X87 : 0) | (sse ? SSE : 0) | (cpu.pkru != 0 ? KEYS : 0);
  }

  /** XRSTOR. @param mask EDX:EAX */
  public void xrstor(long address, boolean wide, long mask) {
    long which = mask & cpu.xcr0;
    long present = cpu.load64(address + STATE_BITS);
    long compaction = cpu.load64(address + COMPACTION);
    boolean compact = compaction < 0;
    long allowed = compact ? compaction & ~COMPACT & cpu.xcr0 : cpu.xcr0;
    boolean bad = (present & ~allowed) != 0 || compact && (compaction & ~COMPACT & ~cpu.xcr0) != 0 || !compact && compaction != 0;
    for (int i = 528; i < SIZE && !bad; i += 8) {
      bad = cpu.load64(address + i) != 0 && (compact || i < 536);
    }
    if (bad) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    boolean loadsMxcsr = compact ? (which & present & SSE) != 0 : (which & SSE) != 0;
    int mxcsr = loadsMxcsr ? mxcsr(address) : MXCSR_RESET;
    cpu.memory.read(address + 511, 1);
    boolean keys = (which & KEYS) != 0;
    int rights = keys && (present & KEYS) != 0 ? (int) cpu.load32(address + (compact ? SIZE : KEYS_PLACE)) : 0;
    if ((which & X87) != 0) {
      if ((present & X87) != 0) {
        loadX87(address, wide);
      } else {
        initialX87();
      }
    }
    if ((which & SSE) != 0) {
      if ((present & SSE) != 0) {
        loadSse(address);
      } else {
        java.util.Arrays.fill(cpu.xmm, 0);
      }
      cpu.mxcsr = mxcsr;
    }
    if (keys) {
      cpu.mmu.userKeys(rights);
    }
  }

  /** FNINIT, and the empty registers of the initial configuration. */
  private void initialX87() {
    cpu.initializeX87();
    java.util.Arrays.fill(cpu.significand, 0);
    java.util.Arrays.fill(cpu.exponent, 0);
  }

  private int mxcsr(long address) {
    int mxcsr = (int) cpu.load32(address + 24);
    if ((mxcsr & ~MXCSR_BITS) != 0) {
      throw cpu.fault(ExceptionVector.GP, 0);
    }
    return mxcsr;
  }

  private void saveX87(long address, boolean wide) {
    cpu.store16(address, cpu.controlWord);
    cpu.store16(address + 2, cpu.statusWord | cpu.top << 11);
    cpu.store16(address + 4, cpu.valid);
    cpu.store16(address + 6, cpu.lastOpcode);
    cpu.store64(address + 8, wide ? cpu.lastInstruction : cpu.lastInstruction & 0xFFFF_FFFFL);
    cpu.store64(address + 16, wide ? cpu.lastData : cpu.lastData & 0xFFFF_FFFFL);
    for (int i = 0; i < 8; i++) {
      int number = cpu.top + i & 7;
      cpu.store64(address + 32 + i * 16, cpu.significand[number]);
      cpu.store64(address + 40 + i * 16, cpu.exponent[number] & 0xFFFF);
    }
  }

  private void loadX87(long address, boolean wide) {
    int status = (int) cpu.load16(address + 2);
    cpu.controlWord = (int) cpu.load16(address) & 0x1F3F | 0x40;
    cpu.top = status >> 11 & 7;
    cpu.statusWord = status & ~0x3800;
    cpu.valid = (int) cpu.load8(address + 4);
    cpu.lastOpcode = (int) cpu.load16(address + 6) & 0x7FF;
    long mask = wide ? -1L : 0xFFFF_FFFFL;
    cpu.lastInstruction = cpu.load64(address + 8) & mask;
    cpu.lastData = cpu.load64(address + 16) & mask;
    for (int i = 0; i < 8; i++) {
      int number = cpu.top + i & 7;
      cpu.significand[number] = cpu.load64(address + 32 + i * 16);
      cpu.exponent[number] = (int) cpu.load16(address + 40 + i * 16);
    }
    cpu.x87Summary();
  }

  private void saveMxcsr(long address) {
    cpu.store32(address + 24, cpu.mxcsr);
    cpu.store32(address + 28, MXCSR_BITS);
  }

  private int registers() {
    return cpu.mode == DecodeMode.LONG_64 ? 32 : 16;
  }

  private void saveSse(long address) {
    for (int i = 0; i < registers(); i++) {
      cpu.store64(address + 160 + i * 8, cpu.xmm[i]);
    }
  }

  private void loadSse(long address) {
    for (int i = 0; i < registers(); i++) {
      cpu.xmm[i] = cpu.load64(address + 160 + i * 8);
    }
  }
}
