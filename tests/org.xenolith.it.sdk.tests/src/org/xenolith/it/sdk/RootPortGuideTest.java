// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The guide's root port is made outside the tree, and Debian's pcieport takes its errors and wake-ups by MSI-X. */
@Tag("full")
class RootPortGuideTest {
  @TempDir
  Path folder;

  @Test
  void theKernelCountsWhatTheRootPortInterruptsFor() throws Exception {
    new GuideRun(folder).follow("root-port.md");
    String events = Files.readString(folder.resolve("events.txt"));
    assertTrue(events.contains("com.example.port 1.0.0"), events);
  }
}
