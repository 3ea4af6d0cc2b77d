// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.zip.ZipFile;

/**
 * The classes of the class path, and of resources those of one bundle's jar: of bundles that have resources of the same name, such as {@code plugin.properties}, each
 * sees its own.
 */
final class OwnResources extends ClassLoader {
  private final File jar;

  OwnResources(Path jar) {
    super(ClassLoader.getSystemClassLoader());
    this.jar = jar.toFile();
  }

  @Override
  public URL getResource(String name) {
    try (ZipFile zip = new ZipFile(jar)) {
      return zip.getEntry(name) == null ? null : URI.create("jar:" + jar.toURI() + "!/" + new URI(null, null, name, null).getRawPath())
          .toURL();
    } catch (IOException e) {
      throw new UncheckedIOException(jar + ": its resources can't be read", e);
    } catch (java.net.URISyntaxException e) {
      return null; // no jar has an entry that can't be named
    }
  }

  @Override
  public Enumeration<URL> getResources(String name) {
    URL found = getResource(name);
    return Collections.enumeration(found == null ? List.of() : List.of(found));
  }
}
