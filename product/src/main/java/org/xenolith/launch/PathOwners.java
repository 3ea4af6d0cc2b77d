// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.connect.FrameworkUtilHelper;

/** Whose a class of the class path is: the framework can't tell by its class loader. Made by the framework, once in a process. */
public final class PathOwners implements FrameworkUtilHelper {
  private static final String SEVERAL = "";
  private static volatile Home home;
  private static volatile BundleContext context;
  private Home read;
  private Map<String, String> locations;

  /** From now on classes are owned by the bundles of this framework. */
  static void are(Home product, BundleContext framework) {
    home = product;
    context = framework;
  }

  @Override
  public Optional<Bundle> getBundle(Class<?> type) {
    if (context == null || type.getClassLoader() != ClassLoader.getSystemClassLoader()) {
      return Optional.empty();
    }
    String location = locations().get(type.getPackageName());
    if (SEVERAL.equals(location)) {
      location = PathCode.location(home.plugins()) + Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation()
          .toString()))
          .getFileName();
    }
    return location == null ? Optional.empty() : Optional.ofNullable(context.getBundle(location));
  }

  /** By package; {@link #SEVERAL} for one that is in several jars, none of which is the checkout's. */
  private synchronized Map<String, String> locations() {
    if (read != home) {
      Map<String, String> found = new HashMap<>();
      String folder = PathCode.location(home.plugins());
      try {
        for (String line : Files.readAllLines(home.codeList())) {
          String[] words = line.split(" ");
          for (int i = 1; i < words.length; i++) {
            found.merge(words[i], folder + words[0], (one, other) -> SEVERAL);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      locations = found;
      read = home;
    }
    return locations;
  }
}
