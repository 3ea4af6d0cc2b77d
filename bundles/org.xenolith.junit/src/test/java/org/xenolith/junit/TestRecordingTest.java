// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestRecordingTest {
  @TempDir
  Path folder;

  @Test
  void theInputsOfTheBootComeBeforeThoseOfTheFork() throws Exception {
    String header = "xenolith-journal 2\ntopology 1234\ncommand terminal --board=virt\ncpu 0\n";
    Path boot = Files.writeString(folder.resolve("boot"), header + "input 10\n");
    Path to = folder.resolve("new/made.journal");
    TestRecording.write(to, boot, List.of("input 20", "input 30"), "command terminal --board=virt --limit=1.5");
    assertEquals("xenolith-journal 2\ntopology 1234\ncommand terminal --board=virt --limit=1.5\ncpu 0\ninput 10\ninput 20\ninput 30\n",
        Files
            .readString(to));
  }
}
