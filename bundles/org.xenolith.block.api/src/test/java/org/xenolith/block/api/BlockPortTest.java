// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a controller sees of a disk that comes, goes and is exchanged. */
class BlockPortTest {
  private final BlockPort port = new BlockPort();
  private final List<String> told = new ArrayList<>();

  @Test
  void thereIsNoDiskUntilOneIsAttached() {
    assertNull(port.device());
    assertEquals("", port.identity());
    port.attach(new PlainDisk(), "S1"); // with no model there to hear of it
    assertEquals("S1", port.identity());
  }

  @Test
  void modelHearsOfEachChangeAndFindsTheDiskThere() {
    BlockDevice disk = new PlainDisk();
    port.onChange(() -> told.add(port.device() == disk ? "the disk " + port.identity() : "none"));
    port.attach(disk, "S1");
    assertSame(disk, port.device());
    port.attach(null, "");
    assertEquals(List.of("the disk S1", "none"), told);
    assertNull(port.device());
  }

  /** A later version of the model takes over: the disk stays, and only the later one hears of changes. */
  @Test
  void diskStaysWhenTheModelIsReplaced() {
    BlockDevice disk = new PlainDisk();
    port.onChange(() -> told.add("old"));
    port.attach(disk, "S1");
    port.onChange(() -> told.add("new"));
    assertSame(disk, port.device());
    port.attach(null, "");
    assertEquals(List.of("old", "new"), told);
  }

  @Test
  void whoWatchesSeesSectorsThatPassUntilNobodyDoes() throws IOException {
    PlainDisk disk = new PlainDisk();
    port.watch((sector, count, bytes, offset, write) -> told.add((write ? "write " : "read ") + count + " from " + sector + " at "
        + offset));
    assertNull(port.device());
    port.attach(disk, "S1");
    port.device().read(3, new byte[1024], 512, 1);
    port.device().write(4, new byte[1024], 0, 2);
    assertEquals(List.of("read 1 from 3 at 512", "write 2 from 4 at 0"), told);
    assertEquals(2, disk.calls);
    assertEquals(disk.sectors(), port.device().sectors());
    port.watch(null);
    assertSame(disk, port.device());
  }

  /** What isn't needed any more may stay where it is. */
  @Test
  void discardDoesNothingUnlessADeviceKnowsBetter() throws IOException {
    PlainDisk disk = new PlainDisk();
    disk.discard(0, disk.sectors());
    assertEquals(0, disk.calls);
    assertEquals(512, BlockDevice.SECTOR);
  }
}
