// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run keeps is gone when it has ended. */
class RunFolderTest {
  private static final int FILES = 3000;

  /** A run that is ended while a model hangs doesn't stop its framework first. */
  @Test
  void aFolderIsDeletedThoughSomebodyStillWritesToIt(@TempDir Path temporary) throws Exception {
    RunFolder run = RunFolder.make(temporary);
    Path kept = Files.createDirectories(run.storage());
    for (int i = 0; i < FILES; i++) {
      Files.createFile(kept.resolve("file" + i));
    }
    Thread writer = new Thread(() -> writeOnceDeletionGoesOn(kept));
    writer.start();
    run.discard();
    writer.join();
    assertTrue(Files.notExists(run.folder()), run.folder() + " is left");
  }

  private static void writeOnceDeletionGoesOn(Path kept) {
    String[] first = {"file0", "file" + (FILES - 1), "file999"};
    while (true) {
      for (String name : first) {
        if (Files.notExists(kept.resolve(name))) {
          try {
            Files.createFile(kept.resolve("late"));
          } catch (IOException e) {
            // It is gone already; then there is nothing to see.
          }
          return;
        }
      }
      Thread.onSpinWait();
    }
  }
}
