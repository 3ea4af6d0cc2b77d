// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.abigen;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One table: what a public header says, or several of them. Its form is described in README.md of the bundle that has it. */
record AbiTable(List<Type> types) {
  /** What becomes a class. */
  sealed interface Type {
    String name();

    /** What it is, as the doc comment says: text, and where it comes from. */
    String doc();
  }

  /** Numbers. */
  record Constants(String name, String doc, List<Constant> constants) implements Type {}

  /** A number as the header names it, and its value as a literal of Java. */
  record Constant(String name, String value) {
    boolean isLong() { return value.endsWith("L"); }
  }

  /** A C structure of so many bytes, and of {@code narrow} bytes for callers with 32-bit words; the same if its layout is. */
  record Struct(String name, String doc, int size, int narrow, List<Field> fields) implements Type {
    boolean hasNarrowLayout() {
      return narrow != size || fields.stream().anyMatch(field -> field.narrow != null);
    }
  }

  /** A field at an offset; for callers with 32-bit words at {@code narrow}, if that isn't null. */
  record Field(int offset, Kind kind, String name, int bytes, Place narrow) {}

  /** Where a field is, in bytes. */
  record Place(int offset, int bytes) {}

  /** How a field is reached. */
  enum Kind {
    U8, S8, U16, S16, W32, W64, W32_ARRAY, W64_ARRAY, BYTES
  }

  private static final Pattern HEADER = Pattern.compile("header (\\S+\\.h)");
  private static final Pattern CONSTANTS = Pattern.compile("constants (\\w+)((?: and \\S+\\.h)*): (.+)");
  private static final Pattern CONSTANT = Pattern.compile(" {2}(\\w+) = (-?(?:\\d+|0x[0-9a-f]+)L?)");
  private static final Pattern STRUCT = Pattern.compile("struct (\\w+) (\\w+) (\\d+)(?: narrow (\\d+))?: (.+)");
  private static final Pattern FIELD = Pattern.compile(
      " {2}(\\d+) (u8|s8|u16|s16|w32|w64|w32\\[]|w64\\[]|bytes\\[(\\d+)]) (\\w+)(?: narrow (\\d+) (\\d+))?");

  /**
   * Reads a table.
   *
   * @param file its name, for messages
   * @throws IllegalArgumentException with file, line and what is expected there
   */
  static AbiTable read(String file, List<String> lines) {
    List<Type> types = new ArrayList<>();
    List<Constant> constants = List.of();
    List<Field> fields = List.of();
    Set<String> names = new HashSet<>();
    String header = null;
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      String at = file + ":" + (i + 1) + ": ";
      Matcher m;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      } else if ((m = HEADER.matcher(line)).matches()) {
        header = m.group(1);
        continue;
      } else if (header == null) {
        throw new IllegalArgumentException(at + "expected 'header NAME.h' before '" + line + "'");
      } else if ((m = CONSTANTS.matcher(line)).matches()) {
        constants = new ArrayList<>();
        fields = List.of();
        names.clear();
        String from = "{@code " + header + "}" + m.group(2).replaceAll(" and (\\S+)", ", {@code $1}");
        types.add(new Constants(m.group(1), m.group(3) + " (" + from + "). Names as there.", constants));
      } else if ((m = STRUCT.matcher(line)).matches()) {
        constants = List.of();
        fields = new ArrayList<>();
        names.clear();
        types.add(new Struct(m.group(1), m.group(5) + " ({@code " + (m.group(2).endsWith("_t") ? "" : "struct ") + m.group(2)
            + "} of {@code " + header + "}).",
            Integer.parseInt(m.group(3)), Integer.parseInt(m.group(4) == null ? m.group(3) : m.group(4)), fields));
      } else if (!types.isEmpty() && types.getLast() instanceof Constants && (m = CONSTANT.matcher(line)).matches()) {
        unique(names, m.group(1), at);
        constants.add(new Constant(m.group(1), m.group(2)));
      } else if (!types.isEmpty() && types.getLast() instanceof Struct && (m = FIELD.matcher(line)).matches()) {
        unique(names, m.group(4), at);
        boolean bytes = m.group(3) != null;
        Kind kind = bytes ? Kind.BYTES : Kind.valueOf(m.group(2).toUpperCase(java.util.Locale.ROOT).replace("[]", "_ARRAY"));
        fields.add(new Field(Integer.parseInt(m.group(1)), kind, m.group(4), bytes ? Integer.parseInt(m.group(3)) : 0,
            m.group(5) == null ? null : new Place(Integer.parseInt(m.group(5)), Integer.parseInt(m.group(6)))));
      } else {
        throw new IllegalArgumentException(at + "'" + line + "' is none of 'header NAME.h', 'constants CLASS: TEXT', '  NAME = VALUE', "
            + "'struct CLASS C_NAME BYTES [narrow BYTES]: TEXT', '  OFFSET TYPE NAME [narrow OFFSET BYTES]'; see README.md of the bundle");
      }
    }
    return new AbiTable(types);
  }

  private static void unique(Set<String> names, String name, String at) {
    if (!names.add(name)) {
      throw new IllegalArgumentException(at + name + " is there already; name each once");
    }
  }
}
