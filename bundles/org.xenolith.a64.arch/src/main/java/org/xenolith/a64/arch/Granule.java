// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A translation granule: the size of the pages and tables of VMSAv8-64 (Arm ARM DDI 0487, D8.1.8). */
public enum Granule {
  /** Pages of 4 KiB, blocks of 2 MiB and 1 GiB. */
  K4(12, "4k"),
  /** Pages of 16 KiB, blocks of 32 MiB. */
  K16(14, "16k"),
  /** Pages of 64 KiB, blocks of 512 MiB. */
  K64(16, "64k");

  /** The option of a CPU's node that lists its granules. */
  public static final String OPTION = "granules";
  /** What a CPU has that nobody asked for by name, nor asked more of. */
  public static final Set<Granule> DEFAULT = Set.of(K4);

  /** The size of a page as a power of two. */
  public final int shift;
  private final String text;

  Granule(int shift, String text) {
    this.shift = shift;
    this.text = text;
  }

  /** The size of a page in bytes. */
  public int bytes() {
    return 1 << shift;
  }

  /** As in {@link #parse}, for example {@code 16k}. */
  @Override
  public String toString() {
    return text;
  }

  /**
   * Reads a list such as {@code 4k,16k,64k}.
   *
   * @throws IllegalArgumentException if it names none, or something else; the message says what could be
   */
  public static Set<Granule> parse(String list) {
    EnumSet<Granule> found = EnumSet.noneOf(Granule.class);
    for (String word : list.split(",", -1)) {
      found.add(Stream.of(values()).filter(g -> g.text.equalsIgnoreCase(word.strip())).findFirst()
          .orElseThrow(() -> new IllegalArgumentException("expected one or more of 4k,16k,64k, got '" + list + "'")));
    }
    return Collections.unmodifiableSet(found);
  }

  /**
   * What a CPU has: what its node's option says, else what the CPU has that was asked for by name, else {@link #DEFAULT}.
   *
   * @param list  the option's value; empty if nobody said it
   * @param named the CPU that was asked for; empty if none was
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static Set<Granule> of(String list, Optional<CpuModel> named) {
    return list.isEmpty() ? named.map(CpuModel::granules).orElse(DEFAULT) : parse(list);
  }

  /** Those that ID_AA64MMFR0_EL1 says are there: by TGran4 31:28 and TGran64 27:24, of which 15 is none, and TGran16 23:20, of which 0 is none. */
  static Set<Granule> identified(long memoryFeatures) {
    EnumSet<Granule> found = EnumSet.noneOf(Granule.class);
    if ((memoryFeatures >>> 28 & 15) != 15) {
      found.add(K4);
    }
    if ((memoryFeatures >>> 20 & 15) != 0) {
      found.add(K16);
    }
    if ((memoryFeatures >>> 24 & 15) != 15) {
      found.add(K64);
    }
    return Collections.unmodifiableSet(found);
  }

  /** What {@link #parse} reads, the smallest first. */
  public static String list(Set<Granule> granules) {
    return granules.stream().sorted().map(Granule::toString).collect(Collectors.joining(","));
  }
}
