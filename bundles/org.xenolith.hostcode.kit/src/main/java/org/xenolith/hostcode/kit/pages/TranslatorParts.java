// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.zip.CRC32C;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;

/** What code depends on besides the host and the CPU: the bundles whose classes make it. */
final class TranslatorParts {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final String REFERENCE = "reference:";

  private TranslatorParts() {}

  /**
   * What tells them from all others that there were or will be.
   *
   * @param bundle of the engine
   * @return null if that isn't known, as of a bundle that was replaced and isn't in a file
   */
  static @Nullable String of(Bundle bundle) {
    Set<Bundle> parts = new TreeSet<>();
    parts.add(bundle);
    for (BundleWire wire : bundle.adapt(BundleWiring.class).getRequiredWires("osgi.wiring.package")) {
      if (wire.getProvider().getBundle().getBundleId() != 0) {
        parts.add(wire.getProvider().getBundle());
      }
    }
    CRC32C sum = new CRC32C();
    long sizes = 0;
    try {
      for (Bundle part : parts) {
        Path file = file(part);
        if (file == null) {
          return null;
        }
        byte[] content = Files.readAllBytes(file);
        sum.update(content);
        sizes += content.length;
      }
    } catch (IOException e) {
      return null;
    }
    return "machine code " + bundle.getVersion() + " " + Long.toHexString(sum.getValue()) + " " + sizes;
  }

  /** The file that a bundle is; null if it isn't one, or was replaced by another one. */
  private static @Nullable Path file(Bundle bundle) throws IOException {
    String location = bundle.getLocation();
    String file = location.startsWith(REFERENCE) ? location.substring(REFERENCE.length()) : location;
    URL manifest = bundle.getEntry(MANIFEST);
    if (!file.startsWith("file:") || !file.endsWith(".jar") || manifest == null) {
      return null;
    }
    Path path = Path.of(URI.create(file));
    try (ZipFile zip = new ZipFile(path.toFile()); InputStream there = zip.getInputStream(zip.getEntry(MANIFEST));
        InputStream here = manifest.openStream()) {
      return Arrays.equals(there.readAllBytes(), here.readAllBytes()) ? path : null;
    }
  }
}
