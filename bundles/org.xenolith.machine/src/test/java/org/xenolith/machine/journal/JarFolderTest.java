// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.journal.JournalEntry.Carried;

class JarFolderTest {
  private static final int BYTES = 700_000;
  @TempDir
  private Path folder;
  private final List<String> failed = new ArrayList<>();

  private JarFolder jars() {
    return new JarFolder(folder.resolve("run.journal.jars"), 1 << 20, failed::add);
  }

  private static byte[] jar(int first) {
    byte[] jar = new byte[BYTES];
    jar[0] = (byte) first;
    return jar;
  }

  @Test
  void aJarIsKeptOnceUnderItsDigest() throws IOException {
    JarFolder jars = jars();
    Carried first = jars.keep("org.x", "1.0.0", jar(1));
    Carried again = jars.keep("org.x", "1.0.1", jar(1));
    assertEquals("1.0.0", first.version());
    assertEquals("run.journal.jars/" + first.sha256() + ".jar", first.jar());
    assertEquals(first.jar(), again.jar());
    assertArrayEquals(jar(1), Files.readAllBytes(folder.resolve(first.jar())));
    try (Stream<Path> all = Files.list(folder.resolve("run.journal.jars"))) {
      assertEquals(1, all.count());
    }
    assertEquals(List.of(), failed);
  }

  @Test
  void whatIsMoreThanTheBoundIsTold() {
    JarFolder jars = jars();
    jars.keep("org.x", "1.0.0", jar(1));
    Carried lost = jars.keep("org.x", "1.0.1", jar(2));
    assertEquals("", lost.jar());
    assertEquals(64, lost.sha256().length());
    assertEquals(List.of("jar of org.x 1.0.1: the recording carries 1 MiB of jars at most; it can't be replayed beyond this"), failed);
    assertTrue(!jars.keep("org.x", "1.0.0", jar(1)).jar().isEmpty(), "what is there stays");
  }

  @Test
  void aFolderThatCannotBeMadeIsTold() throws IOException {
    Files.createFile(folder.resolve("run.journal.jars"));
    assertEquals("", jars().keep("org.x", "1.0.0", jar(1)).jar());
    assertTrue(failed.getFirst().startsWith("jar of org.x: "), failed::toString);
  }
}
