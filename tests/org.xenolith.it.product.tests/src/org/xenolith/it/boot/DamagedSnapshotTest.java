// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.lines.ManyLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.testkit.FullLane;

/** Snapshots that a disk has damaged, and disks that have no room for one. */
@FullLane
class DamagedSnapshotTest {
  private static final List<String> NAMES = List.of("ram.img", "state.txt", "manifest.txt", "boot.txt", "board.dtb");

  @TempDir
  private Path work;

  @Test
  void whatIsDamagedIsNamedAndNotLoaded() throws IOException, InterruptedException {
    Path snapshot = work.resolve("snapshot");
    Boot.run(work, "saved", 3, "--guest", "tiny", "--limit", "0.2", "--save", snapshot);
    List<Object[]> lines = new ArrayList<>();
    for (String name : NAMES) {
      byte[] good = Files.readAllBytes(snapshot.resolve(name));
      byte[] bad = good.clone();
      bad[bad.length / 2] ^= 4;
      lines.add(new Object[] {"boot", "--load", copy(snapshot, "changed-" + name, name, bad)});
      lines.add(new Object[] {"boot", "--load", copy(snapshot, "cut-" + name, name, Arrays.copyOf(good, good.length / 2))});
    }
    List<Outcome> outcomes = ManyLines.run(work, Files.createDirectory(work.resolve("own")), lines);
    for (int i = 0; i < outcomes.size(); i++) {
      outcomes.get(i).expect(2).errHas("--load '.*" + NAMES.get(i / 2));
    }
    // One of them as a user starts it, and the one that is whole.
    Product.run(lines.getFirst()).expect(2).errHas("--load '.*" + NAMES.getFirst());
    Product.run("boot", "--load", snapshot).expect(0).outHas("XENOLITH-MARKER");
  }

  @Test
  void aSnapshotOntoAnotherNeedsThatOne() throws IOException, InterruptedException {
    Path below = work.resolve("below");
    Path above = work.resolve("above");
    Boot.run(work, "saved", 3, "--guest", "tiny", "--limit", "0.2", "--save", below);
    Product.run("boot", "--load", below, "--limit", "0.3", "--save", above, "--save-onto", below).expect(3);
    assertTrue(Files.readString(above.resolve("manifest.txt")).contains("\nbelow ../below "));
    Product.run("boot", "--load", above).expect(0).outHas("XENOLITH-MARKER");
    Product.run("boot", "--load", below, "--limit", "0.3", "--save", work.resolve("third"), "--save-onto", above).expect(2).errHas(
        "needs the snapshot");
    assertFalse(Files.exists(work.resolve("third")));
    Files.move(below, work.resolve("moved"));
    Product.run("boot", "--load", above).expect(2).errHas("--load '.*above'.*below.*not a snapshot");
  }

  /** Copies a snapshot, one of whose files is another. */
  private Path copy(Path snapshot, String to, String changed, byte[] content) throws IOException {
    Path folder = Files.createDirectory(work.resolve(to));
    for (String name : NAMES) {
      Files.write(folder.resolve(name), name.equals(changed) ? content : Files.readAllBytes(snapshot.resolve(name)));
    }
    return folder;
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
