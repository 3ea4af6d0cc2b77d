// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is said to serve every architecture knows none: neither by what it imports nor by its words; and what is of one imports nothing of another. */
final class ArchitectureRules {
  /** What only one architecture has: exception levels, interrupts and calls of Arm's; x86's interrupt controllers, registers and rings. */
  private static final Pattern WORDS = Pattern.compile(
      "\\b(?:MPIDR\\w*|MIDR\\w*|[A-Z]+[A-Z0-9]*_EL[0-3]|EL[0-3]|FIQ|SError|SMC|SMCCC|HVC|PSCI|"
          + "GIC(?:v[1-4])?|AArch64|AArch32|A64|AA64|x64|x2APIC|APIC|LAPIC|CPUID|MSR_\\w+|CR[0348]|EFLAGS|RFLAGS|SIPI)\\b",
      Pattern.CASE_INSENSITIVE);

  private ArchitectureRules() {}

  /** Bundles that are said to be nothing, or several things, a line each. */
  static List<String> unclear(Layers layers, List<String> bundles) {
    return bundles.stream().filter(name -> layers.architectures(name).size() != 1).map(name -> name + " is said to be " + layers
        .architectures(name) + ": say in releng/layers.txt whether it is neutral, a64, x64 or host").toList();
  }

  /** What bundles import that isn't for their kind, a line each. */
  static List<String> imports(Layers layers, List<BuiltBundle> bundles) {
    Map<String, String> exporters = new HashMap<>();
    bundles.forEach(bundle -> bundle.exports().keySet().forEach(name -> exporters.put(name, bundle.name())));
    List<String> found = new ArrayList<>();
    for (BuiltBundle bundle : bundles) {
      bundle.imports().keySet().stream().filter(name -> layers.forbids(bundle.name(), exporters.getOrDefault(name, ""))).forEach(
          name -> found.add(bundle.name() + " is " + layers.architectures(bundle.name()) + ", and imports " + name + " of " + exporters.get(
              name)));
    }
    return found;
  }

  /**
   * Lines of sources below a folder that have such a word, as "file:line: word".
   *
   * @param known words in small letters that are known to be there; those that are found are taken away
   */
  static List<String> words(Path sources, Set<String> known) throws IOException {
    Set<String> left = Set.copyOf(known);
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          Matcher word = WORDS.matcher(lines.get(i));
          while (word.find()) {
            String small = word.group().toLowerCase(Locale.ROOT);
            if (left.contains(small)) {
              known.remove(small);
            } else {
              found.add(file.getFileName() + ":" + (i + 1) + ": " + word.group());
            }
          }
        }
      }
    }
    return found;
  }
}
