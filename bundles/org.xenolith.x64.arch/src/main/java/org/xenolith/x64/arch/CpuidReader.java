// SPDX-License-Identifier: EPL-2.0
package org.xenolith.x64.arch;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.kit.CpuFile;
import org.xenolith.machine.kit.CpuFile.Line;
import org.xenolith.x64.isa.Feature;

/**
 * Reads what a description says of an x86-64 CPU: {@code leaf NUMBER[.SUBLEAF] EAX=VALUE …}, the manual's values, {@code lowered NUMBER[.SUBLEAF] REGISTER.BITS VALUE
 * REASON} for what isn't modelled, {@code msr} lines ({@link MsrReader}), {@code vendor} and {@code brand} as texts, and {@code quirk NAME}.
 */
final class CpuidReader {
  private static final String WHERE = "; see docs/guides/cpu.md";
  private static final int VENDOR = 12;
  private static final int BRAND = 47;
  /** What CPUID doesn't say and software may see all the same. */
  private static final Map<String, Feature> QUIRKS = Map.of("tzcnt", Feature.BMI1);

  private final CpuFile file;
  private final List<CpuidLeaf> leaves = new ArrayList<>();
  private final Map<String, Line> lines = new HashMap<>();
  private final Map<String, String> texts = new HashMap<>();
  private final List<String> lowered = new ArrayList<>();
  private final MsrReader msrs;
  private final Set<Feature> features = EnumSet.noneOf(Feature.class);

  CpuidReader(CpuFile file) {
    this.file = file;
    msrs = new MsrReader(file, lowered::add);
  }

  CpuModel read() {
    for (Line line : file.lines()) {
      switch (line.words().getFirst()) {
        case "leaf" -> leaf(line);
        case "msr" -> msrs.msr(line);
        case "lowered" -> lowered(line);
        case "vendor" -> text(line, VENDOR);
        case "brand" -> text(line, BRAND);
        case "quirk" -> quirk(line);
        default -> throw file.wrong(line, "'" + line.words().getFirst() + "' is no word that a description begins a line with",
            "use leaf, msr, lowered, vendor, brand or quirk" + WHERE);
      }
    }
    for (int needed : new int[] {0, 1, 7, 0x15, 0x8000_0000, 0x8000_0001, 0x8000_0008}) {
      if (leaves.stream().noneMatch(leaf -> leaf.number() == needed)) {
        throw new ModelException(file.place() + ": no line 'leaf 0x" + Integer.toHexString(needed).toUpperCase(java.util.Locale.ROOT)
            + (CpuidLeaf.isDivided(needed) ? ".0" : "") + " …'; every such CPU answers to that leaf");
      }
    }
    vendor();
    leaves.forEach(leaf -> {
      for (int register = 0; register < 4; register++) {
        check(leaf, register);
      }
    });
    CpuidField.ALL.stream().filter(field -> field.kind() == CpuidField.Kind.ALWAYS && !isSaid(field)).findFirst().ifPresent(field -> {
      throw new ModelException(file.place() + ": leaf " + field.shown() + " isn't said, and the processor always has it; say it");
    });
    Map<Msr, Long> registers = msrs.values();
    try {
      return new CpuModel(file.name(), file.summary(), texts.getOrDefault("brand", file.name()), List.copyOf(leaves), registers, features,
          List
              .copyOf(lowered));
    } catch (IllegalArgumentException e) {
      throw new ModelException(file.place() + ": " + e.getMessage());
    }
  }

  private void leaf(Line line) {
    if (line.words().size() < 3) {
      throw file.wrong(line, "a leaf without values", "write leaf NUMBER EAX=VALUE EBX=VALUE ECX=VALUE EDX=VALUE, those that aren't zero");
    }
    CpuidLeaf leaf = number(line, line.words().get(1));
    int[] values = new int[4];
    boolean[] said = new boolean[4];
    for (String word : line.words().subList(2, line.words().size())) {
      int equals = word.indexOf('=');
      int register = equals < 0 ? -1 : CpuidField.REGISTERS.indexOf(word.substring(0, equals));
      if (register < 0 || said[register]) {
        throw file.wrong(line, "'" + word + "' is no value of a register" + (register < 0 ? "" : " that isn't said already"),
            "write EAX=VALUE, and each of EAX,"
                + " EBX, ECX and EDX at most once");
      }
      said[register] = true;
      values[register] = (int) file.number(line, word.substring(equals + 1), word.substring(0, equals), 32);
    }
    Line before = lines.putIfAbsent(leaf.shown(), line);
    if (before != null) {
      throw file.wrong(line, "leaf " + leaf.shown() + " is said a second time", "remove this line or line " + before.number());
    }
    leaves.add(new CpuidLeaf(leaf.number(), leaf.subleaf(), values[0], values[1], values[2], values[3]));
  }

