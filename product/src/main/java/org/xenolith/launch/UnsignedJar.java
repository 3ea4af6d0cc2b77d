// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Copies a jar without what keeps the JVM from keeping its classes ready: signatures, and class files of before Java 6. */
final class UnsignedJar {

  private UnsignedJar() {}

  static void copy(Path from, Path to) throws IOException {
    try (JarFile jar = new JarFile(from.toFile());
        URLClassLoader loader = new URLClassLoader(new URL[] {from.toUri().toURL()});
        JarOutputStream copy = new JarOutputStream(Files.newOutputStream(to), withoutDigests(jar.getManifest()))) {
      ModernCode modern = new ModernCode(loader);
      for (JarEntry entry : jar.stream().toList()) {
        if (!entry.isDirectory() && !entry.getName().equals(JarFile.MANIFEST_NAME) && !isSignature(entry.getName())) {
          copy.putNextEntry(new JarEntry(entry.getName()));
          try (InputStream content = jar.getInputStream(entry)) {
            if (entry.getName().endsWith(".class")) {
              copy.write(modern.of(content.readAllBytes()));
            } else {
              content.transferTo(copy);
            }
          }
        }
      }
    }
  }

  private static Manifest withoutDigests(Manifest manifest) {
    Manifest plain = new Manifest(manifest);
    plain.getEntries().clear();
    return plain;
  }

  private static boolean isSignature(String name) {
    return name.toUpperCase(Locale.ROOT).matches("META-INF/[^/]+\\.(SF|RSA|DSA|EC)");
  }
}
