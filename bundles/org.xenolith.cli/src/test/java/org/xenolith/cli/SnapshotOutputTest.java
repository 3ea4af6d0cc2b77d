// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;

class SnapshotOutputTest {
  private final StringWriter said = new StringWriter();
  private final List<Path> tried = new ArrayList<>();

  private SnapshotOutput output(String... answers) {
    Iterator<String> typed = List.of(answers).iterator();
    return new SnapshotOutput(new PrintWriter(said), () -> typed.hasNext() ? typed.next() : null);
  }

  /** Only one folder has room. */
  private void save(Path place) throws IOException {
    tried.add(place);
    if (!place.equals(Path.of("/roomy"))) {
      throw new IOException("No space left on device");
    }
  }

  @Test
  void whereThereIsRoomNobodyIsAsked() {
    output().write(Path.of("/roomy"), this::save);
    assertEquals("", said.toString());
  }

  @Test
  void anotherPlaceIsAskedForUntilOneHasRoom() {
    output("/full", "/roomy").write(Path.of("/first"), this::save);
    assertEquals(List.of(Path.of("/first"), Path.of("/full"), Path.of("/roomy")), tried);
    assertTrue(said.toString().contains("/first") && said.toString().contains("No space left on device"), said::toString);
  }

  @Test
  void whoGivesUpLosesItWithTheFirstReason() {
    BadInput trouble = assertThrows(BadInput.class, () -> output("/full", "").write(Path.of("/first"), this::save));
    assertTrue(trouble.getMessage().contains("⟦save⟧") && trouble.getMessage().contains("/first"), trouble.getMessage());
  }

  @Test
  void withoutATerminalTheRunEndsWithTheReason() {
    assertThrows(BadInput.class, () -> output().write(Path.of("/first"), place -> {
      throw new FileNotFoundException(place.toString());
    }));
  }
}
