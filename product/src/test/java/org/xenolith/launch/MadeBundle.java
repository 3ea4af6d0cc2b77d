// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** A bundle that a test makes and puts into a product. */
final class MadeBundle {
  private final String name;
  private final Manifest manifest = new Manifest();
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  /** @param name the symbolic name, and that of the jar without its ending */
  MadeBundle(String name) {
    this.name = name;
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    header("Bundle-ManifestVersion", "2").header("Bundle-SymbolicName", name).header("Bundle-Version", "1.0.0");
  }

  MadeBundle header(String header, String value) {
    manifest.getMainAttributes().putValue(header, value);
    return this;
  }

  MadeBundle entry(String path, byte[] content) {
    entries.put(path, content);
    return this;
  }

  /** Puts a class of this test's own into the bundle. */
  MadeBundle type(Class<?> type) throws IOException {
    String path = type.getName().replace('.', '/') + ".class";
    try (InputStream code = type.getClassLoader().getResourceAsStream(path)) {
      return entry(path, code.readAllBytes());
    }
  }

  /** Writes the jar into the folder of the product's bundles. */
  void into(Home home) throws IOException {
    try (var jar = new JarOutputStream(Files.newOutputStream(home.plugins().resolve(name + ".jar")), manifest)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        jar.putNextEntry(new JarEntry(entry.getKey()));
        jar.write(entry.getValue());
      }
    }
  }
}
