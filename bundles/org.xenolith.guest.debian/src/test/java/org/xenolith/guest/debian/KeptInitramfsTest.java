// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.GuestFile;

/** What an earlier start has made is taken while it is what would be made now, and only then. */
class KeptInitramfsTest {
  private static final byte[] BUSYBOX = "busybox".getBytes(StandardCharsets.UTF_8);
  private static final SortedMap<String, List<String>> LISTS = new TreeMap<>(Map.of("boot", List.of()));

  @TempDir
  Path folder;

  @BeforeEach
  void keep() throws IOException {
    start(BUSYBOX, LISTS, file("a", 0644, "b"));
    // The first start has made the file; the second one finds it as it is to be, and notes that.
    start(BUSYBOX, LISTS, file("a", 0644, "b"));
  }

  private static GuestFile file(String path, int mode, String content) {
    return new GuestFile("/" + path, mode, content.getBytes(StandardCharsets.UTF_8));
  }

  /** A start of the program long after all others, with these inputs. */
  private KeptInitramfs start(byte[] busybox, SortedMap<String, List<String>> lists, GuestFile... files) throws IOException {
    Files.write(folder.resolve(Installation.BUSYBOX), busybox);
    return start(installation(busybox), lists, files);
  }

  private Installation installation(byte[] busybox) {
    var stored = new TreeMap<>(Map.of(Installation.BUSYBOX, new CacheManifest.Stored(busybox.length, Digests.sha256(busybox))));
    return new Installation(folder, CacheManifest.of(List.of(), List.of(), List.of(), stored), CheckedFiles.of(folder,
        () -> Long.MAX_VALUE / 2));
  }

  private static KeptInitramfs start(Installation installation, SortedMap<String, List<String>> lists, GuestFile... files)
      throws IOException {
    KeptInitramfs made = KeptInitramfs.of(installation, true, lists, List.of(files));
    installation.checked().keep();
    return made;
  }

  private static void assertMadeOf(byte[] busybox, SortedMap<String, Map<String, byte[]>> modules, KeptInitramfs made, GuestFile... files)
      throws IOException {
    assertArrayEquals(Initramfs.archive(busybox, true, modules, List.of(files)), new GZIPInputStream(new ByteArrayInputStream(made.bytes()))
        .readAllBytes());
    assertEquals(Digests.sha256(made.bytes()), made.sha256());
  }

  private static SortedMap<String, Map<String, byte[]>> list(String name) {
    return new TreeMap<>(Map.of(name, Map.of()));
  }

  private void loseBusybox() throws IOException {
    Files.delete(folder.resolve(Installation.BUSYBOX));
  }

  @Test
  void whatIsTheSameIsTakenAndNothingElseRead() throws IOException {
    loseBusybox();
    GuestFile same = file("a", 0644, "b");
    assertMadeOf(BUSYBOX, list("boot"), start(installation(BUSYBOX), LISTS, same), same);
  }

  @Test
  void anotherFileIsPutIn() throws IOException {
    for (GuestFile other : List.of(file("a", 0644, "c"), file("a", 0755, "b"), file("c", 0644, "b"), file("ab", 0644, ""))) {
      assertMadeOf(BUSYBOX, list("boot"), start(BUSYBOX, LISTS, other), other);
    }
    assertMadeOf(BUSYBOX, list("boot"), start(BUSYBOX, LISTS));
  }

  @Test
  void anotherListIsPutIn() throws IOException {
    GuestFile same = file("a", 0644, "b");
    assertMadeOf(BUSYBOX, list("disk"), start(BUSYBOX, new TreeMap<>(Map.of("disk", List.of())), same), same);
  }

  @Test
  void anotherModuleIsAskedFor() {
    assertThrows(IOException.class, () -> start(BUSYBOX, new TreeMap<>(Map.of("boot", List.of("nosuch"))), file("a", 0644, "b")));
  }

  @Test
  void anotherPackageIsTakenFrom() throws IOException {
    byte[] next = "busy-box".getBytes(StandardCharsets.UTF_8);
    GuestFile same = file("a", 0644, "b");
    assertMadeOf(next, list("boot"), start(next, LISTS, same), same);
  }

  @Test
  void aFileThatWasWrittenSinceIsMadeAnew() throws IOException {
    GuestFile same = file("a", 0644, "b");
    try (Stream<Path> files = Files.list(folder.resolve("initramfs"))) {
      Path file = files.findFirst().orElseThrow();
      // As long as it was, but another file by its number.
      Path other = Files.write(folder.resolve("other"), new byte[(int) Files.size(file)]);
      Files.move(other, file, StandardCopyOption.REPLACE_EXISTING);
    }
    assertMadeOf(BUSYBOX, list("boot"), start(BUSYBOX, LISTS, same), same);
    try (Stream<Path> files = Files.list(folder.resolve("initramfs"))) {
      Files.delete(files.findFirst().orElseThrow());
    }
    assertMadeOf(BUSYBOX, list("boot"), start(BUSYBOX, LISTS, same), same);
  }
}
