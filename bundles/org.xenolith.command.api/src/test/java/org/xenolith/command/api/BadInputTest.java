// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class BadInputTest {
  private static final Path FILE = Path.of("a.cfg");

  @Test
  void whatIsWrongWithAFileIsSaidInWordsWhateverTheSystemCallsIt() {
    assertEquals("domain 'a.cfg': a.cfg: too many links", BadInput.of("domain", FILE, new FileSystemException("a.cfg", null,
        "too many links")).getMessage());
    assertEquals("domain 'a.cfg': a.cfg: it may not be read or written by you; give yourself the right, or name another", BadInput.of(
        "domain", FILE, new AccessDeniedException("a.cfg")).getMessage());
    assertEquals("domain 'a.cfg': a folder, not a file", BadInput.of("domain", FILE, new IOException("a folder, not a file")).getMessage());
  }

  /** A name that no front end could find in the text again would stay there between its brackets. */
  @Test
  void optionWithoutAUsableNameIsRefused() {
    for (String name : List.of("", "Disk", "a b", "disk\u27e7")) {
      assertThrows(IllegalArgumentException.class, () -> OptionName.option(name), name);
    }
    assertEquals("--dom0-memory", OptionName.onCommandLine(new OptionName("dom0-memory").toString()));
  }

  /** Scripts depend on them. */
  @Test
  void exitCodesStayWhatTheyAre() {
    assertEquals(List.of(0, 1, 2, 3, 4), List.of(ExitCode.DONE, ExitCode.GUEST_FAILED, ExitCode.BAD_INPUT, ExitCode.LIMIT,
        ExitCode.INTERNAL_FAULT));
  }
}
