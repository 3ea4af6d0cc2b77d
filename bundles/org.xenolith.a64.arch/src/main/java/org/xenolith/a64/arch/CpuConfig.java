// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.machine.kit.Processor;

/**
 * What a CPU is, fixed for its life: which one, exception levels and optional features. The ID registers are derived from it
 * ({@link Identification}), so that they say exactly what is built.
 *
 * @param affinity MPIDR_EL1 affinity: Aff3 in bits 39:32, Aff2 to Aff0 in bits 23:0
 * @param model    what its registers say as far as nothing here adds to it
 * @param el2      whether EL2 is there: for guest code, or for a hypervisor in Java if {@link El2#attach} was given one
 * @param el3      whether EL3 is there for the guest
 * @param lse      whether the large-system atomics (FEAT_LSE) are there
 * @param pan      whether privileged access never (FEAT_PAN) is there
 * @param granules sizes of pages at stages 1 and 2, at least one
 * @param physicalBits bits of a physical address, one of {@link #PHYSICAL_SIZES}
 */
public record CpuConfig(long affinity, CpuModel model, boolean el2, boolean el3, boolean lse, boolean pan, Set<Granule> granules,
    int physicalBits) {
  /** Bits of a physical address, by the encoding of ID_AA64MMFR0_EL1.PARange, IPS and PS. */
  public static final List<Integer> PHYSICAL_SIZES = List.of(32, 36, 40, 42, 44, 48);

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

  /** A Cortex-A57 as a guest kernel sees it: EL0 and EL1, AArch64 only, no later extension. */
  public static CpuConfig cortexA57(long affinity) {
    return of(affinity, CpuModel.standard());
  }

  /** A CPU as its description has it, with EL0 and EL1 and the granule of 4 KiB. */
  public static CpuConfig of(long affinity, CpuModel model) {
    return new CpuConfig(affinity, model, false, false, model.lse(), model.pan(), Granule.DEFAULT, model.physicalBits());
  }

  /** The same with or without EL2 and EL3. */
  public CpuConfig withLevels(boolean withEl2, boolean withEl3) {
    return new CpuConfig(affinity, model, withEl2, withEl3, lse, pan, granules, physicalBits);
  }

  /** The same with or without FEAT_LSE. */
  public CpuConfig withLse(boolean on) {
    return new CpuConfig(affinity, model, el2, el3, on, pan, granules, physicalBits);
  }

  /** The same with or without FEAT_PAN. */
  public CpuConfig withPan(boolean on) {
    return new CpuConfig(affinity, model, el2, el3, lse, on, granules, physicalBits);
  }

  /** The same with other translation granules. */
  public CpuConfig withGranules(Set<Granule> sizes) {
    return new CpuConfig(affinity, model, el2, el3, lse, pan, sizes, physicalBits);
  }

  /** The same with physical addresses of another size. */
  public CpuConfig withPhysicalBits(int bits) {
    return new CpuConfig(affinity, model, el2, el3, lse, pan, granules, bits);
  }

  /** MIDR_EL1. */
  public int midr() {
    return model.midr;
  }

  /** The highest exception level that is there: 1, 2 or 3. */
  public int highestLevel() {
    return el3 ? 3 : el2 ? 2 : 1;
  }

  /** Which CPU it is, and what the identification registers say that aren't zero, by their names, with all devices that they could tell of. */
  public Map<String, String> identification() {
    Map<String, Long> values = new LinkedHashMap<>();
    for (ModelledRegister register : ModelledRegister.ALL.values()) {
      if (Identification.inBlock(register.id())) {
        values.put(register.name(), Identification.block(this, register.id(), true, true));
      }
    }
    model.said().forEach(values::putIfAbsent);
    Map<String, String> said = new LinkedHashMap<>();
    said.put(Processor.CPU, model.name());
    values.forEach((register, value) -> {
      if (value != 0) {
        said.put(register, "0x" + Long.toHexString(value));
      }
    });
    return said;
  }
}
