// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit;

/** What a host can do besides what every x86-64 can. Source: Intel SDM, volume 2, CPUID, leaf 1, ECX, leaf 7, EBX, and XGETBV. */
public final class HostFeatures {
  private static final int POLYNOMIAL = 1 << 1;
  private static final int SSSE3 = 1 << 9;
  private static final int FUSED = 1 << 12;
  private static final int SSE4_1 = 1 << 19;
  private static final int SSE4_2 = 1 << 20;
  private static final int AES = 1 << 25;
  private static final int NEEDED = POLYNOMIAL | SSSE3 | SSE4_1 | SSE4_2 | AES;
  /** The operating system has said which registers it keeps. */
  private static final int KEEPS = 1 << 27;
  private static final int AVX = 1 << 28;
  /** Of what it keeps: the registers of SSE and AVX. */
  private static final int VECTORS = 6;

  /** Of leaf 7. */
  private static final int SHA = 1 << 29;
  /** BMI2. */
  private static final int BITS = 1 << 8;

  private final int flags;
  private final boolean avx;
  private final boolean fused;
  private final boolean sha;
  private final boolean bits;

  private HostFeatures(int flags, boolean avx, int leaf7) {
    this.flags = flags;
    this.avx = avx;
    fused = avx && (flags & FUSED) != 0;
    sha = (leaf7 & SHA) != 0;
    bits = (leaf7 & BITS) != 0;
  }

  /**
   * Asks the host.
   *
   * @param memory whose first bytes are overwritten
   */
  public static HostFeatures of(HostCode memory) {
    X64 code = new X64(false);
    int flags = leaf(code, memory, 1, X64.RCX);
    boolean avx = (flags & KEEPS) != 0 && (flags & AVX) != 0 && (kept(code, memory) & VECTORS) == VECTORS;
    int leaf7 = leaf(code, memory, 0, X64.RAX) >= 7 ? leaf(code, memory, 7, X64.RBX) : 0;
    return new HostFeatures(flags, avx, leaf7);
  }

  /** What all code relies on, and nothing else: a host that has more can still be used as if it hadn't. */
  public static HostFeatures least(HostCode memory) {
    return new HostFeatures(of(memory).flags & NEEDED, false, 0);
  }

  /** One register of a leaf. */
  private static int leaf(X64 code, HostCode memory, int leaf, int register) {
    code.begin(0);
    code.push(X64.RBX);
    code.constant(X64.RAX, leaf);
    code.constant(X64.RCX, 0);
    code.identify();
    code.move(false, X64.RAX, register);
    code.pop(X64.RBX);
    code.returnToCaller();
    code.write(memory);
    return (int) memory.call(0, 0, 0);
  }

  /** Which registers the operating system keeps. */
  private static long kept(X64 code, HostCode memory) {
    code.begin(0);
    code.constant(X64.RCX, 0);
    code.extendedControl();
    code.returnToCaller();
    code.write(memory);
    return memory.call(0, 0, 0);
  }

  /** Whether it can do what all code relies on. */
  public boolean suffice() {
    return (flags & NEEDED) == NEEDED;
  }

  /** Whether it has registers of AVX. Source: Intel SDM, volume 1, section 14.3. */
  public boolean avx() {
    return avx;
  }

  /** Whether it multiplies and adds at once. */
  public boolean fused() {
    return fused;
  }

  /** Whether it has instructions for SHA-1 and SHA-256. */
  public boolean sha() {
    return sha;
  }

  /** Whether it rotates from one register to another. */
  public boolean bits() {
    return bits;
  }

  /** What code depends on. */
  @Override
  public String toString() {
    return "x86-64 " + Integer.toHexString(flags) + (avx ? " avx" : "") + (fused ? " fused" : "") + (sha ? " sha" : "") + (bits ? " bits"
        : "");
  }
}
