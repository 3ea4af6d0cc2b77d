// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.xenolith.a64.arch.ModelledRegister.Field;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuFile;
import org.xenolith.machine.kit.CpuFile.Line;

/**
 * Reads what a description says of a CPU that executes A64: {@code register NAME VALUE}, the manual's value, and {@code lowered NAME.FIELD VALUE REASON} for each field
 * whose value isn't modelled, so that both what the CPU has and what is here of it can be read.
 */
final class CpuModelReader {
  private static final String CACHES = "CCSIDR_EL1";
  private static final String WHERE = "; see docs/guides/cpu.md";

  private final CpuFile file;
  private final Map<String, Long> values = new LinkedHashMap<>();
  private final Map<String, Line> lines = new LinkedHashMap<>();
  private final List<String> lowered = new ArrayList<>();

  CpuModelReader(CpuFile file) {
    this.file = file;
  }

  /** A cache's size register. @param selector value of CSSELR_EL1 */
  static String cache(int selector) {
    return CACHES + '[' + selector + ']';
  }

  CpuModel read() {
    for (Line line : file.lines()) {
      switch (line.words().getFirst()) {
        case "register" -> register(line);
        case "lowered" -> lowered(line);
        default -> throw file.wrong(line, "'" + line.words().getFirst() + "' is no word that a description begins a line with",
            "use register or lowered" + WHERE);
      }
    }
    for (String needed : List.of("MIDR_EL1", "ID_AA64PFR0_EL1", "ID_AA64DFR0_EL1", "ID_AA64MMFR0_EL1", "CTR_EL0", "DCZID_EL0")) {
      if (!values.containsKey(needed)) {
        throw new ModelException(file.place() + ": no line 'register " + needed
            + " VALUE'; every such CPU has that register, and not as zero");
      }
    }
    values.forEach(this::check);
    String memory = "ID_AA64MMFR0_EL1";
    if (Granule.identified(values.get(memory)).isEmpty()) {
      throw file.wrong(lines.get(memory), memory + " says that there is no size of pages",
          "write the value of the manual, of which TGran4, TGran16 or TGran64 has one");
    }
    return new CpuModel(file.name(), file.summary(), values, lowered);
  }

  private void register(Line line) {
    if (line.words().size() != 3) {
      throw file.wrong(line, "a register has " + (line.words().size() - 1) + " words", "write register NAME VALUE");
    }
    String name = line.words().get(1);
    ModelledRegister modelled = modelled(line, name);
    long value = file.number(line, line.words().get(2), name, modelled.bits());
    Line before = lines.putIfAbsent(name, line);
    if (before != null) {
      throw file.wrong(line, name + " is said a second time", "remove this line or line " + before.number());
    }
    values.put(name, value);
  }

  private ModelledRegister modelled(Line line, String name) {
    String base = name.replaceFirst("\\[.*", "");
    ModelledRegister modelled = ModelledRegister.ALL.get(base);
    if (modelled == null) {
      throw file.wrong(line, "'" + name + "' is no identification register that is known", "use one of " + String.join(", ",
          ModelledRegister.ALL
              .keySet()));
    }
    if (base.equals(CACHES) != (base.length() != name.length()) || base.equals(CACHES) && !name.matches("CCSIDR_EL1\\[([0-9]|1[0-3])\\]")) {
      throw file.wrong(line, "'" + name + "' is no register's name", base.equals(CACHES)
          ? "write " + CACHES + "[N] with the value of CSSELR_EL1, 0 to 13" : "write " + base);
    }
    return modelled;
  }

  private void lowered(Line line) {
    if (line.words().size() < 4) {
      throw file.wrong(line, "a lowered field has " + (line.words().size() - 1) + " words", "write lowered REGISTER.FIELD VALUE REASON");
    }
    String target = line.words().get(1);
    int dot = target.indexOf('.');
    String name = dot < 0 ? target : target.substring(0, dot);
    modelled(line, name);
    if (!values.containsKey(name)) {
      throw file.wrong(line, name + " has no value to be lowered", "say what the manual has in a line 'register " + name + " VALUE' above");
    }
    Field field = dot < 0 ? new Field(name, ModelledRegister.ALL.get(name).bits() - 1, 0, List.of(), ModelledRegister.Decider.DESCRIPTION)
        : field(line, name, target.substring(dot + 1));
    long value = file.number(line, line.words().get(2), target, field.high() - field.low() + 1);
    long had = field.of(values.get(name));
    if (had == value) {
      throw file.wrong(line, target + " is " + value + " as it is", "remove the line");
    }
    values.put(name, values.get(name) & ~field.mask() | value << field.low());
    lowered.add(target + " " + value + " for " + had + ": " + line.rest(3));
  }

  /** A field by its name or, where it has none as nothing of it is modelled, by its bits: HIGH:LOW. */
  private Field field(Line line, String register, String name) {
    for (Field field : ModelledRegister.ALL.get(register).fields()) {
      if (field.name().equals(name)) {
        return field;
      }
    }
    int bits = ModelledRegister.ALL.get(register).bits();
    if (name.matches("[0-9]{1,2}:[0-9]{1,2}")) {
      int high = Integer.parseInt(name.substring(0, name.indexOf(':')));
      int low = Integer.parseInt(name.substring(name.indexOf(':') + 1));
      if (high < bits && low <= high) {
        return new Field(name, high, low, List.of(), ModelledRegister.Decider.DESCRIPTION);
      }
    }
    throw file.wrong(line, register + " has no field '" + name + "' of which anything is modelled", "use one of " + ModelledRegister.ALL
        .get(register)
        .fields().stream().map(Field::name).collect(Collectors.joining(", ")) + ", or bits as 47:44");
  }

  private void check(String name, long value) {
    Line line = lines.get(name);
    ModelledRegister modelled = modelled(line, name);
    for (Field field : modelled.fields()) {
      if (!field.models(value)) {
        throw file.wrong(line, name + "." + field.name() + " says " + field.of(value) + ", which isn't modelled; what is, is " + field
            .values().stream()
            .map(String::valueOf).collect(Collectors.joining(" or ")), "keep the line and add 'lowered " + name + "." + field.name() + " "
                + field.values().getLast() + " REASON'" + WHERE);
      }
    }
    long unknown = value & ~modelled.known();
    if (unknown != 0) {
      int low = Long.numberOfTrailingZeros(unknown) & ~3;
      String bits = Math.min(low + 3, modelled.bits() - 1) + ":" + low;
      throw file.wrong(line, name + " says 0x" + Long.toHexString(unknown >>> low & 15) + " in bits " + bits
          + ", of which nothing is modelled",
          "keep the line and add 'lowered " + name + "." + bits + " 0 REASON'" + WHERE);
    }
  }
}
