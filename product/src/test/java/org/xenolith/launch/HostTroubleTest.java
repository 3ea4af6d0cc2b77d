// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What is the host's trouble, and no fault of ours. */
class HostTroubleTest {
  private static final Path TEMPORARY = Path.of("/tmp");

  @Test
  void noMoreOpenFilesAreTheHostsTroubleWhoeverWrapsIt() {
    Throwable trouble = new FileSystemException("/x", null, "Too many open files");
    assertTrue(HostTrouble.isSaid(new IllegalStateException("Error initializing storage for Equinox container.", new IOException("x",
        trouble)),
        TEMPORARY));
    assertEquals("", HostTrouble.full(trouble));
    assertTrue(HostTrouble.isSaid(new IOException("No space left on device"), TEMPORARY));
    assertFalse(HostTrouble.isSaid(new IOException("Permission denied"), TEMPORARY));
  }
}
