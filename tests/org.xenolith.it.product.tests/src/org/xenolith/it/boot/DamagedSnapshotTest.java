// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Product;

/** Snapshots that a disk has damaged, and disks that have no room for one. */
class DamagedSnapshotTest {
  @TempDir
  private Path work;

  @Test
  void whatIsDamagedIsNamedAndNotLoaded() throws IOException, InterruptedException {
    Path snapshot = work.resolve("snapshot");
    Boot.run(work, "saved", 3, "--guest", "tiny", "--limit", "0.2", "--save", snapshot);
    for (String name : new String[] {"ram.gz", "state.txt", "manifest.txt", "boot.txt", "board.dtb"}) {
      Path file = snapshot.resolve(name);
      byte[] good = Files.readAllBytes(file);
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 4;
      Files.write(file, bad);
      Product.run("boot", "--load", snapshot).expect(2).errHas("--load '.*" + name);
      Files.write(file, Arrays.copyOf(good, good.length / 2));
      Product.run("boot", "--load", snapshot).expect(2).errHas("--load '.*" + name);
      Files.write(file, good);
    }
    Product.run("boot", "--load", snapshot).expect(0).outHas("XENOLITH-MARKER");
  }

  /** No file may be larger than 500 KiB, which is to the program as a full disk, but room enough for what each run keeps. */
  @Test
  void aSnapshotThatDoesntFitLeavesNothingBehind() throws InterruptedException {
    Path snapshot = work.resolve("snapshot");
    Product.shell("ulimit -f 500; ./xenolith boot --guest tiny --cpus 4 --limit 0.2 --save '" + snapshot + "'").expect(2)
        .errHas("--save '.*snapshot'.*").errHas("nothing was kept");
    assertFalse(Files.exists(snapshot), "what isn't whole is gone");
  }
}
