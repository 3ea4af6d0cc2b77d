// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Some bits of CPUID and what a description may say of them, so that none claims what isn't modelled: a line of the table {@code cpus/modelled-x64.txt}.
 *
 * @param leaf     EAX
 * @param subleaf  ECX, or {@link CpuidLeaf#ALL}
 * @param register 0 to 3 for EAX to EDX
 * @param name     as the manual has it
 * @param low      the lowest bit
 * @param mask     the bits
 * @param kind     what may be said
 * @param argument of which feature or number; empty for most
 */
record CpuidField(int leaf, int subleaf, int register, String name, int low, int mask, Kind kind, String argument) {
  static final List<String> REGISTERS = List.of("EAX", "EBX", "ECX", "EDX");
  private static final String TABLE = "/cpus/modelled-x64.txt";

  /** All of them. */
  static final List<CpuidField> ALL = read();

  /** What may be said; the table's head says what each means. */
  enum Kind {
    ANY, ALWAYS, FEATURE, WITH, NUMBER, PRESENT, MACHINE
  }

  private static List<CpuidField> read() {
    String text;
    try (InputStream in = CpuidField.class.getResourceAsStream(TABLE)) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(TABLE + ", of the jar of this class", e);
    }
    List<CpuidField> all = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (!line.isBlank() && !line.startsWith("#")) {
        all.add(field(line.split(" ")));
      }
    }
    return all;
  }

  private static CpuidField field(String[] words) {
    int dot = words[0].indexOf('.');
    String bits = words[3];
    int colon = bits.indexOf(':');
    int high = Integer.parseInt(colon < 0 ? bits : bits.substring(0, colon));
    int low = Integer.parseInt(colon < 0 ? bits : bits.substring(colon + 1));
    boolean number = words[4].startsWith("=");
    Kind kind = number ? Kind.NUMBER : Kind.valueOf(words[4].toUpperCase(java.util.Locale.ROOT));
    return new CpuidField(Long.decode(dot < 0 ? words[0] : words[0].substring(0, dot)).intValue(), dot < 0 ? CpuidLeaf.ALL : Integer
        .parseInt(words[0]
            .substring(dot + 1)), REGISTERS.indexOf(words[1]), words[2], low, (int) ((1L << high + 1) - (1L << low)), kind, number
                ? words[4].substring(1)
                : words.length > 5 ? words[5] : "");
  }

  /** Whether it is of that register of a leaf. */
  boolean of(CpuidLeaf each, int ofRegister) {
    return register == ofRegister && leaf == each.number() && (subleaf == CpuidLeaf.ALL || subleaf == each.subleaf());
  }

  int of(int value) {
    return (value & mask) >>> low;
  }

  /** As messages have it: 0x7.0 EBX.SMAP. */
  String shown() {
    return new CpuidLeaf(leaf, subleaf, 0, 0, 0, 0).shown() + " " + REGISTERS.get(register) + "." + name;
  }
}
