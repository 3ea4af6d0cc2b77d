// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;

/** Whoever saves a run, or goes on from one, is told where and when; and no run is lost because its folder was not free. */
class SavedRunTest {
  private static final String MARKER = "XENOLITH-MARKER";

  @TempDir
  private Path work;

  private static Map<Path, FileTime> ages(Path folder) throws IOException {
    Map<Path, FileTime> ages = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        ages.put(file, Files.getLastModifiedTime(file));
      }
    }
    return ages;
  }

  @Test
  void savingAndLoadingAreSaidWithPlaceAndTime() throws IOException, InterruptedException {
    Path snapshot = work.resolve("snapshot");
    Product.run("boot", "--guest", "tiny", "--limit", "0.01", "--save", snapshot).expect(3)
        .errHas("(?m)^xenolith: saved in " + snapshot + " at 0\\.010 virtual seconds; boot --load " + snapshot + " goes on from there$");

    Map<Path, FileTime> saved = ages(snapshot);
    Outcome again = Product.run("boot", "--guest", "tiny", "--save", snapshot).expect(2)
        .errHas("^xenolith: --save '" + snapshot + "': the folder isn't empty; name one that is, or isn't there yet\n$");
    assertEquals("", again.out(), "it is refused before the guest begins");
    assertEquals(saved, ages(snapshot));

    Outcome loaded = Product.run("boot", "--load", snapshot).expect(0)
        .errHas("(?m)^xenolith: goes on from " + snapshot + " at 0\\.010 virtual seconds$").outHas(MARKER);
    assertFalse(loaded.err().contains("saved in"), loaded::toString);
  }
}
