// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;
import org.osgi.framework.VersionRange;

/**
 * A bundle in a file, by what its manifest says.
 *
 * @param imports packages that it can't do without, with the versions that will do
 * @param exports packages that it gives, with their versions
 */
record BundleFile(Path jar, String name, Version version, Map<String, VersionRange> imports, Map<String, Version> exports) {
  /** The bundle in a jar; null if there is none. @throws IOException if it can't be read */
  static BundleFile of(Path file) throws IOException {
    try (JarFile jar = new JarFile(file.toFile())) {
      Manifest manifest = jar.getManifest();
      Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
      String name = main.getValue(Constants.BUNDLE_SYMBOLICNAME);
      if (name == null) {
        return null;
      }
      Map<String, VersionRange> imports = new TreeMap<>();
      PackageClause.of(main.getValue(Constants.IMPORT_PACKAGE)).stream().filter(clause -> !clause.optional()).forEach(clause -> clause
          .names()
          .forEach(each -> imports.put(each, new VersionRange(clause.version()))));
      Map<String, Version> exports = new TreeMap<>();
      PackageClause.of(main.getValue(Constants.EXPORT_PACKAGE)).forEach(clause -> clause.names().forEach(each -> exports.put(each, Version
          .parseVersion(clause.version()))));
      return new BundleFile(file, name.replaceFirst(";.*", "").strip(), Version.parseVersion(main.getValue(Constants.BUNDLE_VERSION)),
          imports,
          exports);
    } catch (IllegalArgumentException e) {
      throw new IOException("its manifest can't be read: " + e.getMessage(), e);
    }
  }
}
