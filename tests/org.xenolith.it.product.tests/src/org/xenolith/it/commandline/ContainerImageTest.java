// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** The image that the {@code Containerfile} makes boots Debian: as a user without rights, in a root file system that can't be written, and without a network once the guest is in its volume. */
@FullLane
class ContainerImageTest {
  private static final Duration LONG = Duration.ofMinutes(30);

  @Test
  void itIsMadeAndBootsAsItsOwnUserInAReadOnlyTree() throws InterruptedException {
    assertEquals("root", System.getProperty("user.name"), "only root can make the root file system that the image begins with");
    try (Program dist = Product.start("dist")) {
      dist.await(LONG).expect(0);
    }
    ProcessBuilder script = new ProcessBuilder(Product.root().resolve("releng/archive/try-container").toString(), Product.root().resolve(
        "dist/xenolith-1.0.0-linux-x86_64.tar.gz").toString(), "trixie");
    try (Program program = Program.start(script.redirectInput(new File("/dev/null")))) {
      System.out.print(program.await(LONG).expect(0).out());
    }
  }
}