  private CpuidLeaf number(Line line, String text) {
    int dot = text.indexOf('.');
    int number = (int) file.number(line, dot < 0 ? text : text.substring(0, dot), "leaf", 32);
    if (CpuidLeaf.isDivided(number) != dot >= 0) {
      throw file.wrong(line, "leaf " + text + (dot < 0 ? " has subleaves" : " has no subleaves"), dot < 0 ? "write " + text + ".0 and so on"
          : "write " + text
              .substring(0, dot));
    }
    int subleaf = dot < 0 ? CpuidLeaf.ALL : (int) file.number(line, text.substring(dot + 1), "subleaf", 31);
    if (CpuidField.ALL.stream().noneMatch(field -> field.leaf() == number && (field.subleaf() == CpuidLeaf.ALL || field.subleaf()
        == subleaf))) {
      throw file.wrong(line, "of leaf " + text + " nothing is modelled", "leave it out: it is answered with zeros, or by the machine");
    }
    return new CpuidLeaf(number, subleaf, 0, 0, 0, 0);
  }

  private void lowered(Line line) {
    List<String> words = line.words();
    if (words.size() > 1 && words.get(1).equals("msr")) {
      msrs.lowered(line);
      return;
    }
    if (words.size() < 5) {
      throw file.wrong(line, "what is lowered has " + (words.size() - 1) + " words", "write lowered LEAF REGISTER.FIELD VALUE REASON");
    }
    CpuidLeaf asked = number(line, words.get(1));
    int at = 0;
    while (at < leaves.size() && !leaves.get(at).shown().equals(asked.shown())) {
      at++;
    }
    if (at == leaves.size()) {
      throw file.wrong(line, "leaf " + asked.shown() + " has no values to be lowered", "say what the manual has in a line 'leaf " + asked
          .shown() + " …' above");
    }
    CpuidLeaf leaf = leaves.get(at);
    int dot = words.get(2).indexOf('.');
    int register = dot < 0 ? -1 : CpuidField.REGISTERS.indexOf(words.get(2).substring(0, dot));
    if (register < 0) {
      throw file.wrong(line, "'" + words.get(2) + "' is no field of a register", "write EAX.FIELD, or its bits as EAX.7:4");
    }
    CpuidField field = field(line, leaf, register, words.get(2).substring(dot + 1));
    int value = (int) file.number(line, words.get(3), words.get(2), Integer.bitCount(field.mask()));
    int had = field.of(leaf.register(register));
    if (had == value) {
      throw file.wrong(line, words.get(1) + " " + words.get(2) + " is " + value + " as it is", "remove the line");
    }
    int[] values = {leaf.eax(), leaf.ebx(), leaf.ecx(), leaf.edx()};
    values[register] = values[register] & ~field.mask() | value << field.low();
    leaves.set(at, new CpuidLeaf(leaf.number(), leaf.subleaf(), values[0], values[1], values[2], values[3]));
    lowered.add(leaf.shown() + " " + words.get(2) + " " + value + " for " + Integer.toUnsignedString(had) + ": " + line.rest(4));
  }

  private CpuidField field(Line line, CpuidLeaf leaf, int register, String name) {
    for (CpuidField field : CpuidField.ALL) {
      if (field.of(leaf, register) && field.name().equals(name)) {
        return field;
      }
    }
    if (name.matches("[0-9]{1,2}(:[0-9]{1,2})?")) {
      int colon = name.indexOf(':');
      int high = Integer.parseInt(colon < 0 ? name : name.substring(0, colon));
      int low = Integer.parseInt(colon < 0 ? name : name.substring(colon + 1));
      if (high < 32 && low <= high) {
        return new CpuidField(leaf.number(), leaf.subleaf(), register, name, low, (int) ((1L << high + 1) - (1L << low)),
            CpuidField.Kind.ANY, "");
      }
    }
    throw file.wrong(line, "leaf " + leaf.shown() + " has no field '" + name + "' in " + CpuidField.REGISTERS.get(register)
        + " of which anything is modelled",
        "use one of " + CpuidField.ALL.stream().filter(each -> each.of(leaf, register)).map(CpuidField::name).collect(Collectors.joining(
            ", "))
            + ", or bits as 7:4");
  }

