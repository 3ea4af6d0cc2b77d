// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/** A register table as a test has written it down from the manual, see {@link DeviceModelContract#manual()}. */
final class ManualTable {
  private ManualTable() {}

  /** A line for each register: offset, name, value after reset, writable bits, and what else there is. */
  static List<String> of(String text) {
    return text.lines().map(line -> line.replaceFirst("#.*", "").strip()).filter(line -> !line.isEmpty()).map(ManualTable::line).sorted()
        .toList();
  }

  /** The same of a table. */
  static List<String> of(List<? extends Register> registers) {
    return registers.stream().map(register -> line(register.name(), register.spec())).sorted().toList();
  }

  private static String line(String text) {
    String[] words = text.split("\\s+");
    if (words.length < 4) {
      throw new AssertionError("'" + text + "' in manual(): expected OFFSET NAME RESET WRITABLE [w1c=BITS] [wide], numbers in hexadecimal");
    }
    RegisterSpec spec = RegisterSpec.at((int) number(words[0], text), "").reset(number(words[2], text)).rw(number(words[3], text));
    for (int i = 4; i < words.length; i++) {
      if (words[i].equals("wide")) {
        spec = spec.wide();
      } else if (words[i].startsWith("w1c=")) {
        spec = spec.w1c(number(words[i].substring(4), text));
      } else {
        throw new AssertionError("'" + text + "' in manual(): '" + words[i] + "': expected wide or w1c=BITS");
      }
    }
    return line(words[1], spec);
  }

  private static long number(String word, String text) {
    try {
      return Long.parseUnsignedLong(word, 16);
    } catch (NumberFormatException e) {
      throw new AssertionError("'" + text + "' in manual(): '" + word + "' is no hexadecimal number", e);
    }
  }

  private static String line(String name, RegisterSpec spec) {
    List<String> words = new ArrayList<>(List.of("%06x".formatted(spec.offset()), name, "reset", Long.toHexString(spec.reset()), "writable",
        Long.toHexString(spec.rw())));
    if (spec.w1c() != 0) {
      words.add("w1c=" + Long.toHexString(spec.w1c()));
    }
    if (spec.size() == 8) {
      words.add("wide");
    }
    return String.join(" ", words);
  }
}
