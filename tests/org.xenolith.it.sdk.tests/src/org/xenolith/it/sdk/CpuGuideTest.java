// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's CPU is a bundle without Java, and Debian finds it on a board of ours. */
@Tag("full")
class CpuGuideTest {
  @TempDir
  Path folder;

  @Test
  void aCpuMadeByTheGuideIsWhatDebianFinds() throws Exception {
    new GuideRun(folder).follow("cpu.md");
    try (JarFile jar = new JarFile(folder.resolve("plugins.d/acme-core.jar").toFile())) {
      assertFalse(jar.stream().anyMatch(entry -> entry.getName().endsWith(".class")), "Java in a CPU");
    }
  }
}
