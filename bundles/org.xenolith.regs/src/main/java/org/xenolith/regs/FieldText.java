// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The manual's words on the registers of a table: the text {@code TABLE.fields} beside the class of that name. It is read when somebody first asks. The table says which registers there are; this says
 * what they mean. It looks so:
 *
 * <pre>
 * # Manual, clause
 * CR: Control Register
 *   EN      0    it counts
 *   MODE    5:4  once, or again and again
 * LOAD# VALUE#: Value of timer &lt;n&gt;
 *   whole
 * </pre>
 *
 * A register's line has its names, in quotes if they have spaces, and its title. {@code #} in a name is a number, hexadecimal behind {@code 0x}, of which {@code <n>} in the title is the last; {@code <end>} becomes what the name has behind its last {@code _}. A field's
 * line is indented and has name, bits and words. {@code whole} is said of a register that is one value.
 */
public final class FieldText {
  private static final FieldText NONE = new FieldText("", "");
  private static final ClassValue<FieldText> READ = new ClassValue<>() {
    @Override
    protected FieldText computeValue(Class<?> table) {
      return read(table);
    }
  };
  private static final Pattern REGISTER = Pattern.compile("((?:[\\w#]+|\"[^\"]+\")(?: (?:[\\w#]+|\"[^\"]+\"))*): (.+)");
  private static final Pattern FIELD = Pattern.compile("  +(\\w+) +(\\d+)(?::(\\d+))?(?: +(.*))?");
  private static final Pattern NAME = Pattern.compile("\"([^\"]+)\"|(\\S+)");

  /** What is said of the names of one line. */
  private record Entry(String name, Pattern pattern, String title, List<RegisterField> fields, boolean[] whole) {
    boolean isOf(String register) {
      return pattern.matcher(register).matches();
    }
  }

  private final String file;
  private final List<Entry> entries = new ArrayList<>();
  private final Map<String, Entry> exact = new HashMap<>();
  private final Map<String, RegisterWords> known = new ConcurrentHashMap<>();

  /**
   * Reads a text.
   *
   * @param file what it is called in messages
   * @throws IllegalArgumentException if a line means nothing, fields overlap, or a register is there twice; the message has the line
   */
  FieldText(String file, String text) {
    this.file = file;
    List<Entry> current = List.of();
    int line = 0;
    for (String each : text.lines().toList()) {
      line++;
      Matcher register = REGISTER.matcher(each);
      Matcher field = FIELD.matcher(each);
      if (each.isBlank() || each.startsWith("#")) {
        continue;
      } else if (register.matches()) {
        current = register(register, line);
      } else if (each.strip().equals("whole") && !current.isEmpty() && current.getFirst().fields.isEmpty()) {
        current.getFirst().whole[0] = true;
      } else if (field.matches() && !current.isEmpty() && !current.getFirst().whole[0]) {
        add(current.getFirst().fields, field, line);
      } else {
        throw refused(line, "neither a register nor one of its fields: " + each.strip());
      }
    }
    for (Entry each : entries) {
      if (each.fields.isEmpty() && !each.whole[0]) {
        throw new IllegalArgumentException(file + ": " + each.name + " has neither fields nor the word 'whole'");
      }
      each.fields.sort(Comparator.comparingInt(RegisterField::low));
    }
  }

  private List<Entry> register(Matcher found, int line) {
    List<Entry> made = new ArrayList<>();
    List<RegisterField> fields = new ArrayList<>();
    boolean[] whole = new boolean[1];
    Matcher names = NAME.matcher(found.group(1));
    while (names.find()) {
      String name = names.group(1) == null ? names.group(2) : names.group(1);
      Entry entry = new Entry(name, pattern(name), found.group(2), fields, whole);
      made.add(entry);
      entries.add(entry);
      if (exact.putIfAbsent(name, entry) != null) {
        throw refused(line, name + " is there twice");
      }
    }
    return made;
  }

  private static Pattern pattern(String name) {
    StringBuilder pattern = new StringBuilder();
    String before = "";
    for (String piece : name.split("#", -1)) {
      pattern.append(pattern.isEmpty() ? "" : before.endsWith("0x") ? "([0-9a-f]+)" : "(\\d+)").append(Pattern.quote(piece));
      before = piece;
    }
    return Pattern.compile(pattern.toString());
  }

  private void add(List<RegisterField> fields, Matcher found, int line) {
    int high = Integer.parseInt(found.group(2));
    int low = found.group(3) == null ? high : Integer.parseInt(found.group(3));
    if (low > high) {
      throw refused(line, found.group(1) + " ends before it begins");
    }
    RegisterField field = new RegisterField(found.group(1), low, high - low + 1, found.group(4) == null ? "" : found.group(4).strip());
    for (RegisterField other : fields) {
      if (other.name().equals(field.name()) || other.low() <= field.high() && field.low() <= other.high()) {
        throw refused(line, field.name() + " has a name or bits of " + other.name());
      }
    }
    fields.add(field);
  }

  private IllegalArgumentException refused(int line, String why) {
    return new IllegalArgumentException(file + ", line " + line + ": " + why);
  }

  /**
   * The text beside a class; one that says nothing if there is none.
   *
   * @throws IllegalArgumentException if it can't be understood
   */
  public static FieldText beside(Class<?> table) {
    return READ.get(table);
  }

  private static FieldText read(Class<?> table) {
    String file = table.getSimpleName() + ".fields";
    try (InputStream in = table.getResourceAsStream(file)) {
      return in == null ? NONE : new FieldText(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is said of a register; {@link RegisterWords#UNSAID} if nothing is. */
  public RegisterWords of(String register) {
    return entries.isEmpty() ? RegisterWords.UNSAID : known.computeIfAbsent(register, this::find);
  }

  private RegisterWords find(String register) {
    Entry found = exact.getOrDefault(register, entries.stream().filter(each -> each.isOf(register)).findFirst().orElse(null));
    return found == null ? RegisterWords.UNSAID : new RegisterWords(title(found, register), found.whole[0], found.fields);
  }

  private static String title(Entry entry, String register) {
    String title = entry.title.replace("<end>", register.substring(register.lastIndexOf('_') + 1));
    Matcher numbers = entry.pattern.matcher(register);
    return numbers.matches() && numbers.groupCount() > 0 ? title.replace("<n>", numbers.group(numbers.groupCount())) : title;
  }

  /** Of the names in this text those that no register of a table has. */
  public Set<String> unknown(Collection<String> registers) {
    Set<String> unknown = new HashSet<>();
    for (Entry entry : entries) {
      if (registers.stream().noneMatch(entry::isOf)) {
        unknown.add(entry.name);
      }
    }
    return unknown;
  }
}
