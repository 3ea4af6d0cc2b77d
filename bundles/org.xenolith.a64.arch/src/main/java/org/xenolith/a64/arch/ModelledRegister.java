// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An identification register and what it may say, so that no CPU's description claims what isn't modelled: a row of the table {@code cpus/modelled-a64.txt}.
 *
 * @param name   as the manual has it
 * @param id     its encoding, as packed by {@link SystemRegister#id}
 * @param bits   its width
 * @param fields all other bits are zero
 */
record ModelledRegister(String name, int id, int bits, List<Field> fields) {
  private static final String TABLE = "/cpus/modelled-a64.txt";

  /** All of them, by name. */
  static final Map<String, ModelledRegister> ALL = read();

  /** Who has the last word on a field. */
  enum Decider {
    /** The CPU's description. */
    DESCRIPTION,
    /** The machine, which has what it is about or hasn't. */
    PRESENT,
    /** An option, whatever the description says. */
    OPTION
  }

  /**
   * Some bits of a register.
   *
   * @param name   as the manual has it
   * @param values that may be said; empty for any
   */
  record Field(String name, int high, int low, List<Long> values, Decider decider) {
    long mask() {
      return (high == 63 ? -1L : (1L << high + 1) - 1) & -1L << low;
    }

    long of(long value) {
      return (value & mask()) >>> low;
    }

    boolean models(long value) {
      return values.isEmpty() || values.contains(of(value));
    }
  }

  /** The bits that have a field. */
  long known() {
    long known = 0;
    for (Field field : fields) {
      known |= field.mask();
    }
    return known;
  }

  /** The bits of the fields on which somebody has the last word. */
  long decidedBy(Decider decider) {
    long mask = 0;
    for (Field field : fields) {
      mask |= field.decider == decider ? field.mask() : 0;
    }
    return mask;
  }

  private static Map<String, ModelledRegister> read() {
    String text;
    try (InputStream in = ModelledRegister.class.getResourceAsStream(TABLE)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(TABLE + ", of the jar of this class", e);
    }
    Map<String, ModelledRegister> all = new LinkedHashMap<>();
    List<Field> fields = null;
    for (String line : text.lines().toList()) {
      String[] words = line.strip().split(" ");
      if (words[0].equals("register")) {
        fields = new ArrayList<>();
        int id = SystemRegister.id(number(words[2]), number(words[3]), number(words[4]), number(words[5]), number(words[6]));
        all.put(words[1], new ModelledRegister(words[1], id, number(words[7]), fields));
      } else if (!words[0].isEmpty() && !words[0].startsWith("#")) {
        fields.add(field(words));
      }
    }
    return all;
  }

  private static Field field(String[] words) {
    int colon = words[1].indexOf(':');
    List<Long> values = new ArrayList<>();
    Decider decider = Decider.DESCRIPTION;
    for (int i = 2; i < words.length; i++) {
      if (words[i].equals("present")) {
        decider = Decider.PRESENT;
      } else if (words[i].equals("option")) {
        decider = Decider.OPTION;
      } else if (!words[i].equals("any")) {
        values.add(Long.parseLong(words[i]));
      }
    }
    return new Field(words[0], number(words[1].substring(0, colon)), number(words[1].substring(colon + 1)), values, decider);
  }

  private static int number(String text) {
    return Integer.parseInt(text);
  }
}
