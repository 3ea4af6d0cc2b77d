// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckedFilesTest {
  private static final String SHA = Digests.sha256("right".getBytes(StandardCharsets.UTF_8));

  @TempDir
  Path folder;

  /** As somebody sees it who comes long after. */
  private CheckedFiles later() {
    return CheckedFiles.of(folder, () -> Long.MAX_VALUE / 2);
  }

  private void noted() throws IOException {
    Files.writeString(folder.resolve("a b"), "right");
    CheckedFiles files = later();
    files.note("name", "a b", SHA, files.facts("a b"));
    files.keep();
  }

  @Test
  void whatWasNotedHoldsUntilTheFileIsAnother() throws IOException {
    noted();
    assertEquals(new CheckedFiles.Kept("a b", SHA), later().kept("name").orElseThrow());
    Files.move(Files.writeString(folder.resolve("c"), "wrong"), folder.resolve("a b"), StandardCopyOption.REPLACE_EXISTING);
    assertEquals(Optional.empty(), later().kept("name"));
    Files.delete(folder.resolve("a b"));
    assertEquals(Optional.empty(), later().kept("name"));
  }

  @Test
  void aFileThatIsWrittenIsAnother() throws IOException {
    noted();
    String before = later().facts("a b");
    // Until the file system's clock has gone on.
    do {
      Files.writeString(folder.resolve("a b"), "wrong");
    } while (before.equals(later().facts("a b")));
    Files.setLastModifiedTime(folder.resolve("a b"), Files.getLastModifiedTime(folder.resolve("checked")));
    assertEquals(Optional.empty(), later().kept("name"));
  }

  @Test
  void aFileThatWasJustWrittenIsNotNoted() throws IOException {
    Files.writeString(folder.resolve("a"), "right");
    CheckedFiles files = CheckedFiles.of(folder, () -> 0);
    assertNull(files.facts("a"));
    files.note("a", "a", SHA, files.facts("a"));
    files.keep();
    assertFalse(later().still("a", SHA));
    assertFalse(Files.exists(folder.resolve("checked")));
  }

  @Test
  void aDamagedNoteIsNone() throws IOException {
    noted();
    Path file = folder.resolve("checked");
    String text = Files.readString(file);
    for (String damage : List.of("", "end ", text.substring(1), text.replace(SHA, "0" + SHA.substring(1)), text + "x")) {
      Files.writeString(file, damage);
      assertEquals(Optional.empty(), later().kept("name"), damage);
    }
  }

  @Test
  void aFileThatIsGoneIsForgotten() throws IOException {
    noted();
    Files.writeString(folder.resolve("c"), "right");
    Files.delete(folder.resolve("a b"));
    CheckedFiles files = later();
    files.note("c", "c", SHA, files.facts("c"));
    files.keep();
    assertFalse(Files.readString(folder.resolve("checked")).contains("a b"));
    assertTrue(later().still("c", SHA));
  }

  @Test
  void whatWouldNotBeReadAgainIsNotNoted() throws IOException {
    noted();
    CheckedFiles files = later();
    files.note("two words", "a b", SHA, files.facts("a b"));
    Files.writeString(folder.resolve("a\nb"), "right");
    files.note("lines", "a\nb", SHA, files.facts("a\nb"));
    files.note("other", "a b", SHA, files.facts("a b"));
    files.keep();
    String text = Files.readString(folder.resolve("checked"));
    assertFalse(text.contains("words") || text.contains("lines"), text);
    assertTrue(later().kept("name").isPresent() && later().kept("other").isPresent());
  }

  @Test
  void aFolderThatCannotBeWrittenIsNoError() throws IOException {
    noted();
    CheckedFiles files = later();
    files.note("other", "a b", SHA, files.facts("a b"));
    Installation.delete(folder);
    files.keep();
    assertFalse(Files.exists(folder));
    Files.createDirectory(folder);
  }

  @Test
  void anInstallationReadsAgainWhatIsNotAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "right");
    var files = new TreeMap<>(Map.of("a", new CacheManifest.Stored(5, SHA)));
    CacheManifest manifest = CacheManifest.of(List.of(), List.of(), List.of(), files);
    new Installation(folder, manifest, later()).read("a");
    Installation installation = new Installation(folder, manifest, later());
    installation.read("a");
    installation.checked().keep();
    assertTrue(later().still("a", SHA));
    assertArrayEquals("right".getBytes(StandardCharsets.UTF_8), new Installation(folder, manifest, later()).read("a"));
    Files.move(Files.writeString(folder.resolve("c"), "wrong"), file, StandardCopyOption.REPLACE_EXISTING);
    assertNotNull(assertThrows(Installation.Damage.class, () -> new Installation(folder, manifest, later()).read("a")).getMessage());
  }
}
