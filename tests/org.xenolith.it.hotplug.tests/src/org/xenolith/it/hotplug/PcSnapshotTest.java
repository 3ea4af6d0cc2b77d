// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.guest.GuestMachine;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;
import org.xenolith.machine.control.Machine.StopReason;
import org.xenolith.testkit.FullLane;

/** A PC with memory above 4 GiB, from which its kernel takes first, saved while it boots, and restored in a machine of its own. */
@FullLane
class PcSnapshotTest {
  private static final String MARKER = "XENOLITH-MARKER";
  @TempDir
  Path folder;

  @Test
  void runOfFourCpusSavedWhileItBootsEndsLikeTheOneThatWasNot() throws IOException {
    try (GuestMachine first = GuestMachine.launch(RequestBuilder.of("pc-pvh").cpus(4).memory(6L << 30).append("cryptomgr.notests")
        .build())) {
      assertEquals(StopReason.LIMIT, first.machine().run(new RunLimit(Long.MAX_VALUE, 400_000_000)));
      Path snapshot = folder.resolve("snapshot");
      first.save(snapshot);
      String saved = first.machine().digest();
      first.runUntil(MARKER);
      try (GuestMachine second = GuestMachine.launch(RequestBuilder.ofSnapshot(snapshot).build())) {
        assertEquals(saved, second.machine().digest(), "right after it was restored");
        second.runUntil(MARKER);
        assertTrue(first.console().text().endsWith(second.console().text()));
        assertTrue(first.console().text().contains("Brought up 1 node, 4 CPUs"), first.console().text());
        assertEquals(first.machine().instructions(), second.machine().instructions());
        assertEquals(first.machine().digest(), second.machine().digest());
      }
    }
  }
}
