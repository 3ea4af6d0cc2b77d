// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;

class FileOptionTest {
  @TempDir
  private Path folder;

  private String complaint(Path place) {
    return assertThrows(BadInput.class, () -> FileOption.requireNewFolder("save", place)).getMessage();
  }

  @Test
  void anEmptyFolderOrNoneAtAllIsTaken() throws IOException {
    assertDoesNotThrow(() -> FileOption.requireNewFolder("save", null));
    assertDoesNotThrow(() -> FileOption.requireNewFolder("save", folder.resolve("new")));
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertDoesNotThrow(() -> FileOption.requireNewFolder("save", empty));
  }

  private static String refused(Path file) {
    return assertThrows(BadInput.class, () -> FileOption.requireWritable("report", file)).getMessage();
  }

  @Test
  void fileToBeWrittenIsNoFolderAndLiesInOne() throws IOException {
    assertDoesNotThrow(() -> FileOption.requireWritable("report", null));
    assertDoesNotThrow(() -> FileOption.requireWritable("report", folder.resolve("new")));
    assertDoesNotThrow(() -> FileOption.requireWritable("report", Files.writeString(folder.resolve("there"), "x")));
    assertTrue(refused(folder).endsWith("': a folder, not a file"), refused(folder));
    assertTrue(refused(Path.of("/")).endsWith("'/': this is the root of all folders; name something in one"), refused(Path.of("/")));
    assertTrue(refused(folder.resolve("none/new")).endsWith("there is no folder " + folder + "/none; make it first"));
  }

  @Test
  void whatHasSomethingInItIsRefused() throws IOException {
    Files.writeString(folder.resolve("note"), "x");
    assertTrue(complaint(folder).contains("isn't empty"));
    assertTrue(complaint(folder.resolve("note")).contains("no folder"));
    assertTrue(complaint(Path.of("/")).contains("isn't empty"));
    assertTrue(complaint(folder.resolve("absent").resolve("new")).contains("make it first"));
  }
}
