// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.sdk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The guide's host bridge is made, trips a Linux driver over its quirk, and attaches to a running machine; the hypervisor's driver for
 * it copes with the quirk, and attaches to a running hypervisor.
 */
class HostBridgeGuideTest {
  @TempDir
  Path folder;

  @Test
  void bothHalvesMadeByTheGuideAttachToRunningMachines() throws Exception {
    new GuideRun(folder).follow("host-bridge.md");
    String events = Files.readString(folder.resolve("events.txt"));
    assertTrue(events.contains("added com.example.lanes 1.0.0, 1 device"), events);
    String dom0 = Files.readString(folder.resolve("dom0-events.txt"));
    assertTrue(dom0.contains("added com.example.lanes.driver 1.0.0, 1 device"), dom0);
  }
}
