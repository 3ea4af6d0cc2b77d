// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.control.Hang;
import org.xenolith.ui.workbench.EventTrail.Entry;

class HangRecordTest {
  private static final HangRecord RECORD = new HangRecord(
      new Hang("/uart", "org.x.uart", "1.2.3", "running", 3_500_000_000L, List.of("org.x.Uart.write(Uart.java:7)",
          "org.x.Core.run(Core.java:1)")),
      List.of(new Entry(2, 2_000_000_000L, "late", "/uart", "second"), new Entry(1, 1_000_000_000L, "early", "/uart", "first")),
      "login: ".getBytes(StandardCharsets.UTF_8));

  @TempDir
  Path folder;

  @Test
  void whoHangsTheEventsAndTheConsoleAreWritten() throws Exception {
    Path kept = folder.resolve("kept");
    assertTrue(RECORD.write(kept).endsWith(" are in " + kept + "."));
    assertEquals("/uart: org.x.uart 1.2.3 has not come back for 3 s, running\n    at org.x.Uart.write(Uart.java:7)\n"
        + "    at org.x.Core.run(Core.java:1)\n", Files.readString(kept.resolve("hang.txt"), StandardCharsets.UTF_8));
    assertEquals("1.000000000 early /uart: first\n2.000000000 late /uart: second\n",
        Files.readString(kept.resolve("events.txt"), StandardCharsets.UTF_8));
    assertEquals("login: ", Files.readString(kept.resolve("console.txt"), StandardCharsets.UTF_8));
  }

  @Test
  void whatCantBeWrittenIsSaid() {
    assertEquals("folder '" + folder + "': " + folder + ": it is there already", RECORD.write(folder));
  }
}
