// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuFile;
import org.xenolith.machine.kit.CpuFile.Line;

/**
 * Reads what a description says in model-specific registers: {@code msr NUMBER VALUE}, the manual's value, and {@code lowered msr NUMBER.FIELD VALUE REASON} for what isn't
 * modelled.
 */
final class MsrReader {
  private static final String WHERE = "; see docs/guides/cpu.md";

  private final CpuFile file;
  /** Is told what was lowered and why, as a text. */
  private final Consumer<String> lowered;
  private final Map<Msr, Long> values = new EnumMap<>(Msr.class);
  private final Map<Msr, Line> lines = new EnumMap<>(Msr.class);

  MsrReader(CpuFile file, Consumer<String> lowered) {
    this.file = file;
    this.lowered = lowered;
  }

  /** A line that begins with {@code msr}. */
  void msr(Line line) {
    if (line.words().size() != 3) {
      throw file.wrong(line, "an MSR has " + (line.words().size() - 1) + " words", "write msr NUMBER VALUE");
    }
    Msr register = register(line, line.words().get(1));
    Line before = lines.putIfAbsent(register, line);
    if (before != null) {
      throw file.wrong(line, shown(register) + " is said a second time", "remove this line or line " + before.number());
    }
    values.put(register, file.number(line, line.words().get(2), shown(register), 64));
  }

  private Msr register(Line line, String text) {
    int number = (int) file.number(line, text, "MSR", 32);
    return MsrField.BY_REGISTER.keySet().stream().filter(each -> each.number == number).findFirst().orElseThrow(() -> file.wrong(line,
        "of MSR " + text + " no description says anything",
        "leave it out: it is the machine's, or isn't there. Those that are described are "
            + MsrField.BY_REGISTER.keySet().stream().map(MsrReader::number).collect(Collectors.joining(", "))));
  }

  private static String number(Msr register) {
    return "0x%X".formatted(register.number);
  }

  private static String shown(Msr register) {
    return "MSR " + number(register);
  }

  /** A line that begins with {@code lowered msr}. */
  void lowered(Line line) {
    List<String> words = line.words();
    if (words.size() < 5) {
      throw file.wrong(line, "a lowered MSR has " + (words.size() - 1) + " words", "write lowered msr NUMBER.FIELD VALUE REASON");
    }
    String target = words.get(2);
    int dot = target.indexOf('.');
    Msr register = register(line, dot < 0 ? target : target.substring(0, dot));
    if (!values.containsKey(register)) {
      throw file.wrong(line, shown(register) + " has no value to be lowered", "say what the manual has in a line 'msr " + number(register)
          + " VALUE' above");
    }
    MsrField field = field(line, register, dot < 0 ? "63:0" : target.substring(dot + 1));
    long value = file.number(line, words.get(3), target, field.high() - field.low() + 1);
    long had = field.of(values.get(register));
    if (had == value) {
      throw file.wrong(line, "msr " + target + " is " + value + " as it is", "remove the line");
    }
    values.put(register, values.get(register) & ~field.mask() | value << field.low());
    lowered.accept("msr " + target + " " + value + " for " + Long.toUnsignedString(had) + ": " + line.rest(4));
  }

  /** A field by its name or, where it has none as nothing of it is modelled, by its bits: HIGH:LOW. */
  private MsrField field(Line line, Msr register, String name) {
    List<MsrField> fields = MsrField.BY_REGISTER.get(register);
    for (MsrField field : fields) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    if (name.matches("[0-9]{1,2}:[0-9]{1,2}")) {
      int high = Integer.parseInt(name.substring(0, name.indexOf(':')));
      int low = Integer.parseInt(name.substring(name.indexOf(':') + 1));
      if (high < 64 && low <= high) {
        return new MsrField(register, name, high, low, true, 0);
      }
    }
    throw file.wrong(line, register + " has no field '" + name + "' of which anything is modelled", "use one of " + fields.stream().map(
        MsrField::name).collect(Collectors.joining(", ")) + ", or bits as 47:44");
  }

  /**
   * All that was said, as it is modelled.
   *
   * @throws ModelException if more is said than is modelled, or less than every CPU has
   */
  Map<Msr, Long> values() {
    MsrField.BY_REGISTER.forEach((register, fields) -> {
      if (values.containsKey(register)) {
        check(register, fields, values.get(register));
      } else if (fields.stream().anyMatch(field -> field.value() != 0)) {
        throw new ModelException(file.place() + ": no line 'msr " + number(register) + " VALUE'; every such CPU has " + register
            + ", and not as zero");
      }
    });
    return values;
  }

  private void check(Msr register, List<MsrField> fields, long value) {
    long unknown = value;
    for (MsrField field : fields) {
      unknown &= ~field.mask();
      if (!field.any() && field.of(value) != field.value()) {
        throw file.wrong(lines.get(register), register + "." + field.name() + " says " + field.of(value) + ", and " + field.value()
            + " is modelled", "keep the line and add 'lowered msr " + number(register) + "." + field.name() + " " + field.value()
                + " REASON'"
                + WHERE);
      }
    }
    if (unknown != 0) {
      int bit = Long.numberOfTrailingZeros(unknown);
      throw file.wrong(lines.get(register), register + " says 1 in bit " + bit + ", of which nothing is modelled",
          "keep the line and add 'lowered msr " + number(register) + "." + bit + ":" + bit + " 0 REASON'" + WHERE);
    }
  }
}
