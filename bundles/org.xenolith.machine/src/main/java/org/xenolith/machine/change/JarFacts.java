// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.Constants;

/**
 * What a jar says of itself.
 *
 * @param symbolicName the bundle's
 * @param version      the bundle's
 * @param exports      packages that it exports
 */
record JarFacts(String symbolicName, String version, List<String> exports) {
  /** A comma between clauses, not in quotes. */
  private static final String CLAUSES = ",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)";

  /**
   * Reads a jar's manifest.
   *
   * @throws IOException if it is no bundle; the message says what is missing
   */
  static JarFacts of(byte[] jar) throws IOException {
    try (JarInputStream in = new JarInputStream(new ByteArrayInputStream(jar))) {
      Manifest manifest = in.getManifest();
      if (manifest == null) {
        throw new IOException("not a bundle: expected a jar that begins with META-INF/MANIFEST.MF");
      }
      Attributes main = manifest.getMainAttributes();
      String name = main.getValue(Constants.BUNDLE_SYMBOLICNAME);
      if (name == null) {
        throw new IOException("not a bundle: its manifest has no Bundle-SymbolicName");
      }
      String version = main.getValue(Constants.BUNDLE_VERSION);
      return new JarFacts(name.split(";")[0].strip(), version == null ? "0.0.0" : version.strip(),
          exports(main.getValue(Constants.EXPORT_PACKAGE)));
    }
  }

  private static List<String> exports(String header) {
    return header == null ? List.of() : Stream.of(header.split(CLAUSES))
        .flatMap(clause -> Stream.of(clause.split(";")).map(String::strip).takeWhile(part -> !part.contains("="))).toList();
  }
}
