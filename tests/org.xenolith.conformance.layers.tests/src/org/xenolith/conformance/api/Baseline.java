// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.api;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.xenolith.conformance.layers.BuiltBundle;
import org.xenolith.conformance.layers.Checkout;
import org.xenolith.conformance.layers.Layers;

/** The listings of the last landing, one file per exporting bundle in {@code releng/baseline}. */
public final class Baseline {

  private static final String SUFFIX = ".api";
  /** Kits from before they were called so. */

  private final Path folder;

  Baseline(Path root) {
    folder = root.resolve("releng/baseline");
  }

  /** Whether nothing has landed yet, so that there is nothing to keep. */
  boolean isEmpty() throws IOException {
    if (!Files.exists(folder)) {
      return true;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.noneMatch(file -> file.toString().endsWith(SUFFIX));
    }
  }

  /** The baseline of a bundle; an empty listing when it is new. */
  ApiListing of(String bundle) throws IOException {
    Path file = folder.resolve(bundle + SUFFIX);
    return ApiListing.parse(Files.exists(file) ? Files.readAllLines(file) : List.of());
  }

  /** The bundles that have a baseline. */
  List<String> bundles() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length())).sorted().toList();
    }
  }

  /** Whether somebody is promised what a bundle exports: not so of kits. */
  static boolean watches(BuiltBundle bundle, Layers layers) {
    return !bundle.exports().isEmpty() && !layers.isKit(bundle.name());
  }

  /** Makes what is built now the baseline; run by {@code releng/update-baseline}. Argument: the checkout. */
  public static void main(String[] arguments) throws IOException {
    System.setProperty("xenolith.root", arguments[0]);
    Baseline baseline = new Baseline(Path.of(arguments[0]));
    Files.createDirectories(baseline.folder);
    for (String bundle : baseline.bundles()) {
      Files.delete(baseline.folder.resolve(bundle + SUFFIX));
    }
    Layers layers = Layers.ofCheckout();
    for (BuiltBundle bundle : Checkout.bundles()) {
      if (watches(bundle, layers)) {
        Files.writeString(baseline.folder.resolve(bundle.name() + SUFFIX), ApiListing.of(bundle).text());
      }
    }
  }
}
