// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
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
  /** What a CPU has that nobody asked more of. */
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
   * What a CPU with these options of its node has.
   *
   * @throws IllegalArgumentException as {@link #parse}
   */
  public static Set<Granule> of(Map<String, String> options) {
    String list = options.get(OPTION);
    return list == null ? DEFAULT : parse(list);
  }

  /** What {@link #parse} reads, the smallest first. */
  public static String list(Set<Granule> granules) {
    return granules.stream().sorted().map(Granule::toString).collect(Collectors.joining(","));
  }
}
