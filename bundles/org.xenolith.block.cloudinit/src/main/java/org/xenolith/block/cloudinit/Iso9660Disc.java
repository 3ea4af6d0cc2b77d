// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.cloudinit;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Makes an ISO 9660 image (ECMA-119) of files in one folder, whose names are those of Rock Ridge (IEEE P1282: SP, PX, NM, ER). Of the same files it is the same bytes: it has no times but one.
 */
final class Iso9660Disc {
  static final int BLOCK = 2048;
  private static final int DESCRIPTOR = 16;
  private static final int LITTLE_TABLE = 18;
  private static final int BIG_TABLE = 19;
  private static final int ROOT = 20;
  private static final int FIRST_FILE = 21;
  /** The path table of a disc that has the root only: 6.9, 9.4. */
  private static final int TABLE_BYTES = 10;
  /** 2000-01-01 00:00:00 UTC as 9.1.5 has it. */
  private static final byte[] TIME = {100, 1, 1, 0, 0, 0, 0};
  private static final byte[] VOLUME_TIME = "2000010100000000\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] NO_TIME = "0000000000000000\0".getBytes(StandardCharsets.US_ASCII);
  private static final int FOLDER_FLAG = 2;
  private static final int FOLDER_MODE = 040555;
  private static final int FILE_MODE = 0100444;

  private Iso9660Disc() {}

  /**
   * A file in the root.
   *
   * @param plain its name for who knows nothing of Rock Ridge: letters of a small set, a dot, and the version (7.5)
   * @param name  its name
   */
  record Entry(String plain, String name, byte[] content) {}

  /** The whole disc. @param label the volume's */
  static byte[] of(String label, List<Entry> entries) {
    List<Entry> sorted = entries.stream().sorted(Comparator.comparing(Entry::plain)).toList();
    int blocks = FIRST_FILE;
    List<Integer> places = new ArrayList<>();
    for (Entry entry : sorted) {
      places.add(blocks);
      blocks += (entry.content.length + BLOCK - 1) / BLOCK;
    }
    ByteBuffer disc = ByteBuffer.allocate(blocks * BLOCK);
    descriptor(disc, label, blocks);
    pathTables(disc);
    disc.position(ROOT * BLOCK);
    record(disc, "\0", ROOT, BLOCK, FOLDER_FLAG, rockRidgeOfRoot());
    record(disc, "\1", ROOT, BLOCK, FOLDER_FLAG, mode(FOLDER_MODE, 2));
    for (int i = 0; i < sorted.size(); i++) {
      Entry entry = sorted.get(i);
      record(disc, entry.plain, places.get(i), entry.content.length, 0, joined(mode(FILE_MODE, 1), name(entry.name)));
      disc.put(places.get(i) * BLOCK, entry.content);
    }
    return disc.array();
  }

  /** The primary volume descriptor (8.4), and what ends the descriptors (8.3). */
  private static void descriptor(ByteBuffer disc, String label, int blocks) {
    disc.position(DESCRIPTOR * BLOCK);
    disc.put((byte) 1).put(text("CD001", 5)).put((byte) 1).put((byte) 0).put(text("", 32)).put(text(label, 32)).putLong(0);
    both(disc, blocks);
    disc.position(disc.position() + 32);
    both16(disc, 1);
    both16(disc, 1);
    both16(disc, BLOCK);
    both(disc, TABLE_BYTES);
    disc.order(ByteOrder.LITTLE_ENDIAN).putInt(LITTLE_TABLE).putInt(0);
    disc.order(ByteOrder.BIG_ENDIAN).putInt(BIG_TABLE).putInt(0);
    record(disc, "\0", ROOT, BLOCK, FOLDER_FLAG, new byte[0]);
    // Set, publisher, preparer, application; copyright, abstract and bibliography are files, and there are none.
    disc.put(text("", 4 * 128)).put(text("", 3 * 37)).put(VOLUME_TIME).put(VOLUME_TIME).put(NO_TIME).put(NO_TIME).put((byte) 1);
    disc.position((DESCRIPTOR + 1) * BLOCK);
    disc.put((byte) 255).put(text("CD001", 5)).put((byte) 1);
  }

  private static void pathTables(ByteBuffer disc) {
    disc.position(LITTLE_TABLE * BLOCK);
    disc.order(ByteOrder.LITTLE_ENDIAN).put((byte) 1).put((byte) 0).putInt(ROOT).putShort((short) 1);
    disc.position(BIG_TABLE * BLOCK);
    disc.order(ByteOrder.BIG_ENDIAN).put((byte) 1).put((byte) 0).putInt(ROOT).putShort((short) 1);
  }

  /** A directory record (9.1). @param use what is in its system use area */
  private static void record(ByteBuffer disc, String identifier, int place, int bytes, int flags, byte[] use) {
    byte[] name = identifier.getBytes(StandardCharsets.US_ASCII);
    int head = 33 + name.length + (1 - name.length % 2);
    int length = head + use.length + use.length % 2;
    int begin = disc.position();
    disc.put((byte) length).put((byte) 0);
    both(disc, place);
    both(disc, bytes);
    disc.put(TIME).put((byte) flags).put((byte) 0).put((byte) 0);
    both16(disc, 1);
    disc.put((byte) name.length).put(name);
    disc.position(begin + head);
    disc.put(use);
    disc.position(begin + length);
  }

  /** That there is Rock Ridge (SP, ER), and the folder's mode. */
  private static byte[] rockRidgeOfRoot() {
    byte[] sharing = {'S', 'P', 7, 1, (byte) 0xBE, (byte) 0xEF, 0};
    byte[] id = "RRIP_1991A".getBytes(StandardCharsets.US_ASCII);
    ByteBuffer extension = ByteBuffer.allocate(8 + id.length).put((byte) 'E').put((byte) 'R').put((byte) (8 + id.length)).put((byte) 1).put(
        (byte) id.length).put((byte) 0).put((byte) 0).put((byte) 1).put(id);
    return joined(sharing, joined(mode(FOLDER_MODE, 2), extension.array()));
  }

  private static byte[] mode(int mode, int links) {
    ByteBuffer entry = ByteBuffer.allocate(36).put((byte) 'P').put((byte) 'X').put((byte) 36).put((byte) 1);
    both(entry, mode);
    both(entry, links);
    both(entry, 0);
    both(entry, 0);
    return entry.array();
  }

  private static byte[] name(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
    return ByteBuffer.allocate(5 + bytes.length).put((byte) 'N').put((byte) 'M').put((byte) (5 + bytes.length)).put((byte) 1).put((byte) 0)
        .put(bytes).array();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }

  /** A number in both orders (7.3.3). */
  private static void both(ByteBuffer to, int number) {
    to.order(ByteOrder.LITTLE_ENDIAN).putInt(number);
    to.order(ByteOrder.BIG_ENDIAN).putInt(number);
  }

  private static void both16(ByteBuffer to, int number) {
    to.order(ByteOrder.LITTLE_ENDIAN).putShort((short) number);
    to.order(ByteOrder.BIG_ENDIAN).putShort((short) number);
  }

  /** Padded with blanks. */
  private static byte[] text(String text, int bytes) {
    return (text + " ".repeat(bytes - text.length())).getBytes(StandardCharsets.US_ASCII);
  }
}
