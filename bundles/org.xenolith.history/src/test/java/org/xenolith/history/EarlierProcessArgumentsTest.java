// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.kit.JournalCommand;

class EarlierProcessArgumentsTest {
  @TempDir
  private Path folder;

  private List<String> arguments(String... words) throws IOException {
    Path journal = folder.resolve("run.journal");
    Files.writeString(journal, "xenolith-journal 2\ntopology 0\n" + new JournalCommand(true, List.of(words)).line() + "\n");
    List<String> arguments = EarlierProcess.arguments(journal, "64,every=1");
    assertEquals(List.of("boot", "--replay=" + journal, "--history=64,every=1"), arguments.subList(0, 3));
    return arguments.subList(3, arguments.size());
  }

  @Test
  void theFolderOfPluginsIsSaidAgainAndNothingElse() throws IOException {
    assertEquals(List.of(), arguments("virt", "--guest", "tiny", "--plugins"));
    assertEquals(List.of("--plugins=a b"), arguments("virt", "--plugins=a b", "--record", "x"));
    assertEquals(List.of("--plugins=a b"), arguments("--plugins", "a b", "virt"));
  }
}
