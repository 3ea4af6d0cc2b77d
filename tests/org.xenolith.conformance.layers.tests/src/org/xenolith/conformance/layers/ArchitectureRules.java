// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What is said to serve every architecture knows none: neither by what it imports nor by its words. */
final class ArchitectureRules {
  /** What only one architecture has: exception levels, interrupts and calls of Arm's; x86's interrupt controllers, registers and rings. */
  private static final Pattern WORDS = Pattern.compile(
      "\\b(?:MPIDR\\w*|MIDR\\w*|[A-Z]+[A-Z0-9]*_EL[0-3]|EL[0-3]|FIQ|SError|SMC|SMCCC|HVC|PSCI|"
          + "GIC(?:v[1-4])?|AArch64|AArch32|A64|x2APIC|APIC|LAPIC|CPUID|MSR_\\w+|CR[0348]|EFLAGS|RFLAGS|SIPI)\\b");

  private ArchitectureRules() {}

  /** What neutral bundles import of one architecture, a line each. */
  static List<String> imports(Layers layers, List<BuiltBundle> bundles) {
    Map<String, String> exporters = new HashMap<>();
    bundles.forEach(bundle -> bundle.exports().keySet().forEach(name -> exporters.put(name, bundle.name())));
    List<String> found = new ArrayList<>();
    for (BuiltBundle bundle : bundles) {
      if (layers.isNeutral(bundle.name())) {
        bundle.imports().keySet().stream().filter(name -> layers.isOfAnArchitecture(exporters.getOrDefault(name, ""))).forEach(
            name -> found.add(bundle.name() + " serves every architecture, and imports " + name + " of " + exporters.get(name)));
      }
    }
    return found;
  }

  /** Lines of sources below a folder that have such a word, as "file:line: word". */
  static List<String> words(Path sources) throws IOException {
    List<String> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).sorted().toList()) {
        List<String> lines = Files.readAllLines(file);
        for (int i = 0; i < lines.size(); i++) {
          Matcher word = WORDS.matcher(lines.get(i));
          if (word.find()) {
            found.add(file.getFileName() + ":" + (i + 1) + ": " + word.group());
          }
        }
      }
    }
    return found;
  }
}
