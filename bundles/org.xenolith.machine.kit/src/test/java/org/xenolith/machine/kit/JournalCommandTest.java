// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalCommandTest {
  @TempDir
  private Path folder;

  @Test
  void wordsOfAllKindsComeBack() throws IOException {
    JournalCommand command = new JournalCommand(true, List.of("virt", "--append", "a b=%41 +ü\n", ""));
    Path journal = Files.writeString(folder.resolve("j"), "xenolith-journal 2\ntopology 0\n" + command.line() + "\n1 2 reset\n");
    assertTrue(JournalCommand.is(command.line()));
    assertEquals(Optional.of(command), JournalCommand.of(journal));
    JournalCommand bare = new JournalCommand(false, List.of());
    assertEquals(Optional.of(bare), JournalCommand.of(Files.writeString(journal, bare.line())));
  }

  @Test
  void wordsThatAreNotEncodedRightAreRefusedWithTheirPlace() throws IOException {
    for (String word : List.of("%", "%4", "a%zzb", "h%.pl011")) {
      Path journal = Files.writeString(folder.resolve("j"), "xenolith-journal 2\ntopology 0\ncommand - virt " + word + "\n");
      IOException refused = assertThrows(IOException.class, () -> JournalCommand.of(journal));
      assertEquals(journal + ", line 3: \"" + word + "\" has a % without two hexadecimal digits behind it", refused.getMessage());
    }
  }

  @Test
  void aJournalWithoutOneHasNone() throws IOException {
    assertEquals(Optional.empty(), JournalCommand.of(Files.writeString(folder.resolve("j"),
        "xenolith-journal 2\ntopology 0\n1 2 reset\ncommand - a\n")));
  }
}
