// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's board is a bundle without Java, and Debian boots on it with the guide's host bridge, both dropped into a folder. */
@Tag("full")
class BoardGuideTest {
  @TempDir
  Path folder;

  @Test
  void aBoardAndAHostBridgeMadeByTheGuideBootTogether() throws Exception {
    new GuideRun(folder).follow("board.md");
    try (JarFile jar = new JarFile(folder.resolve("plugins.d/acme.jar").toFile())) {
      assertFalse(jar.stream().anyMatch(entry -> entry.getName().endsWith(".class")), "Java in a board");
    }
    String events = Files.readString(folder.resolve("events.txt"));
    assertTrue(events.contains("added com.example.acme 1.0.0") && events.contains("added com.example.acmedemo 1.0.0"), events);
  }
}
