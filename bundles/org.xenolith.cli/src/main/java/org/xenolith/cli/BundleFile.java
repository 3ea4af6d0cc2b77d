// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
  /** A clause of a header: names, then parameters, whose values may have commas in quotation marks. */
  private static final Pattern CLAUSE = Pattern.compile("(?:[^,\"]|\"[^\"]*\")+");
  private static final Pattern VERSION = Pattern.compile(";\\s*version\\s*=\\s*\"?([^\";]+)\"?");
  private static final Pattern OPTIONAL = Pattern.compile(";\\s*resolution\\s*:=\\s*\"?optional\"?");

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
      clauses(main.getValue(Constants.IMPORT_PACKAGE)).stream().filter(clause -> !OPTIONAL.matcher(clause).find()).forEach(
          clause -> names(clause).forEach(each -> imports.put(each, new VersionRange(version(clause)))));
      Map<String, Version> exports = new TreeMap<>();
      clauses(main.getValue(Constants.EXPORT_PACKAGE)).forEach(clause -> names(clause).forEach(each -> exports.put(each, Version
          .parseVersion(
              version(clause)))));
      return new BundleFile(file, name.replaceFirst(";.*", "").strip(), Version.parseVersion(main.getValue(Constants.BUNDLE_VERSION)),
          imports,
          exports);
    } catch (IllegalArgumentException e) {
      throw new IOException("its manifest can't be read: " + e.getMessage(), e);
    }
  }

  private static List<String> clauses(String header) {
    List<String> all = new ArrayList<>();
    Matcher clauses = CLAUSE.matcher(header == null ? "" : header);
    while (clauses.find()) {
      all.add(clauses.group());
    }
    return all;
  }

  private static List<String> names(String clause) {
    return List.of(clause.split(";")).stream().map(String::strip).filter(word -> !word.contains("=")).toList();
  }

  private static String version(String clause) {
    Matcher version = VERSION.matcher(clause);
    return version.find() ? version.group(1).strip() : "0";
  }
}
