// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A disk with Debian, made by {@code image make debian}: minutes once, seconds from the cache. */
public final class SystemDisk {
  private SystemDisk() {}

  /** The disk of a test's folder, which is made when it is wanted first. */
  public static Path in(Path folder) throws IOException, InterruptedException {
    Path disk = folder.resolve("debian.img");
    if (!Files.exists(disk)) {
      try (ProductProcess making = ProductProcess.start("image", "make", "debian", "--to", disk.toString())) {
        assertEquals(0, making.end(), () -> making.err().text());
      }
    }
    return disk;
  }
}
