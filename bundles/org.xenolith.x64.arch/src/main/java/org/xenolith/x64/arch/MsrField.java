// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Some bits of a model-specific register that tells of the CPU, and what a description may say of them: a line of the table {@code cpus/modelled-x64-msrs.txt}.
 *
 * @param register whose bits they are
 * @param name     as the manual has it
 * @param high     the highest bit
 * @param low      the lowest bit
 * @param any      whether any value may be said
 * @param value    the only one that may be, if not any
 */
record MsrField(Msr register, String name, int high, int low, boolean any, long value) {
  private static final String TABLE = "/cpus/modelled-x64-msrs.txt";

  /** All of them, by register in the order of the table. */
  static final Map<Msr, List<MsrField>> BY_REGISTER = read();

  private static Map<Msr, List<MsrField>> read() {
    String text;
    try (InputStream in = MsrField.class.getResourceAsStream(TABLE)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(TABLE + ", of the jar of this class", e);
    }
    Map<Msr, List<MsrField>> all = new EnumMap<>(Msr.class);
    for (String line : text.lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        MsrField field = field(line.split(" "));
        all.computeIfAbsent(field.register, register -> new ArrayList<>()).add(field);
      }
    }
    return all;
  }

  private static MsrField field(String[] words) {
    Msr register = Msr.valueOf(words[1]);
    if (register.number != Integer.decode(words[0])) {
      throw new IllegalStateException(TABLE + ": " + words[0] + " isn't " + register);
    }
    int colon = words[3].indexOf(':');
    boolean any = words[4].equals("any");
    return new MsrField(register, words[2], Integer.parseInt(words[3].substring(0, colon)), Integer.parseInt(words[3].substring(colon + 1)),
        any, any ? 0 : Long.parseLong(words[4].substring(1)));
  }

  /** Its bits in the register. */
  long mask() {
    return (high == 63 ? -1L : (1L << high + 1) - 1) & -1L << low;
  }

  /** What a value of the register has in it. */
  long of(long value) {
    return (value & mask()) >>> low;
  }
}
