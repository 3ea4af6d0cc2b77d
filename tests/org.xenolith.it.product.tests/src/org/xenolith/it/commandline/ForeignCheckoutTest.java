// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** A checkout that belongs to somebody else. */
@FullLane
class ForeignCheckoutTest {
  @TempDir
  private Path work;

  @Test
  void aCheckoutThatCanNotBeWrittenIsSaidWithARemedy() throws IOException, InterruptedException {
    Path root = Files.createDirectories(work.resolve("checkout"));
    for (String part : new String[] {"xenolith", "pom.xml", "releng/sh"}) {
      copy(Product.root().resolve(part), root.resolve(part));
    }
    for (String part : new String[] {".mvn", "target-platform", "bundles", "product"}) {
      Files.createDirectories(root.resolve(part));
    }
    work.toFile().setExecutable(true, false);
    work.toFile().setReadable(true, false);
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.toList()) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("r-xr-xr-x"));
      }
    }
    try {
      // the rights of files don't bind root: the same as somebody else
      Product.shell("run=; [ $(id -u) != 0 ] || run='setpriv --reuid=65534 --regid=65534 --clear-groups'; unset XENOLITH_NO_BUILD;"
          + " XENOLITH_JAVA_HOME=" + System.getProperty("java.home") + " HOME=" + work + " exec $run " + root + "/xenolith boot").expect(2)
          .errHas(
              "^xenolith: the sources differ from what was built, and a build can't write here: .*checkout/target .*XENOLITH_NO_BUILD=1 runs");
    } finally {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : all.toList()) {
          Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path copy = to.resolve(from.relativize(path).toString());
        Files.createDirectories(copy.getParent());
        Files.copy(path, copy);
      }
    }
  }
}
