// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnsignedJarTest {

  @TempDir
  Path folder;

  @Test
  void allButTheSignatureIsCopied() throws IOException {
    Path signed = folder.resolve("signed.jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "some.bundle");
    Attributes digests = new Attributes();
    digests.putValue("SHA-256-Digest", "AAAA");
    manifest.getEntries().put("a/b.txt", digests);
    try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(signed), manifest)) {
      for (String name : List.of("META-INF/KEY.SF", "META-INF/KEY.RSA", "META-INF/services/x", "a/b.txt")) {
        jar.putNextEntry(new JarEntry(name));
        jar.write(name.getBytes(StandardCharsets.UTF_8));
      }
    }

    Path copy = folder.resolve("copy.jar");
    UnsignedJar.copy(signed, copy);

    try (JarFile jar = new JarFile(copy.toFile())) {
      assertEquals(List.of("META-INF/MANIFEST.MF", "META-INF/services/x", "a/b.txt"),
          jar.stream().map(JarEntry::getName).toList());
      assertEquals("some.bundle", jar.getManifest().getMainAttributes().getValue("Bundle-SymbolicName"));
      assertEquals(Map.of(), jar.getManifest().getEntries());
      assertArrayEquals("a/b.txt".getBytes(StandardCharsets.UTF_8), jar.getInputStream(jar.getEntry("a/b.txt")).readAllBytes());
    }
  }
}
