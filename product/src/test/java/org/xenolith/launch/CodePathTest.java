// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodePathTest {
  private static final int LARGE = 5 << 20;

  @TempDir
  Path folder;

  private Home home;

  @BeforeEach
  void makeProduct() throws IOException {
    home = new Home(folder);
    Files.createDirectories(home.plugins());
    Files.createDirectories(home.start().getParent());
    bundle("built", "x.built", "", "y.other;version=\"[1,2)\"", 1);
    bundle("other", "y.other", "y.other;y.more;version=\"1.0\";uses:=\"a,z.large\"", "", 1);
    bundle("large", "z.large", "z.large;version=1", "", LARGE);
    bundle("importer", "z.importer", "z.importer", "a.b,z.large;resolution:=optional", 1);
    bundle("user", "z.user", "", "z.importer", 1);
    CodePath.make(home, List.of("built.jar", "importer.jar", "user.jar"));
  }

  @Test
  void whatIsBuiltIsInOneJarAndTheOthersAreOnTheClassPath() throws IOException {
    try (JarFile code = new JarFile(folder.resolve("lib/code.jar").toFile()); JarFile start = new JarFile(home.start().toFile())) {
      assertEquals(List.of("META-INF/MANIFEST.MF", "x/built/A.class", "x/built/a.txt"), code.stream().map(ZipEntry::getName).sorted()
          .toList());
      Attributes main = start.getManifest().getMainAttributes();
      assertEquals("launch.jar framework.jar code.jar ../plugins/other.jar", main.getValue(Attributes.Name.CLASS_PATH));
      assertEquals("org.xenolith.launch.Launch", main.getValue(Attributes.Name.MAIN_CLASS));
    }
  }

  @Test
  void whoImportsWhatIsTooLargeIsLeftOutWithIt() throws IOException {
    assertEquals(List.of("built.jar x.built", "other.jar y.other"), Files.readAllLines(home.codeList()));
  }

  /** Eclipse's bundles say that their classes are in them, as those of every jar are: without EMF on the path, what needs it there can't be loaded. */
  @Test
  void onlyAJarWithOthersInItIsLeftOutForWhatItSaysOfItsClasses() throws IOException {
    for (String classes : List.of(".", ".,lib/inner.jar")) {
      new MadeBundle("built").header("Export-Package", "x.built").header("Bundle-ClassPath", classes).entry("x/built/A.class", new byte[] {
          0, 0,
          0, 0, 0, 0, 0, 69}).into(home);
      CodePath.make(home, List.of("built.jar"));
      assertEquals(classes.equals("."), Files.readAllLines(home.codeList()).contains("built.jar x.built"), classes);
    }
  }

  @Test
  void aJarOnTheClassPathIsUnsigned() throws IOException {
    try (JarFile other = new JarFile(home.plugins().resolve("other.jar").toFile()); JarFile large = new JarFile(home.plugins().resolve(
        "large.jar").toFile())) {
      assertNull(other.getEntry("META-INF/KEY.SF"));
      assertEquals("META-INF/KEY.SF", large.getEntry("META-INF/KEY.SF").getName());
    }
  }

  private void bundle(String name, String inside, String exported, String imported, int size) throws IOException {
    byte[] content = new byte[size];
    new Random(1).nextBytes(content);
    String path = inside.replace('.', '/');
    // The version of a class file, as far as it is looked at.
    new MadeBundle(name).header("Export-Package", exported).header("Import-Package", imported).entry("META-INF/KEY.SF", content)
        .entry("OSGI-INF/c.xml", content).entry(path + "/a.txt", content).entry(path + "/A.class", new byte[] {0, 0, 0, 0, 0, 0, 0,
            69})
        .into(home);
  }
}
