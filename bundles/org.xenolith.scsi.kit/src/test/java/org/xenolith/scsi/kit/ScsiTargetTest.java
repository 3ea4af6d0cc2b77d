// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.StateRecord;

/** What all units answer (SPC-4). */
class ScsiTargetTest {
  private static final int DISK = Initiator.DISK;
  private static final int CD = Initiator.CD;
  private final Initiator initiator = new Initiator(true);

  @Test
  void inquiryTellsWhatAUnitIs() {
    byte[] disk = initiator.ok(DISK, "12 00 00 00 60 00");
    assertEquals("00 00 06 02 1f 00 00 02", Initiator.hex(Arrays.copyOf(disk, 8)));
    assertEquals("XENOLITHDISK            1.0 ", Initiator.text(disk, 8, 28));
    byte[] cd = initiator.ok(CD, "12 00 00 00 60 00");
    assertEquals("05 80 06 02 1f 00 00 02", Initiator.hex(Arrays.copyOf(cd, 8)));
    assertEquals("XENOLITHCD-ROM          1.0 ", Initiator.text(cd, 8, 28));
    assertEquals(5, initiator.ok(DISK, "12 00 00 00 05 00").length, "as much as was asked for");
  }

  @Test
  void vitalProductDataAreThoseOfTheList() {
    assertEquals("00 00 00 06 00 80 83 b0 b1 b2", Initiator.hex(initiator.ok(DISK, "12 01 00 00 ff 00")));
    assertEquals("05 00 00 03 00 80 83", Initiator.hex(initiator.ok(CD, "12 01 00 00 ff 00")));
    assertEquals("serial", Initiator.text(initiator.ok(DISK, "12 01 80 00 ff 00"), 4, 6));
    byte[] ids = initiator.ok(DISK, "12 01 83 00 ff 00");
    assertEquals("02 01 00 0e", Initiator.hex(Arrays.copyOfRange(ids, 4, 8)));
    assertEquals("XENOLITHserial", Initiator.text(ids, 8, 14));
    assertEquals("01 03 00 08", Initiator.hex(Arrays.copyOfRange(ids, 22, 26)));
    assertEquals(3, ids[26] >> 4, "a name assigned here");
    assertEquals(ids.length - 4, ids[3]);
    byte[] limits = initiator.ok(DISK, "12 01 b0 00 ff 00");
    assertEquals(64, limits.length);
    assertEquals(Provisioning.MOST_UNMAPPED, Bytes.get(limits, 20, 4));
    assertEquals(Provisioning.MOST_SAME, Bytes.get(limits, 36, 8));
    assertEquals("00 b1 00 3c 00 01", Initiator.hex(Arrays.copyOf(initiator.ok(DISK, "12 01 b1 00 ff 00"), 6)));
    assertEquals("00 b2 00 04 00 e0 02 00", Initiator.hex(initiator.ok(DISK, "12 01 b2 00 ff 00")));
    initiator.fails("5/24/00", DISK, "12 01 b3 00 ff 00");
    initiator.fails("5/24/00", CD, "12 01 b0 00 ff 00");
    initiator.fails("5/24/00", DISK, "12 00 80 00 ff 00");
  }

  @Test
  void unitsWithoutASerialHaveOneOfTheirOwn() {
    byte[] one = initiator.ok(CD, "12 01 80 00 ff 00");
    initiator.units.unit(2).attach(initiator.disk, "");
    byte[] other = initiator.command(2, 0, "12 01 80 00 ff 00");
    assertTrue(one.length > 8);
    assertNotEquals(Initiator.hex(one), Initiator.hex(other));
  }

  @Test
  void attentionIsToldOnce() {
    Initiator fresh = new Initiator(false);
    fresh.ok(DISK, "12 00 00 00 60 00");
    fresh.ok(DISK, "a0 00 00 00 00 00 00 00 00 10 00 00");
    fresh.fails("6/29/00", DISK, "28 00 00 00 00 00 00 00 01 00");
    fresh.ok(DISK, "28 00 00 00 00 00 00 00 01 00");
    fresh.target.reset(DISK);
    assertEquals("70 00 06 00 00 00 00 0a 00 00 00 00 29 03 00 00 00 00", Initiator.hex(fresh.ok(DISK, "03 00 00 00 ff 00")));
    fresh.ok(DISK, "00 00 00 00 00 00");
    assertEquals(0, fresh.ok(DISK, "03 00 00 00 ff 00")[2]);
    fresh.fails("6/29/00", CD, "00 00 00 00 00 00");
    fresh.fails("5/24/00", DISK, "03 01 00 00 ff 00");
  }

  @Test
  void otherUnitsOfATargetAreNotThere() {
    assertEquals(0x7F, initiator.command(DISK, 3, "12 00 00 00 60 00")[0]);
    assertEquals("good", initiator.outcome());
    initiator.command(DISK, 3, "00 00 00 00 00 00");
    assertEquals("5/25/00", initiator.outcome());
    assertEquals(0x25, initiator.command(DISK, -1, "03 00 00 00 ff 00")[12]);
    assertEquals("00 00 00 08 00 00 00 00 00 00 00 00 00 00 00 00", Initiator.hex(initiator.command(DISK, 3,
        "a0 00 00 00 00 00 00 00 00 ff 00 00")));
    assertEquals("00 00 00 00 00 00 00 00", Initiator.hex(initiator.ok(DISK, "a0 00 01 00 00 00 00 00 00 ff 00 00")), "well-known ones");
    initiator.fails("5/24/00", DISK, "a0 00 00 00 00 00 00 00 00 0f 00 00");
    initiator.fails("5/24/00", DISK, "a0 00 09 00 00 00 00 00 00 ff 00 00");
    assertTrue(initiator.target.has(CD));
    assertFalse(initiator.target.has(2) || initiator.target.has(-1) || initiator.target.has(4));
  }

