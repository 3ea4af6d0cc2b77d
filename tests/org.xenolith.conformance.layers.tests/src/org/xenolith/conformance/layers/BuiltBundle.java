// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;

/**
 * What the layer rules need to know of a bundle.
 *
 * @param jar where it lies
 * @param name its symbolic name
 * @param version its version, without a qualifier
 * @param imports imported packages, each with its version range, or "" when it has none
 * @param exports exported packages, each with its version, or "" when it has none
 * @param requires symbolic names in Require-Bundle
 * @param dynamicImports what DynamicImport-Package says, or ""
 */
public record BuiltBundle(
    Path jar,
    String name,
    String version,
    Map<String, String> imports,
    Map<String, String> exports,
    List<String> requires,
    String dynamicImports) {

  /** Reads a jar's manifest. */
  public static BuiltBundle read(Path jar) {
    try (JarFile file = new JarFile(jar.toFile())) {
      return of(jar, file.getManifest());
    } catch (IOException e) {
      throw new UncheckedIOException(jar + ": " + e.getMessage(), e);
    }
  }

  /** What the manifest of a bundle says that lies somewhere. */
  static BuiltBundle of(Path place, Manifest source) {
    Attributes manifest = source.getMainAttributes();
    return new BuiltBundle(
        place,
        clauses(manifest.getValue("Bundle-SymbolicName")).keySet().iterator().next(),
        manifest.getValue("Bundle-Version").replaceFirst("^(\\d+\\.\\d+\\.\\d+).*", "$1"),
        clauses(manifest.getValue("Import-Package")),
        clauses(manifest.getValue("Export-Package")),
        List.copyOf(clauses(manifest.getValue("Require-Bundle")).keySet()),
        manifest.getValue("DynamicImport-Package") == null ? "" : manifest.getValue("DynamicImport-Package"));
  }

  /** The clauses of a manifest header: each path with its version attribute, or "". */
  static Map<String, String> clauses(String header) {
    Map<String, String> clauses = new TreeMap<>();
    if (header == null || header.isBlank()) {
      return clauses;
    }
    for (String clause : split(header, ',')) {
      List<String> paths = new ArrayList<>();
      String version = "";
      for (String part : split(clause, ';')) {
        String text = part.strip();
        if (text.startsWith("version=") || text.startsWith("version:Version=")) {
          version = text.substring(text.indexOf('=') + 1).replace("\"", "");
        } else if (!text.contains("=")) {
          paths.add(text);
        }
      }
      for (String path : paths) {
        clauses.put(path, version);
      }
    }
    return clauses;
  }

  /** Splits at a separator outside double quotes. */
  private static List<String> split(String text, char separator) {
    List<String> parts = new ArrayList<>();
    boolean quoted = false;
    int start = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == separator && !quoted) {
        parts.add(text.substring(start, i));
        start = i + 1;
      }
    }
    parts.add(text.substring(start));
    return parts;
  }
}
