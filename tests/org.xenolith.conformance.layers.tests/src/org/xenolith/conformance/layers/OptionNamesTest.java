// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a launch can be told is called as the command line calls it ({@code --name}) by front ends alone: base, contracts, cores and
 * providers name options by {@code OptionName.option}.
 */
class OptionNamesTest {
  private static final int APPLICATIONS = 4;
  /** In a string, not in a comment. */
  private static final Pattern FLAG = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*--[a-z][a-z0-9-]*");
  /** Bundles that run programs which have such options, by the beginning of those programs' names in the line. */
  private static final List<String> PROGRAMS = List.of("org.xenolith.guest.debian");

  @Test
  void noBundleBelowTheApplicationsNamesAFlag() throws IOException {
    Layers layers = Layers.ofCheckout();
    List<String> found = new ArrayList<>();
    int looked = 0;
    for (BuiltBundle bundle : Checkout.bundles()) {
      Path sources = Checkout.root().resolve("bundles").resolve(bundle.name()).resolve("src/main/java");
      if (layers.layerOf(bundle.name()).orElseThrow() >= APPLICATIONS || PROGRAMS.contains(bundle.name()) || !Files.isDirectory(sources)) {
        continue;
      }
      try (Stream<Path> files = Files.walk(sources)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
          looked++;
          flags(file).forEach(line -> found.add(Checkout.root().relativize(file) + ":" + line));
        }
      }
    }
    assertFalse(looked < 500, looked + " files were looked at");
    assertEquals("", String.join("\n", found));
  }

  private static List<String> flags(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    List<String> found = new ArrayList<>();
    if (lines.stream().anyMatch(line -> line.startsWith("@Command(") || line.equals("import picocli.CommandLine.Option;"))) {
      return found; // A command, and what is mixed into some, is called by a shell alone, wherever its bundle is.
    }
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (!line.startsWith("*") && !line.startsWith("/") && FLAG.matcher(line).find()) {
        found.add(i + 1 + ": " + line);
      }
    }
    return found;
  }
}
