// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.xenolith.it.guest.MarkedCode;
import org.xenolith.it.guest.RecordForm;

/** A bundle's jar in memory, to make other versions of it. */
public final class JarEdit {
  private final Manifest manifest;
  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  private JarEdit(byte[] jar) throws IOException {
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
      manifest = in.getManifest();
      for (JarEntry entry; (entry = in.getNextJarEntry()) != null;) {
        if (!entry.isDirectory()) {
          entries.put(entry.getName(), in.readAllBytes());
        }
      }
    }
  }

  static JarEdit of(byte[] jar) {
    try {
      return new JarEdit(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Another version of a bundle with other code: it does the same, and says that it was this version that did it ({@link MarkedCode}). */
  public static byte[] version(byte[] jar, String version) {
    JarEdit edit = of(jar).version(version).put(MarkedCode.LABEL, version.getBytes(StandardCharsets.UTF_8));
    String bundle = edit.header("Bundle-SymbolicName").replaceFirst(";.*", "").strip();
    edit.entries.replaceAll((name, content) -> name.endsWith(".class") ? MarkedCode.of(content, bundle, version) : content);
    return edit.bytes();
  }

  /** The same, and the records of its models have that form: what the former version had must be converted. */
  public static byte[] version(byte[] jar, String version, RecordForm form) {
    JarEdit edit = of(version(jar, version));
    form.apply(edit.entries, edit.header("Bundle-SymbolicName").replaceFirst(";.*", "").strip());
    return edit.bytes();
  }

  JarEdit version(String version) {
    return header("Bundle-Version", version);
  }

  /** Sets a header, or drops it with null. */
  JarEdit header(String name, String value) {
    if (value == null) {
      manifest.getMainAttributes().remove(new Attributes.Name(name));
    } else {
      manifest.getMainAttributes().put(new Attributes.Name(name), value);
    }
    return this;
  }

  String header(String name) {
    return manifest.getMainAttributes().getValue(name);
  }

  JarEdit put(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  /** Edits a text in the jar. */
  JarEdit edit(String name, UnaryOperator<String> change) {
    return put(name, change.apply(new String(get(name), StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8));
  }

  byte[] get(String name) {
    byte[] content = entries.get(name);
    if (content == null) {
      throw new IllegalArgumentException("no " + name + " in the jar; it has " + entries.keySet());
    }
    return content;
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(bytes, manifest)) {
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        out.putNextEntry(new JarEntry(entry.getKey()));
        out.write(entry.getValue());
        out.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
