// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.regs.StateRecord;

class ContentDiskTest {
  private static final int CHUNK = 128 * 512;

  /** Bytes in memory that tell what is done with them. */
  private static final class Bytes implements DiskContent {
    final byte[] bytes;
    final List<String> done = new ArrayList<>();
    String digest = "one";

    Bytes(int length) {
      bytes = new byte[length];
      new Random(length).nextBytes(bytes);
    }

    @Override
    public String name() {
      return "d";
    }

    @Override
    public long length() {
      return bytes.length;
    }

    @Override
    public void read(long position, byte[] into, int offset, int count) {
      done.add("read " + position + "+" + count);
      System.arraycopy(bytes, (int) position, into, offset, count);
    }

    @Override
    public void write(long position, byte[] from, int offset, int count) {
      done.add("write " + position + "+" + count);
      System.arraycopy(from, offset, bytes, (int) position, count);
    }

    @Override
    public void discard(long position, long count) {
      done.add("discard " + position + "+" + count);
    }

    @Override
    public void flush() {
      done.add("flush");
    }

    @Override
    public String digest() {
      done.add("digest");
      return digest;
    }

    @Override
    public void close() {
      done.add("close");
    }
  }

  private static byte[] sectors(ContentDisk disk, long sector, int count) throws IOException {
    byte[] bytes = new byte[count * 512];
    disk.read(sector, bytes, 0, count);
    return bytes;
  }

  @Test
  void anOverlayHidesTheContentAndNeverChangesIt() throws IOException {
    Bytes content = new Bytes(3 * CHUNK);
    byte[] model = content.bytes.clone();
    OverlayRoom room = new OverlayRoom(3 * CHUNK);
    ContentDisk disk = new ContentDisk(content, Mode.OVERLAY, room);
    Random random = new Random(1);
    for (int i = 0; i < 200; i++) {
      int sector = random.nextInt(383);
      int count = 1 + random.nextInt(Math.min(200, 384 - sector));
      if (random.nextBoolean()) {
        byte[] written = new byte[count * 512];
        random.nextBytes(written);
        disk.write(sector, written, 0, count);
        System.arraycopy(written, 0, model, sector * 512, written.length);
      }
      assertArrayEquals(Arrays.copyOfRange(model, sector * 512, (sector + count) * 512), sectors(disk, sector, count));
    }
    assertTrue(content.done.stream().noneMatch(one -> one.startsWith("write")), content.done.toString());
    disk.flush();
    assertTrue(!content.done.contains("flush"));
    disk.close();
    assertTrue(room.take(3 * CHUNK), "the room wasn't given back");
  }

  @Test
  void whatHasNoRoomFailsAndWhatIsDiscardedGivesItBack() throws IOException {
    ContentDisk disk = new ContentDisk(new Bytes(3 * CHUNK), Mode.OVERLAY, new OverlayRoom(CHUNK));
    disk.write(0, new byte[512], 0, 1);
    String says = assertThrows(IOException.class, () -> disk.write(128, new byte[512], 0, 1)).getMessage();
    assertTrue(says.contains("half of the heap"), says);
    // A part of a chunk is kept.
    disk.discard(0, 127);
    assertThrows(IOException.class, () -> disk.write(128, new byte[512], 0, 1));
    disk.discard(0, 128);
    disk.write(128, new byte[512], 0, 1);
  }

  @Test
  void anIncompleteLastSectorReadsZerosAtItsEnd() throws IOException {
    Bytes content = new Bytes(700);
    ContentDisk disk = new ContentDisk(content, Mode.OVERLAY, new OverlayRoom(CHUNK));
    assertEquals(2, disk.sectors());
    assertArrayEquals(Arrays.copyOf(content.bytes, 1024), sectors(disk, 0, 2));
    assertThrows(IOException.class, () -> sectors(disk, 1, 2));
    assertThrows(IOException.class, () -> sectors(disk, -1, 1));
    assertThrows(IOException.class, () -> disk.discard(0, 3));
  }

  @Test
  void writesGoThroughOrAreRefusedAsTheModeSays() throws IOException {
    Bytes content = new Bytes(700);
    ContentDisk through = new ContentDisk(content, Mode.WRITE_THROUGH);
    byte[] two = new byte[1024];
    Arrays.fill(two, (byte) 9);
    through.write(0, two, 0, 2);
    through.discard(1, 1);
    through.flush();
    assertEquals(List.of("write 0+700", "discard 512+188", "flush"), content.done);
    ContentDisk only = new ContentDisk(content, Mode.READ_ONLY);
    assertTrue(only.readOnly());
    assertTrue(assertThrows(IOException.class, () -> only.write(0, two, 0, 1)).getMessage().contains("attached read-only"));
  }

  @Test
  void aSnapshotHasWhatWasWrittenAndTheDigestOfTheRest() throws IOException {
    Bytes content = new Bytes(2 * CHUNK);
    ContentDisk disk = new ContentDisk(content, Mode.OVERLAY, new OverlayRoom(2 * CHUNK));
    byte[] written = new byte[512];
    Arrays.fill(written, (byte) 5);
    disk.write(130, written, 0, 1);
    StateRecord record = disk.save();
    disk.save();
    assertEquals(1, content.done.stream().filter("digest"::equals).count(), "a digest of the whole image is made once");
    ContentDisk same = new ContentDisk(content, Mode.OVERLAY, new OverlayRoom(2 * CHUNK));
    same.write(3, written, 0, 1);
    same.restore(record);
    assertArrayEquals(written, sectors(same, 130, 1));
    assertArrayEquals(Arrays.copyOfRange(content.bytes, 3 * 512, 4 * 512), sectors(same, 3, 1));
    Bytes other = new Bytes(2 * CHUNK);
    other.digest = "two";
    String says = assertThrows(IOException.class, () -> new ContentDisk(other, Mode.OVERLAY).restore(record)).getMessage();
    assertTrue(says.contains("another base image") && says.contains("one") && says.contains("two"), says);
    assertTrue(assertThrows(IOException.class, () -> new ContentDisk(new Bytes(CHUNK), Mode.OVERLAY).restore(record)).getMessage().contains(
        "has 256 sectors, this one 128"));
    assertTrue(assertThrows(IOException.class, () -> new ContentDisk(content, Mode.READ_ONLY).restore(record)).getMessage().contains(
        "attach the image in overlay mode"));
    record.put("chunk.2", new byte[CHUNK]);
    assertTrue(assertThrows(IOException.class, () -> same.restore(record)).getMessage().contains("chunk.2 names no chunk"));
  }
}
