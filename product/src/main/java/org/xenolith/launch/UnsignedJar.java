// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Copies a jar without what keeps the JVM from keeping its classes ready: signatures, and class files of before Java 6. */
final class UnsignedJar {

  private UnsignedJar() {}

  static void copy(Path from, Path to) throws IOException {
    copy(from, to, List.of());
  }

  /** @param others jars that have supertypes of its classes */
  static void copy(Path from, Path to, Collection<Path> others) throws IOException {
    List<URL> urls = new ArrayList<>(List.of(from.toUri().toURL()));
    for (Path other : others) {
      urls.add(other.toUri().toURL());
    }
    try (JarFile jar = new JarFile(from.toFile());
        URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new));
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
