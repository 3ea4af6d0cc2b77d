// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnotherFolderTest {
  private final StringWriter said = new StringWriter();

  private Optional<Path> asked(String... answers) {
    Iterator<String> typed = List.of(answers).iterator();
    return new AnotherFolder(new PrintWriter(said), () -> typed.hasNext() ? typed.next() : null).apply(Path.of("/first"), "it is full");
  }

  @Test
  void theReasonIsToldAndAnotherFolderTaken() {
    assertEquals(Optional.of(Path.of("/roomy")), asked(" /roomy "));
    assertTrue(said.toString().startsWith("xenolith: it is full\nxenolith: nothing was kept."), said::toString);
  }

  @Test
  void whatCanBeNoFolderIsSaidAndAskedForAgain() {
    assertEquals(Optional.of(Path.of("/roomy")), asked("a\0b", "/roomy"));
    assertEquals(2, said.toString().split("Another folder", -1).length - 1, said::toString);
  }

  @Test
  void anEmptyLineOrNobodyGivesUp() {
    assertEquals(Optional.empty(), asked(" "));
    assertEquals(Optional.empty(), asked());
  }
}
