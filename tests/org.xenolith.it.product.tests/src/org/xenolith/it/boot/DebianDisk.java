// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;

/** A disk with Debian, made by {@code image make}: minutes once, seconds from the cache. */
final class DebianDisk {
  private static final Duration MAKING = Duration.ofMinutes(40);

  private DebianDisk() {}

  /** The disk of a test's folder, which is made when it is wanted first. */
  static Path in(Path folder) throws InterruptedException {
    return in(folder, "debian");
  }

  /** The same with another system. */
  static Path in(Path folder, String system) throws InterruptedException {
    Path image = folder.resolve(system + ".img");
    if (!Files.exists(image)) {
      try (Program making = Product.start("image", "make", system, "--to", image)) {
        making.await(MAKING).expect(0);
      }
    }
    return image;
  }
}