  @Test
  void unknownCommandsAreRefused() {
    int known = 0;
    for (int opcode = 0; opcode < 256; opcode++) {
      initiator.giving(new byte[64]).command(DISK, 0, "%02x".formatted(opcode) + "00".repeat(15));
      known += initiator.outcome().equals("5/20/00") ? 0 : 1;
    }
    assertEquals(34, known);
    initiator.fails("5/20/00", DISK, "ff");
    initiator.fails("5/20/00", DISK, "43");
    initiator.fails("5/20/00", CD, "2a");
    initiator.fails("5/20/00", CD, "42");
    initiator.fails("5/24/00", DISK, "00 00 00 00 00 04");
  }

  @Test
  void modePagesTellWhatDriversAskFor() {
    assertEquals("37 00 00 08 00 00 04 00 00 00 02 00", Initiator.hex(Arrays.copyOf(initiator.ok(DISK, "1a 00 3f 00 ff 00"), 12)));
    assertEquals("17 00 00 00 08 12 04", Initiator.hex(Arrays.copyOf(initiator.ok(DISK, "1a 08 08 00 ff 00"), 7)));
    assertEquals("00 1a 00 00 00 00 00 00 08 12 04", Initiator.hex(Arrays.copyOf(initiator.ok(DISK, "5a 08 08 00 00 00 00 00 ff 00"), 11)));
    assertEquals(0x80, initiatorReadOnly()[2] & 0xFF);
    byte[] cd = initiator.ok(CD, "1a 00 2a 00 ff 00");
    assertEquals(0x2A, cd[4]);
    assertEquals(0x29, cd[10]);
    initiator.fails("5/24/00", DISK, "1a 00 2a 00 ff 00");
    initiator.fails("5/24/00", DISK, "1a 00 08 05 ff 00");
    initiator.fails("5/39/00", DISK, "1a 00 c8 00 ff 00");
  }

  private byte[] initiatorReadOnly() {
    initiator.disk.readOnly = true;
    return initiator.ok(DISK, "1a 00 3f 00 ff 00");
  }

  @Test
  void theWriteCacheCanBeSwitched() {
    byte[] page = {0, 0, 0, 0, 8, 0x12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
    initiator.giving(page).ok(DISK, "15 10 00 00 18 00");
    assertEquals(0, initiator.ok(DISK, "1a 08 08 00 ff 00")[6]);
    assertEquals(4, initiator.ok(DISK, "1a 08 88 00 ff 00")[6], "at first");
    assertEquals(4, initiator.ok(DISK, "1a 08 48 00 ff 00")[6], "what can be changed");
    int before = initiator.disk.flushes;
    initiator.giving(new byte[512]).ok(DISK, "2a 00 00 00 00 00 00 00 01 00");
    assertEquals(before + 1, initiator.disk.flushes);
    page[7] = 1;
    initiator.giving(page);
    initiator.fails("5/26/00", DISK, "15 10 00 00 18 00");
    initiator.giving(new byte[24]);
    initiator.fails("5/26/00", DISK, "15 10 00 00 18 00");
    initiator.fails("5/24/00", DISK, "15 00 00 00 18 00");
    initiator.fails("5/24/00", DISK, "15 11 00 00 18 00");
    initiator.fails("5/1a/00", DISK, "15 10 00 00 02 00");
    initiator.fails("overrun", DISK, "15 10 00 00 18 00");
    initiator.ok(DISK, "15 10 00 00 00 00");
  }

  @Test
  void aStoppedDiskIsNotReady() {
    initiator.ok(DISK, "1b 00 00 00 00 00");
    initiator.fails("2/04/02", DISK, "00 00 00 00 00 00");
    initiator.fails("2/04/02", DISK, "28 00 00 00 00 00 00 00 01 00");
    initiator.ok(DISK, "1b 00 00 00 01 00");
    initiator.ok(DISK, "00 00 00 00 00 00");
    initiator.fails("5/24/00", DISK, "1b 00 00 00 02 00");
  }

  @Test
  void whatUnitsRememberIsState() {
    initiator.ok(DISK, "1b 00 00 00 00 00");
    StateRecord record = initiator.state.save();
    Initiator other = new Initiator(false);
    other.state.restore(record);
    other.fails("2/04/02", DISK, "00 00 00 00 00 00");
    other.ok(CD, "00 00 00 00 00 00");
    assertEquals(record, other.state.save());
  }

  /** Random commands end with a status, and move no more than there is. */
  @Test
  void rubbishIsHarmless() {
    Random random = new Random(0x5C51);
    for (int i = 0; i < 300_000; i++) {
      byte[] cdb = new byte[16];
      for (int j = 0; j < cdb.length; j++) {
        cdb[j] = (byte) (random.nextInt(3) == 0 ? random.nextInt() : 0);
      }
      byte[] bytes = new byte[random.nextInt(3) * 300];
      random.nextBytes(bytes);
      initiator.giving(bytes).room(random.nextInt(3) * 3000L).command(random.nextInt(2), random.nextInt(8) == 0 ? 1 : 0,
          Initiator.hex(cdb));
    }
    assertEquals(0, initiator.events.size(), initiator.events::toString);
  }
}
