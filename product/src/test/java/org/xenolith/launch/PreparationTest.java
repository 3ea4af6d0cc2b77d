// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreparationTest {

  @TempDir
  Path starts;

  @Test
  void oneOlderIsKeptAndThoseBeforeGoWithTheirMarks() throws IOException {
    made("a", 1);
    made("b", 2);
    made("c", 3);
    Preparation.forget(starts, made("now", 0));
    try (Stream<Path> left = Files.list(starts)) {
      assertEquals(List.of("c", "c.told", "now", "now.told"), left.map(one -> one.getFileName().toString()).sorted().toList());
    }
  }

  private Path made(String name, long time) throws IOException {
    Path folder = Files.createDirectory(starts.resolve(name));
    Files.createFile(starts.resolve(name + ".told"));
    Files.setLastModifiedTime(Files.createFile(folder.resolve("classes.aot")), FileTime.fromMillis(time));
    return folder;
  }
}
