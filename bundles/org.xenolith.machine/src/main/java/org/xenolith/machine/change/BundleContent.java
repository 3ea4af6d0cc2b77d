// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Enumeration;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;

/**
 * The content of an installed bundle as a jar, made from its entries: right whatever has become of the file that it was
 * installed from.
 */
final class BundleContent {
  private BundleContent() {}

  static byte[] of(Bundle bundle) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(bytes)) {
      out.setLevel(Deflater.BEST_SPEED);
      URL manifest = bundle.getEntry(JarFile.MANIFEST_NAME);
      if (manifest != null) {
        copy(JarFile.MANIFEST_NAME, manifest, out);
      }
      folder(bundle, "/", out);
    }
    return bytes.toByteArray();
  }

  private static void folder(Bundle bundle, String path, JarOutputStream out) throws IOException {
    Enumeration<String> entries = bundle.getEntryPaths(path);
    while (entries != null && entries.hasMoreElements()) {
      String entry = entries.nextElement();
      if (entry.endsWith("/")) {
        folder(bundle, entry, out);
      } else if (!entry.equals(JarFile.MANIFEST_NAME)) {
        copy(entry, bundle.getEntry(entry), out);
      }
    }
  }

  private static void copy(String name, URL entry, JarOutputStream out) throws IOException {
    out.putNextEntry(new ZipEntry(name));
    try (InputStream in = entry.openStream()) {
      in.transferTo(out);
    }
    out.closeEntry();
  }
}
