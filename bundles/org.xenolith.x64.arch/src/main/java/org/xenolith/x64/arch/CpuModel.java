// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.machine.kit.CpuFile;
import org.xenolith.machine.kit.Processor;
import org.xenolith.x64.isa.Feature;

/** Which CPU it is: what it answers to CPUID as far as its machine has no part in that, as its description has it. */
public final class CpuModel {
  /** The instruction set of such CPUs, as descriptions and engines name it. */
  public static final String INSTRUCTIONS = "x64";
  private static final CpuidLeaf NOTHING = new CpuidLeaf(0, CpuidLeaf.ALL, 0, 0, 0, 0);
  /** What a CPU is that nobody asked for by name. */
  public static final CpuModel BASELINE = own("x86-64-v2");

  private static final int HUGE_PAGES = 1 << 26;
  private static final long MOST_HERTZ = 0xFFFF_FFFFL;

  private final String name;
  private final String summary;
  private final String brand;
  private final CpuidLeaf[] leaves;
  private final Map<Msr, Long> registers;
  private final Set<Feature> features;
  private final List<String> lowered;
  private final int signature;
  private final int physicalBits;
  private final boolean hugePages;
  private final long hertz;
  private final int highest;
  private final int highestExtended;

  /** @throws IllegalArgumentException if a width or frequency isn't one */
  CpuModel(String name, String summary, String brand, List<CpuidLeaf> leaves, Map<Msr, Long> registers, Set<Feature> features, List<
      String> lowered) {
    this.name = name;
    this.summary = summary;
    this.brand = brand;
    this.leaves = leaves.toArray(CpuidLeaf[]::new);
    this.registers = Map.copyOf(registers);
    this.features = Collections.unmodifiableSet(EnumSet.copyOf(features));
    this.lowered = lowered;
    signature = leaf(1, 0).eax();
    physicalBits = leaf(0x8000_0008, 0).eax() & 0xFF;
    hugePages = (leaf(0x8000_0001, 0).edx() & HUGE_PAGES) != 0;
    hertz = hertz(leaf(0x15, 0));
    highest = leaf(0, 0).eax();
    highestExtended = leaf(0x8000_0000, 0).eax();
    if (physicalBits < 36 || physicalBits > 52) {
      throw new IllegalArgumentException("leaf 0x80000008 says physical addresses of " + physicalBits + " bits; expected 36 to 52");
    }
    if (hertz < 1_000_000 || hertz > MOST_HERTZ) {
      throw new IllegalArgumentException("leaf 0x15 says a time-stamp counter of " + hertz + " Hz; expected 1,000,000 to 4,294,967,295");
    }
    if (highest < 0x15 || highestExtended >= 0 || highestExtended < 0x8000_0008) {
      throw new IllegalArgumentException("leaves 0x0 and 0x80000000 say that the highest are 0x" + Integer.toHexString(highest) + " and 0x"
          + Integer.toHexString(
              highestExtended) + "; expected 0x15 and 0x80000008 at least");
    }
  }

  private static long hertz(CpuidLeaf leaf) {
    long denominator = Integer.toUnsignedLong(leaf.eax());
    return denominator == 0 ? 0 : Integer.toUnsignedLong(leaf.ecx()) * Integer.toUnsignedLong(leaf.ebx()) / denominator;
  }

  /** One of those that are described here. @param name of a file */
  static CpuModel own(String name) {
    String place = "/cpus/" + name + ".cpu";
    try (InputStream in = CpuModel.class.getResourceAsStream(place)) {
      return of(CpuFile.read(name, place, new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new IllegalStateException(place + ", of the jar of this class", e);
    }
  }

  /**
   * The CPU that a description is of.
   *
   * @throws org.xenolith.machine.api.ModelException if it is wrong, or claims what isn't modelled; the message names place, line and remedy
   */
  public static CpuModel of(CpuFile file) {
    return new CpuidReader(file).read();
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** What it is, for people. */
  public String summary() {
    return summary;
  }

  /** Its brand string, at most 47 characters (CPUID leaves 0x80000002 to 4). */
  public String brand() {
    return brand;
  }

  /** Family, model and stepping (CPUID leaf 1, EAX). */
  public int signature() {
    return signature;
  }

  /** Width of physical addresses, 36 to 52 (MAXPHYADDR of CPUID leaf 0x80000008). */
  public int physicalBits() {
    return physicalBits;
  }

  /** Whether there are pages of 1 GByte (CPUID leaf 0x80000001, EDX bit 26). */
  public boolean hugePages() {
    return hugePages;
  }

  /** Frequency of the time-stamp counter (CPUID leaf 0x15). */
  public long hertz() {
    return hertz;
  }

  /** What instructions need, as far as it is there. */
  public Set<Feature> features() {
    return features;
  }

  /** Whether instructions may need it. */
  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** What the CPU has and this one hasn't, with the reason, each a text. */
  public List<String> lowered() {
    return lowered;
  }

  /** The highest basic leaf. */
  int highest() {
    return highest;
  }

  /** The highest extended leaf, a negative number. */
  int highestExtended() {
    return highestExtended;
  }

  /** What is said of a leaf; zeros if nothing is. */
  CpuidLeaf leaf(int number, int subleaf) {
    for (CpuidLeaf leaf : leaves) {
      if (leaf.answers(number, subleaf)) {
        return leaf;
      }
    }
    return NOTHING;
  }

  /** What it says in a model-specific register that tells of the CPU itself; 0 if nothing. */
  public long msr(Msr register) {
    return registers.getOrDefault(register, 0L);
  }

  /** What it answers that isn't zero, by leaf and register, and in model-specific registers, with all devices that it could tell of; and its name, its brand and what CPUID doesn't say. */
  public Map<String, String> identification() {
    Map<String, String> said = new LinkedHashMap<>();
    said.put(Processor.CPU, name);
    said.put("brand", brand);
    for (CpuidLeaf leaf : leaves) {
      for (int i = 0; i < 4; i++) {
        if (leaf.register(i) != 0) {
          said.put("CPUID " + leaf.shown() + " " + CpuidField.REGISTERS.get(i), "0x%x".formatted(leaf.register(i)));
        }
      }
    }
    MsrField.BY_REGISTER.keySet().stream().filter(register -> msr(register) != 0).forEach(register -> said.put("MSR 0x%x".formatted(
        register.number), "0x%x".formatted(msr(register))));
    said.put("instruction sets", features.toString());
    return said;
  }

  @Override
  public String toString() {
    return name;
  }
}
