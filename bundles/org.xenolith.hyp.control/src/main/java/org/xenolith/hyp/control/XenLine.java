// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a hypervisor's command line says of Dom0 (Xen, docs/misc/xen-command-line.pandoc). Other words mean nothing here.
 *
 * @param memory bytes of RAM, by {@code dom0_mem}: its amount, without bounds
 * @param vcpus  virtual CPUs, by {@code dom0_max_vcpus}; of a range its end
 */
record XenLine(OptionalLong memory, OptionalInt vcpus) {
  private static final Pattern MEMORY = Pattern.compile("dom0_mem=(?:[^ ]*,)?(\\d{1,9})([BKMGbkmg]?)(?:,[^ ]*)?");
  private static final Pattern VCPUS = Pattern.compile("dom0_max_vcpus=(?:\\d*-)?(\\d{1,3})");

  /** Reads a line. Of a word that is there twice the last one holds. */
  static XenLine of(String line) {
    OptionalLong memory = OptionalLong.empty();
    OptionalInt vcpus = OptionalInt.empty();
    for (String word : line.strip().split("\\s+")) {
      Matcher said = MEMORY.matcher(word);
      if (said.matches()) {
        // Without a unit it's KiB
        int shift = switch (said.group(2).toUpperCase(Locale.ROOT)) {
          case "B" -> 0;
          case "M" -> 20;
          case "G" -> 30;
          default -> 10;
        };
        memory = OptionalLong.of(Long.parseLong(said.group(1)) << shift);
      }
      said = VCPUS.matcher(word);
      if (said.matches()) {
        vcpus = OptionalInt.of(Integer.parseInt(said.group(1)));
      }
    }
    return new XenLine(memory, vcpus);
  }
}