  private void text(Line line, int most) {
    String name = line.words().getFirst();
    String text = line.rest(1);
    if (text.isEmpty() || text.length() > most || !text.matches("[ -~]*") || name.equals("vendor") && text.length() != most) {
      throw file.wrong(line, "'" + text + "' can't be the " + name, "write " + (name.equals("vendor") ? "" : "up to ") + most
          + " characters of ASCII");
    }
    if (texts.putIfAbsent(name, text) != null) {
      throw file.wrong(line, name + " is said a second time", "remove one of the lines");
    }
  }

  private void quirk(Line line) {
    Feature feature = line.words().size() == 2 ? QUIRKS.get(line.words().get(1)) : null;
    if (feature == null) {
      throw file.wrong(line, "'" + line.rest(1) + "' is no quirk that is modelled", "use one of " + String.join(", ", QUIRKS.keySet()));
    }
    features.add(feature);
  }

  /** The text of leaf 0. */
  private void vendor() {
    String vendor = texts.get("vendor");
    if (vendor == null) {
      throw new ModelException(file.place() + ": no line 'vendor TEXT'; write one, such as vendor \"GenuineIntel\"");
    }
    for (int i = 0; i < leaves.size(); i++) {
      CpuidLeaf leaf = leaves.get(i);
      if (leaf.number() == 0) {
        leaves.set(i, new CpuidLeaf(0, CpuidLeaf.ALL, leaf.eax(), Cpuid.text(vendor, 0), Cpuid.text(vendor, 8), Cpuid.text(vendor,
            4)));
      }
    }
  }

  private void check(CpuidLeaf leaf, int register) {
    Line line = lines.get(leaf.shown());
    int value = leaf.register(register);
    int known = 0;
    for (CpuidField field : CpuidField.ALL) {
      if (field.of(leaf, register)) {
        known |= field.mask();
        check(line, field, field.of(value));
      }
    }
    int unknown = value & ~known;
    if (unknown != 0) {
      int bit = Integer.numberOfTrailingZeros(unknown);
      String name = CpuidField.REGISTERS.get(register);
      throw file.wrong(line, "leaf " + leaf.shown() + " says 1 in " + name + " bit " + bit + ", which isn't modelled",
          "keep the line and add 'lowered " + leaf.shown() + " "
              + name + "." + bit + " 0 REASON'" + WHERE);
    }
  }

  private void check(Line line, CpuidField field, int value) {
    switch (field.kind()) {
      case ALWAYS -> require(line, field, value != 0, "0, and the processor always has it", "set it");
      case NUMBER -> require(line, field, field.argument().equals(Integer.toString(value)), value + ", and " + field.argument()
          + " is modelled", "say that");
      case MACHINE -> require(line, field, value == 0, value + ", which the machine answers", "say 0 there");
      case FEATURE -> {
        if (value != 0) {
          features.add(Feature.valueOf(field.name()));
        }
      }
      case WITH -> {
        CpuidField other = CpuidField.ALL.stream().filter(each -> each.name().equals(field.argument()) && each
            .kind() == CpuidField.Kind.FEATURE).findFirst().orElseThrow();
        require(line, field, value != 0 == isSaid(other), value + ", and " + field.argument() + " is " + (isSaid(other) ? 1 : 0)
            + ": neither is modelled without the"
            + " other", "say both or none");
      }
      default -> {
        // whatever it says
      }
    }
  }

  private void require(Line line, CpuidField field, boolean met, String what, String remedy) {
    if (!met) {
      throw file.wrong(line, "leaf " + field.shown() + " says " + what, remedy + WHERE);
    }
  }

  private boolean isSaid(CpuidField field) {
    return leaves.stream().anyMatch(leaf -> field.of(leaf, field.register()) && field.of(leaf.register(field.register())) != 0);
  }
}
