// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What CD-ROM drives do (MMC-6). */
class CdCommandsTest {
  private static final int CD = Initiator.CD;
  private static final int BLOCK = 2048;
  private final Initiator initiator = new Initiator(true);

  @Test
  void blocksHave2048Bytes() {
    new Random(2).nextBytes(initiator.disc.content);
    assertEquals("00 00 00 63 00 00 08 00", Initiator.hex(initiator.ok(CD, "25 00 00 00 00 00 00 00 00 00")));
    assertArrayEquals(Arrays.copyOfRange(initiator.disc.content, 7 * BLOCK, 9 * BLOCK), initiator.ok(CD, "28 00 00 00 00 07 00 00 02 00"));
    initiator.fails("5/21/00", CD, "28 00 00 00 00 64 00 00 01 00");
    initiator.disc.broken = true;
    initiator.fails("3/11/00", CD, "28 00 00 00 00 07 00 00 02 00");
    assertEquals(7, initiator.information());
  }

  @Test
  void contentsAreOneTrack() {
    assertEquals("00 12 01 01 00 14 01 00 00 00 00 00 00 14 aa 00 00 00 00 64", Initiator.hex(initiator.ok(CD,
        "43 00 00 00 00 00 00 00 ff 00")));
    assertEquals("00 12 01 01 00 14 01 00 00 00 02 00 00 14 aa 00 00 00 03 19", Initiator.hex(initiator.ok(CD,
        "43 02 00 00 00 00 01 00 ff 00")), "minutes, seconds, frames");
    assertEquals("00 0a 01 01 00 14 aa 00 00 00 00 64", Initiator.hex(initiator.ok(CD, "43 00 00 00 00 00 aa 00 ff 00")));
    assertEquals("00 0a 01 01 00 14 01 00 00 00 00 00", Initiator.hex(initiator.ok(CD, "43 00 01 00 00 00 00 00 ff 00")), "sessions");
    assertEquals(4, initiator.ok(CD, "43 00 00 00 00 00 00 00 04 00").length);
    initiator.fails("5/24/00", CD, "43 00 02 00 00 00 00 00 ff 00");
    initiator.fails("5/24/00", CD, "43 00 00 00 00 00 05 00 ff 00");
  }

  @Test
  void featuresAreThoseThatAreAskedFor() {
    assertEquals("00 00 00 20 00 00 00 08 00 00 03 04 00 08 01 00 00 01 0b 08 00 00 00 01 01 00 00 00 00 03 03 04 29 00 00 00", Initiator
        .hex(
            initiator.ok(CD, "46 00 00 00 00 00 00 00 ff 00")));
    assertEquals("00 00 00 0c 00 00 00 08 00 03 03 04 29 00 00 00", Initiator.hex(initiator.ok(CD, "46 02 00 03 00 00 00 00 ff 00")));
    assertEquals("00 00 00 04 00 00 00 08", Initiator.hex(initiator.ok(CD, "46 02 00 07 00 00 00 00 ff 00")));
    initiator.fails("5/24/00", CD, "46 03 00 00 00 00 00 00 ff 00");
    assertEquals("00 20 0e 01 01 01 01 20", Initiator.hex(Arrays.copyOf(initiator.ok(CD, "51 00 00 00 00 00 00 00 ff 00"), 8)));
  }

  @Test
  void theTrayOpensAndShuts() {
    assertEquals("00 06 04 10 00 02 00 00", Initiator.hex(initiator.ok(CD, "4a 01 00 00 10 00 00 00 08 00")));
    initiator.ok(CD, "1e 00 00 00 01 00");
    initiator.fails("5/53/02", CD, "1b 00 00 00 02 00");
    initiator.ok(CD, "1e 00 00 00 00 00");
    initiator.ok(CD, "1b 00 00 00 02 00");
    initiator.fails("2/3a/02", CD, "00 00 00 00 00 00");
    initiator.fails("2/3a/02", CD, "28 00 00 00 00 00 00 00 01 00");
    initiator.fails("2/3a/02", CD, "43 00 00 00 00 00 00 00 ff 00");
    assertEquals("00 06 04 10 00 01 00 00", Initiator.hex(initiator.ok(CD, "4a 01 00 00 10 00 00 00 08 00")));
    initiator.ok(CD, "1b 00 00 00 03 00");
    assertEquals("00 06 04 10 02 02 00 00", Initiator.hex(initiator.ok(CD, "4a 01 00 00 10 00 00 00 08 00")), "a new disc, told once");
    assertEquals("00 06 04 10 00 02 00 00", Initiator.hex(initiator.ok(CD, "4a 01 00 00 10 00 00 00 08 00")));
    initiator.fails("6/28/00", CD, "00 00 00 00 00 00");
    initiator.ok(CD, "28 00 00 00 00 00 00 00 01 00");
    initiator.fails("5/24/00", CD, "4a 00 00 00 10 00 00 00 08 00");
    assertEquals("00 02 80 10", Initiator.hex(initiator.ok(CD, "4a 01 00 00 02 00 00 00 08 00")), "no such events");
  }
}
