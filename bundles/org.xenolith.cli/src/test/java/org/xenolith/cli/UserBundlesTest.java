// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserBundlesTest {
  @TempDir
  Path folder;

  private BundleFile bundle(String version) throws IOException {
    Path jar = folder.resolve(version + ".jar");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new ZipEntry(JarFile.MANIFEST_NAME));
      out.write(("Manifest-Version: 1.0\nBundle-SymbolicName: acme\nBundle-Version: " + version + "\n\n").getBytes(StandardCharsets.UTF_8));
    }
    return BundleFile.of(jar);
  }

  @Test
  void theyLieWhereTheEnvironmentSays() {
    assertEquals("/own", UserBundles.of(Map.of("XENOLITH_BUNDLES", "/own", "XDG_DATA_HOME", "/data"), "/home/a").folder().toString());
    assertEquals("/data/xenolith/bundles", UserBundles.of(Map.of("XDG_DATA_HOME", "/data"), "/home/a").folder().toString());
    assertEquals("/home/a/.local/share/xenolith/bundles", UserBundles.of(Map.of("XDG_DATA_HOME", "data"), "/home/a").folder().toString());
  }

  @Test
  void oneOfTheSameNameIsReplaced() throws IOException {
    UserBundles bundles = new UserBundles(folder.resolve("data/bundles"));
    assertEquals(List.of(), bundles.all());
    bundles.keep(bundle("1.0.0"));
    bundles.keep(bundle("1.1.0"));
    assertEquals("1.1.0", bundles.installed("acme").orElseThrow().version().toString());
    try (Stream<Path> files = Files.list(bundles.folder())) {
      assertEquals(List.of("acme.jar"), files.map(file -> file.getFileName().toString()).toList());
    }
    assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(bundles.folder())));
  }

  @Test
  void whatIsNoBundleIsLeftOut() throws IOException {
    Files.writeString(folder.resolve("spoilt.jar"), "no jar");
    assertEquals(List.of(), new UserBundles(folder).all());
  }
}
