// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalScenarioTest {
  @TempDir
  private Path folder;

  private Path journal(String line) throws IOException {
    return Files.writeString(folder.resolve("j"), "xenolith-journal 2\ntopology 0\n" + line + "\n1 2 reset\n");
  }

  @Test
  void nameTextAndPropertiesComeBack() throws IOException {
    JournalScenario scenario = new JournalScenario("boot it", "steps:\n  - expect: 'a+%41 ü'\n", Map.of("b", "x=y z", "a", ""));
    assertTrue(JournalScenario.is(scenario.line()) && !JournalCommand.is(scenario.line()));
    assertEquals(Optional.of(scenario), JournalScenario.of(journal(scenario.line())));
    assertEquals(Optional.empty(), JournalCommand.of(journal(scenario.line())));
  }

  @Test
  void aJournalOfACommandHasNone() throws IOException {
    assertEquals(Optional.empty(), JournalScenario.of(journal("command - virt")));
    assertEquals(Optional.empty(), JournalScenario.of(Files.writeString(folder.resolve("short"), "xenolith-journal 2\n")));
  }

  @Test
  void aFileOfAnotherFormIsRefusedByName() throws IOException {
    Path later = Files.writeString(folder.resolve("later"), "xenolith-journal 9\n");
    assertEquals("line 1: it is of another version of Xenolith, \"xenolith-journal 9\"; this one reads format 2: use that version,"
        + " or record anew", assertThrows(IOException.class, () -> JournalScenario.of(later)).getMessage());
    Path none = Files.writeString(folder.resolve("none"), "steps:\n");
    assertEquals("not a journal", assertThrows(IOException.class, () -> JournalScenario.of(none)).getMessage());
  }

  @Test
  void oneThatIsDamagedIsRefusedWithItsPlace() throws IOException {
    Path cut = journal("scenario boot");
    assertEquals("line 3: it has no text of a scenario", assertThrows(IOException.class, () -> JournalScenario.of(cut))
        .getMessage());
    Path end = Files.writeString(folder.resolve("end"), "xenolith-journal 2\ntopology 0\nscenario boot a%0");
    assertEquals("line 3: the file is cut, nothing follows its scenario; get the whole file", assertThrows(IOException.class,
        () -> JournalScenario.of(end)).getMessage());
    Path damaged = journal("scenario boot a%zz");
    assertEquals("line 3: \"a%zz\" has a % without two hexadecimal digits behind it", assertThrows(IOException.class,
        () -> JournalScenario.of(damaged)).getMessage());
  }
}
