// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.List;
import java.util.Set;

/**
 * What a CPU is, fixed for its life: identity, exception levels and optional features. The ID registers are derived from it
 * ({@link Identification}), so that they say exactly what is built.
 *
 * @param affinity MPIDR_EL1 affinity: Aff3 in bits 39:32, Aff2 to Aff0 in bits 23:0
 * @param midr     MIDR_EL1
 * @param el2      whether EL2 is there: for guest code, or for a hypervisor in Java if {@link El2#attach} was given one
 * @param el3      whether EL3 is there for the guest
 * @param lse      whether the large-system atomics (FEAT_LSE) are there
 * @param pan      whether privileged access never (FEAT_PAN) is there
 * @param granules sizes of pages at stages 1 and 2, at least one
 * @param physicalBits bits of a physical address, one of {@link #PHYSICAL_SIZES}
 */
public record CpuConfig(long affinity, int midr, boolean el2, boolean el3, boolean lse, boolean pan, Set<Granule> granules,
    int physicalBits) {
  /** MIDR_EL1 of Cortex-A57 r1p0. */
  public static final int CORTEX_A57 = 0x411FD070;
  /** Bits of a physical address, by the encoding of ID_AA64MMFR0_EL1.PARange, IPS and PS. */
  public static final List<Integer> PHYSICAL_SIZES = List.of(32, 36, 40, 42, 44, 48);
  /** What Cortex-A57 has (its TRM, 4.3.14). */
  public static final int CORTEX_A57_PHYSICAL_BITS = 44;

  /** Checks granules and physical addresses. */
  public CpuConfig {
    granules = Set.copyOf(granules);
    if (!PHYSICAL_SIZES.contains(physicalBits)) {
      throw new IllegalArgumentException("physical addresses of " + physicalBits + " bits: expected one of " + PHYSICAL_SIZES);
    }
    if (granules.isEmpty()) {
      throw new IllegalArgumentException("a CPU without a translation granule");
    }
  }

  /** One with the granule of 4 KiB only. */
  public CpuConfig(long affinity, int midr, boolean el2, boolean el3, boolean lse, boolean pan) {
    this(affinity, midr, el2, el3, lse, pan, Granule.DEFAULT, CORTEX_A57_PHYSICAL_BITS);
  }

  /** A Cortex-A57 as a guest kernel sees it: EL0 and EL1, AArch64 only, no later extension. */
  public static CpuConfig cortexA57(long affinity) {
    return new CpuConfig(affinity, CORTEX_A57, false, false, false, false);
  }

  /** The same with another MIDR_EL1. */
  public CpuConfig withMidr(int value) {
    return new CpuConfig(affinity, value, el2, el3, lse, pan, granules, physicalBits);
  }

  /** The same with or without EL2 and EL3. */
  public CpuConfig withLevels(boolean withEl2, boolean withEl3) {
    return new CpuConfig(affinity, midr, withEl2, withEl3, lse, pan, granules, physicalBits);
  }

  /** The same with or without FEAT_LSE. */
  public CpuConfig withLse(boolean on) {
    return new CpuConfig(affinity, midr, el2, el3, on, pan, granules, physicalBits);
  }

  /** The same with or without FEAT_PAN. */
  public CpuConfig withPan(boolean on) {
    return new CpuConfig(affinity, midr, el2, el3, lse, on, granules, physicalBits);
  }

  /** The same with other translation granules. */
  public CpuConfig withGranules(Set<Granule> sizes) {
    return new CpuConfig(affinity, midr, el2, el3, lse, pan, sizes, physicalBits);
  }

  /** The same with physical addresses of another size. */
  public CpuConfig withPhysicalBits(int bits) {
    return new CpuConfig(affinity, midr, el2, el3, lse, pan, granules, bits);
  }

  /** The highest exception level that is there: 1, 2 or 3. */
  public int highestLevel() {
    return el3 ? 3 : el2 ? 2 : 1;
  }
}
