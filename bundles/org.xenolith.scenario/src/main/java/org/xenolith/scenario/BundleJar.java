// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/**
 * The content of a bundle, and other bundles made from it.
 *
 * @param entries name to bytes, without the manifest
 * @param manifest the manifest's bytes
 */
record BundleJar(Map<String, byte[]> entries, byte[] manifest) {
  /** Takes the entries of an installed bundle, whatever has become of the file that it came from. */
  static BundleJar of(Bundle bundle) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    folder(bundle, "/", entries);
    byte[] manifest = entries.remove(JarFile.MANIFEST_NAME);
    return new BundleJar(entries, manifest);
  }

  private static void folder(Bundle bundle, String path, Map<String, byte[]> into) throws IOException {
    Enumeration<String> names = bundle.getEntryPaths(path);
    while (names != null && names.hasMoreElements()) {
      String name = names.nextElement();
      if (name.endsWith("/")) {
        folder(bundle, name, into);
      } else {
        URL entry = bundle.getEntry(name);
        try (InputStream in = entry.openStream()) {
          into.put(name, in.readAllBytes());
        }
      }
    }
  }

  /** The same under another version. */
  BundleJar withVersion(String version) throws IOException {
    Manifest changed = new Manifest(new ByteArrayInputStream(manifest));
    changed.getMainAttributes().put(new Attributes.Name("Bundle-Version"), version);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    changed.write(bytes);
    return new BundleJar(entries, bytes.toByteArray());
  }

  /** The version after another: its last number is one more. */
  static String after(Version version) {
    return version.getMajor() + "." + version.getMinor() + "." + (version.getMicro() + 1);
  }

  /** The same with other entries. */
  BundleJar withEntries(Map<String, byte[]> changed) {
    return new BundleJar(changed, manifest);
  }

  /** As a jar file. */
  byte[] bytes() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(bytes)) {
      out.setLevel(Deflater.BEST_SPEED);
      put(out, JarFile.MANIFEST_NAME, manifest);
      for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
        put(out, entry.getKey(), entry.getValue());
      }
    }
    return bytes.toByteArray();
  }

  private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTime(0); // a journal keeps the jar by its digest: the same in every run
    out.putNextEntry(entry);
    out.write(content);
    out.closeEntry();
  }
}
