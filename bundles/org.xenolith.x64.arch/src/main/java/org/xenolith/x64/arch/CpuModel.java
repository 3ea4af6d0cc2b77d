// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.EnumSet;
import java.util.Set;
import org.xenolith.x64.isa.Feature;

/**
 * What a CPU is.
 *
 * @param name         its brand string, at most 47 characters (CPUID leaves 0x80000002 to 4)
 * @param signature    family, model and stepping (CPUID leaf 1, EAX)
 * @param physicalBits width of physical addresses, 36 to 52 (MAXPHYADDR of CPUID leaf 0x80000008)
 * @param hugePages    whether there are pages of 1 GByte (CPUID leaf 0x80000001, EDX bit 26)
 * @param hertz        frequency of the time-stamp counter (CPUID leaf 0x15)
 * @param features     what instructions need
 */
public record CpuModel(String name, int signature, int physicalBits, boolean hugePages, long hertz, Set<Feature> features) {
  /** Family 6, a model number that no processor of Intel's has, stepping 0. */
  private static final int SIGNATURE = 0xF_06E0;

  /** All that is built, with addresses of 40 bits and a time-stamp counter of 1 GHz. */
  public static final CpuModel BASELINE = new CpuModel("Xenolith x86-64 processor", SIGNATURE, 40, true, 1_000_000_000L,
      EnumSet.complementOf(EnumSet.of(Feature.MONITOR, Feature.XSAVES)));

  /** @throws IllegalArgumentException if a width or length isn't one */
  public CpuModel {
    if (physicalBits < 36 || physicalBits > 52) {
      throw new IllegalArgumentException("physical addresses of " + physicalBits + " bits: expected 36 to 52");
    }
    if (name.length() > 47) {
      throw new IllegalArgumentException("the name " + name + " has more than 47 characters");
    }
    if (hertz < 1_000_000 || hertz > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("a time-stamp counter of " + hertz + " Hz: expected 1,000,000 to 4,294,967,295");
    }
    features = Set.copyOf(features);
  }

  /** Whether instructions may need it. */
  public boolean has(Feature feature) {
    return features.contains(feature);
  }
}
