// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.layers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The checkout that is under test, as the build left it. */
public final class Checkout {

  private Checkout() {}

  /** The root folder; the build gives it in the system property {@code xenolith.root}. */
  public static Path root() {
    String root = System.getProperty("xenolith.root");
    if (root == null) {
      throw new IllegalStateException("The system property xenolith.root does not name the checkout");
    }
    return Path.of(root);
  }

  /** Every bundle under {@code bundles/}, built; in name order. */
  public static List<BuiltBundle> bundles() {
    List<BuiltBundle> bundles = new ArrayList<>();
    for (Path folder : bundleFolders()) {
      bundles.add(BuiltBundle.read(jar(folder)));
    }
    return bundles;
  }

  /** The folders under {@code bundles/} that describe a bundle; in name order. */
  public static List<Path> bundleFolders() {
    try (Stream<Path> folders = Files.list(root().resolve("bundles"))) {
      return folders.filter(f -> Files.exists(f.resolve("pde.bnd")) || Files.exists(f.resolve("META-INF/MANIFEST.MF")))
          .sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The jar that was built of a bundle in that folder. */
  public static Path jar(Path folder) {
    String name = folder.getFileName().toString();
    try (Stream<Path> jars = Files.list(folder.resolve("target"))) {
      return jars.filter(jar -> jar.getFileName().toString().matches(Pattern.quote(name) + "-[0-9.]+-SNAPSHOT\\.jar")).findFirst()
          .orElseThrow(() -> new IllegalStateException(name + " was not built: build the whole reactor"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
