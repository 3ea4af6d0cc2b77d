// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever follows the guide, block by block in a folder outside the tree, gets what it promises. */
@Tag("full")
class FirstModelGuideTest {
  @TempDir
  Path folder;

  @Test
  void modelMadeByTheGuideAttachesToARunningMachine() throws Exception {
    new GuideRun(folder).follow("first-model.md");
    String events = Files.readString(folder.resolve("events.txt"));
    assertTrue(events.contains("unmodelled-access") && events.contains("/serial@b000000"), events);
    assertTrue(events.contains("added com.example.firstuart 1.0.0, 1 device"), events);
  }
}
