// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What keeps a broken bundle from taking others along, as far as sources show it. */
class ContainmentRulesTest {

  /** Who catches both guards a call, and forgets what Java lets nobody declare away: a checked exception thrown all the same. */
  private static final Pattern HALF_A_GUARD = Pattern.compile("catch \\((?=[^)]*\\bRuntimeException\\b)(?=[^)]*\\bError\\b)[^)]*\\)");

  private final Layers layers = Layers.ofCheckout();

  @Test
  void contractsAndCoresGuardCallsAgainstWhateverIsThrown() throws IOException {
    List<String> halves = new ArrayList<>();
    int seen = 0;
    for (Path folder : Checkout.bundleFolders()) {
      int layer = layers.layerOf(folder.getFileName().toString()).orElseThrow();
      Path sources = folder.resolve("src/main/java");
      if ((layer == 1 || layer == 2 || layer == 4) && Files.isDirectory(sources)) {
        try (Stream<Path> files = Files.walk(sources)) {
          for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
            seen++;
            if (HALF_A_GUARD.matcher(Files.readString(file)).find()) {
              halves.add(file + ": catches RuntimeException and Error; say Throwable");
            }
          }
        }
      }
    }
    assertTrue(seen > 100, "only " + seen + " sources were read");
    assertEquals("", String.join("\n", halves));
  }

  /** Those that others import packages of are known by that, the rest must say so. */
  @Test
  void coresAndApplicationsSayThatTheyAreNotChangedWhileTheProgramRuns() throws IOException {
    List<String> silent = new ArrayList<>();
    for (Path folder : Checkout.bundleFolders()) {
      String name = folder.getFileName().toString();
      int layer = layers.layerOf(name).orElseThrow();
      if (layer != 2 && layer != 4) {
        continue;
      }
      Path bnd = folder.resolve("pde.bnd");
      Path readme = folder.resolve("README.md");
      boolean changes = Files.exists(readme) && Files.readString(readme).contains("## Live change");
      boolean exports = !Files.exists(bnd);
      boolean says = !exports && Files.readString(bnd).contains("\nXenolith-Change: restart\n");
      if (!exports && changes == says) {
        silent.add(name + (says ? " can be changed by its README, not by its pde.bnd"
            : ": its pde.bnd lacks \"Xenolith-Change: restart\""));
      }
    }
    assertEquals("", String.join("\n", silent));
  }
}
