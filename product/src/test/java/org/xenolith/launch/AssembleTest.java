// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AssembleTest {

  @TempDir
  Path folder;

  @Test
  void everyDescribedBundleIsTakenExceptWhatIsNotHeadless() throws IOException {
    project("org.xenolith.hw.a", "pde.bnd", true);
    project("org.xenolith.b.api", "META-INF/MANIFEST.MF", true);
    project("org.xenolith.testkit", "META-INF/MANIFEST.MF", true);
    project("org.xenolith.junit", "META-INF/MANIFEST.MF", true);
    project("org.xenolith.ui.c", "META-INF/MANIFEST.MF", true);
    project("org.xenolith.leftover", "some.file", true);
    List<String> names = Assemble.builtBundles(folder).stream().map(p -> p.getFileName().toString()).toList();
    assertEquals(List.of("org.xenolith.b.api-1.0.0-SNAPSHOT.jar", "org.xenolith.hw.a-1.0.0-SNAPSHOT.jar"), names);
  }

  @Test
  void bundleThatWasNotBuiltIsAnError() throws IOException {
    project("org.xenolith.hw.a", "pde.bnd", false);
    var error = assertThrows(IOException.class, () -> Assemble.builtBundles(folder));
    assertTrue(error.getMessage().endsWith("is missing: build the whole reactor, not product alone"), error.getMessage());
  }

  @Test
  void mirrorCopiesWhatChangedAndDeletesWhatWent() throws IOException {
    Path one = Files.writeString(folder.resolve("one.jar"), "1");
    Path two = Files.writeString(folder.resolve("two.jar"), "2");
    Path copies = folder.resolve("copies");
    Assemble.mirror(List.of(one, two), copies);
    Files.setLastModifiedTime(copies.resolve("one.jar"), FileTime.fromMillis(1_000));
    Files.writeString(copies.resolve("old.jar"), "0");
    Files.writeString(two, "changed");

    Assemble.mirror(List.of(one, two), copies);

    assertEquals(FileTime.fromMillis(1_000), Files.getLastModifiedTime(copies.resolve("one.jar")), "unchanged, so untouched");
    assertEquals("changed", Files.readString(copies.resolve("two.jar")));
    try (Stream<Path> files = Files.list(copies)) {
      assertEquals(2, files.count());
    }
  }

  private void project(String name, String descriptor, boolean built) throws IOException {
    Path file = folder.resolve(name).resolve(descriptor);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "");
    if (built) {
      Path jar = folder.resolve(name).resolve("target").resolve(name + "-1.0.0-SNAPSHOT.jar");
      Files.createDirectories(jar.getParent());
      Files.writeString(jar, "");
    }
  }
}
