// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.change;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.Enumeration;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import org.osgi.framework.Bundle;

/**
 * The content of an installed bundle as a jar, made from its entries: right whatever has become of the file that it was
 * installed from. Bundles of the same entries have the same bytes, on any computer: who has a digest of one knows it again.
 */
final class BundleContent {
  /** The first moment that a jar can name; it has no zone. */
  private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private BundleContent() {}

  static byte[] of(Bundle bundle) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream out = new JarOutputStream(bytes)) {
      // What a compressor makes of bytes is its version's.
      out.setLevel(Deflater.NO_COMPRESSION);
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
    if (entries == null) {
      return;
    }
    for (String entry : new TreeSet<>(Collections.list(entries))) {
      if (entry.endsWith("/")) {
        folder(bundle, entry, out);
      } else if (!entry.equals(JarFile.MANIFEST_NAME)) {
        copy(entry, bundle.getEntry(entry), out);
      }
    }
  }

  private static void copy(String name, URL entry, JarOutputStream out) throws IOException {
    ZipEntry written = new ZipEntry(name);
    written.setTimeLocal(TIME);
    out.putNextEntry(written);
    try (InputStream in = entry.openStream()) {
      in.transferTo(out);
    }
    out.closeEntry();
  }
}
