// SPDX-License-Identifier: EPL-2.0
package org.xenolith.junit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import org.osgi.framework.Constants;

/**
 * Bundles of a product that tests have on their class path: they are in the place of the product's, and the framework exports what they export, so that a test and a model mean the same types.
 *
 * <p>These are contracts and kits; and what others made, if it is of the very version and has nothing that must be started: types of it stand in signatures of kits.
 */
final class ClassPathBundles {
  private static final String OURS = "org.xenolith.";
  private static final List<String> STARTED = List.of(Constants.BUNDLE_ACTIVATOR, "Service-Component");
  private final Map<String, String> exports = new LinkedHashMap<>();

  private ClassPathBundles() {}

  /** Those of a class path. @param product manifests of the product's bundles */
  static ClassPathBundles of(ClassLoader classPath, List<Attributes> product) {
    Map<String, Attributes> named = new TreeMap<>();
    product.forEach(manifest -> named.put(name(manifest), manifest));
    ClassPathBundles found = new ClassPathBundles();
    try {
      for (URL url : Collections.list(classPath.getResources(JarFile.MANIFEST_NAME))) {
        try (InputStream in = url.openStream()) {
          Attributes here = new Manifest(in).getMainAttributes();
          Attributes there = named.get(name(here));
          if (there != null && here.getValue(Constants.EXPORT_PACKAGE) != null && (name(here).startsWith(OURS) || isSame(here, there))) {
            found.exports.putIfAbsent(name(here), here.getValue(Constants.EXPORT_PACKAGE));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the class path can't be read", e);
    }
    return found;
  }

  private static boolean isSame(Attributes here, Attributes there) {
    String version = here.getValue(Constants.BUNDLE_VERSION);
    return version != null && version.equals(there.getValue(Constants.BUNDLE_VERSION)) && STARTED.stream().allMatch(header -> here.getValue(
        header) == null);
  }

  /** A bundle's symbolic name; empty for what is no bundle. */
  static String name(Attributes manifest) {
    String name = manifest.getValue(Constants.BUNDLE_SYMBOLICNAME);
    return name == null ? "" : name.replaceFirst(";.*", "").strip();
  }

  /** Whether the class path has a bundle in the place of this one. */
  boolean has(Attributes manifest) {
    return exports.containsKey(name(manifest));
  }

  /** What the framework exports for them: a header's value. */
  String exports() {
    return String.join(",", exports.values());
  }
}
