// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scsi.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.block.api.Medium;
import org.xenolith.regs.DeviceState;

/** Gives commands to a target: a disk of 1024 blocks at 0, a CD-ROM of 100 blocks at 1, nothing elsewhere. */
final class Initiator {
  static final int SECTORS = 1024;
  static final int CD_BLOCKS = 100;
  static final int DISK = 0;
  static final int CD = 1;
  private static final int ROOM = 1 << 20;

  final BlockUnitsPort units = new BlockUnitsPort();
  final TestDisk disk = new TestDisk(SECTORS);
  final TestDisk disc = new TestDisk(4 * CD_BLOCKS);
  final DeviceState state = new DeviceState();
  final List<String> events = new ArrayList<>();
  final ScsiTarget target = new ScsiTarget(state, units, 4, (kind, place, text) -> events.add(kind + " " + text), "/scsi");
  final ScsiTask task = new ScsiTask();
  private byte[] given = new byte[0];
  private long room = ROOM;

  /** @param awake whether both have told already that power came */
  Initiator(boolean awake) {
    units.unit(DISK).attach(disk, "serial");
    units.unit(CD).attach(disc, "", Medium.CD_ROM);
    target.resetAll();
    if (awake) {
      fails("6/29/00", DISK, "00 00 00 00 00 00");
      fails("6/29/00", CD, "00 00 00 00 00 00");
    }
  }

  /** What goes with the next command. */
  Initiator giving(byte... bytes) {
    given = bytes;
    return this;
  }

  /** Room that there is for the answer to the next command. */
  Initiator room(long bytes) {
    room = bytes;
    return this;
  }

  /** Gives a command, in hexadecimal. @return its answer */
  byte[] command(int unit, int lun, String cdb) {
    Arrays.fill(task.cdb(), (byte) 0);
    byte[] bytes = HexFormat.of().parseHex(cdb.replace(" ", ""));
    System.arraycopy(bytes, 0, task.cdb(), 0, bytes.length);
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    byte[] out = given;
    long most = room;
    given = new byte[0];
    room = ROOM;
    target.execute(unit, lun, task.begin(new ScsiData() {
      private int taken;

      @Override
      public long outLeft() {
        return out.length - taken;
      }

      @Override
      public void take(byte[] into, int offset, int length) {
        System.arraycopy(out, taken, into, offset, length);
        taken += length;
      }

      @Override
      public long inLeft() {
        return most - answer.size();
      }

      @Override
      public void put(byte[] from, int offset, int length) {
        assertEquals(true, length <= inLeft(), "more than there is room for");
        answer.write(from, offset, length);
      }
    }));
    return answer.toByteArray();
  }

  /** A command that is done. @return its answer */
  byte[] ok(int unit, String cdb) {
    byte[] answer = command(unit, 0, cdb);
    assertEquals("good", outcome(), cdb);
    return answer;
  }

  /** A command that isn't done, and why: sense key, code and qualifier in hexadecimal, or "overrun". */
  void fails(String why, int unit, String cdb) {
    command(unit, 0, cdb);
    assertEquals(why, outcome(), cdb);
  }

  /** What became of the last command. */
  String outcome() {
    byte[] sense = task.sense();
    return task.overrun() ? "overrun" : task.status() == ScsiTask.GOOD ? "good"
        : "%x/%02x/%02x".formatted(sense[2], sense[12], sense[13]);
  }

  /** The block that the last sense data are about; -1 for none. */
  long information() {
    return (task.sense()[0] & 0x80) != 0 ? Bytes.get(task.sense(), 3, 4) : -1;
  }

  static String hex(byte[] bytes) {
    return HexFormat.ofDelimiter(" ").formatHex(bytes);
  }

  static String text(byte[] bytes, int offset, int length) {
    return new String(bytes, offset, length, StandardCharsets.US_ASCII);
  }
}
