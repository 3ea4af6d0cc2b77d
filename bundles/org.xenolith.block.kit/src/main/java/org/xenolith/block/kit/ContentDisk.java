// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.api.DiskFingerprint;
import org.xenolith.regs.StateRecord;

/**
 * A disk of some format's content. In overlay mode that is read only, and what the guest writes is kept in chunks in memory that hide it. It is the same for every format: what
 * a snapshot has of a disk is the content's digest and these chunks.
 */
public final class ContentDisk implements BlockDevice {
  /** Sectors in a chunk of the overlay. */
  private static final int CHUNK_SECTORS = 128;
  private static final int CHUNK = CHUNK_SECTORS * SECTOR;
  private static final String BASE = "base-sha256";
  private static final String SECTORS = "sectors";
  private static final String CHUNK_NAME = "chunk.";

  private final DiskContent content;
  private final Mode mode;
  private final TreeMap<Long, byte[]> overlay = new TreeMap<>();
  private final OverlayRoom room;
  /** Computed when it is first asked for; dropped when the content is written. */
  private @Nullable String baseDigest;

  /** One whose writes, in overlay mode, have the room that all disks of this process share. */
  public ContentDisk(DiskContent content, Mode mode) {
    this(content, mode, OverlayRoom.PROCESS);
  }

  /** @param room for what is written in overlay mode */
  public ContentDisk(DiskContent content, Mode mode, OverlayRoom room) {
    this.content = content;
    this.mode = mode;
    this.room = room;
  }

  /** An incomplete last sector reads zeros at its end. */
  @Override
  public long sectors() {
    return (content.length() + SECTOR - 1) / SECTOR;
  }

  @Override
  public boolean readOnly() {
    return mode == Mode.READ_ONLY;
  }

  @Override
  public void read(long sector, byte[] into, int offset, int count) throws IOException {
    check(sector, count);
    for (int done = 0; done < count;) {
      long at = sector + done;
      byte[] chunk = overlay.get(at / CHUNK_SECTORS);
      int to = offset + done * SECTOR;
      if (chunk != null) {
        int inChunk = (int) (at % CHUNK_SECTORS);
        int piece = Math.min(count - done, CHUNK_SECTORS - inChunk);
        System.arraycopy(chunk, inChunk * SECTOR, into, to, piece * SECTOR);
        done += piece;
      } else {
        int piece = unwritten(at, count - done);
        readContent(at * SECTOR, into, to, piece * SECTOR);
        done += piece;
      }
    }
  }

  /** Sectors from one on that no chunk hides: a content may cost a way to elsewhere for each piece. */
  private int unwritten(long sector, int most) {
    Long next = overlay.isEmpty() ? null : overlay.ceilingKey(sector / CHUNK_SECTORS);
    return next == null ? most : (int) Math.min(most, next * CHUNK_SECTORS - sector);
  }

  private void readContent(long position, byte[] into, int offset, int bytes) throws IOException {
    int there = (int) Math.max(0, Math.min(bytes, content.length() - position));
    if (there > 0) {
      content.read(position, into, offset, there);
    }
    Arrays.fill(into, offset + there, offset + bytes, (byte) 0);
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    check(sector, count);
    switch (mode) {
      case READ_ONLY -> throw new IOException(content.name() + ": is attached read-only");
      case WRITE_THROUGH -> {
        baseDigest = null;
        long position = sector * SECTOR;
        content.write(position, from, offset, (int) Math.min(count * (long) SECTOR, content.length() - position));
      }
      case OVERLAY -> {
        for (int done = 0; done < count;) {
          long at = sector + done;
          int inChunk = (int) (at % CHUNK_SECTORS);
          int piece = Math.min(count - done, CHUNK_SECTORS - inChunk);
          System.arraycopy(from, offset + done * SECTOR, own(at / CHUNK_SECTORS), inChunk * SECTOR, piece * SECTOR);
          done += piece;
        }
      }
    }
  }

  /** The overlay's chunk, copied from the content when first written. */
  private byte[] own(long index) throws IOException {
    byte[] chunk = overlay.get(index);
    if (chunk == null) {
      chunk = new byte[CHUNK];
      readContent(index * CHUNK, chunk, 0, CHUNK);
      take(1);
      overlay.put(index, chunk);
    }
    return chunk;
  }

  private void take(long chunks) throws IOException {
    if (!room.take(chunks * CHUNK)) {
      throw new IOException(content.name()
          + ": what guests write to disks is kept in memory, and has the %d MiB that it may have, half of the heap;"
              .formatted(room.most() >> 20)
          + " have the image itself written (\",write\"), or start with more memory, for example XENOLITH_JAVA_OPTS=-Xmx8g");
    }
  }

  private void dropOverlay() {
    room.give((long) overlay.size() * CHUNK);
    overlay.clear();
  }

  private void check(long sector, long count) throws IOException {
    if (sector < 0 || count < 0 || sector > sectors() - count) {
      throw new IOException(content.name() + ": sectors " + sector + " to " + (sector + count - 1) + " of " + sectors());
    }
  }

  /** Chunks of the overlay that are wholly discarded are dropped: the content is there again. */
  @Override
  public void discard(long sector, long count) throws IOException {
    if (sector < 0 || count < 0 || sector > sectors() - count) {
      throw new IOException(content.name() + ": discard of " + count + " sectors from " + sector + " on of " + sectors());
    }
    if (mode == Mode.WRITE_THROUGH) {
      baseDigest = null;
      content.discard(sector * SECTOR, Math.min(count * SECTOR, content.length() - sector * SECTOR));
      return;
    }
    long first = (sector + CHUNK_SECTORS - 1) / CHUNK_SECTORS;
    long end = (sector + count) / CHUNK_SECTORS;
    if (first < end) {
      SortedMap<Long, byte[]> discarded = overlay.subMap(first, end);
      room.give((long) discarded.size() * CHUNK);
      discarded.clear();
    }
  }

  @Override
  public void flush() throws IOException {
    if (mode == Mode.WRITE_THROUGH) {
      content.flush();
    }
  }

  @Override
  public StateRecord save() throws IOException {
    StateRecord record = new StateRecord();
    record.put(BASE, digest());
    record.put(SECTORS, sectors());
    overlay.forEach((index, chunk) -> record.put(CHUNK_NAME + index, chunk.clone()));
    return record;
  }

  @Override
  public void restore(StateRecord record) throws IOException {
    String name = content.name();
    if (!(record.get(BASE) instanceof String saved) || !(record.get(SECTORS) instanceof Long savedSectors)) {
      throw new IOException(name + ": the record is none of a disk image");
    }
    if (!saved.equals(digest())) {
      throw new IOException(name + ": the snapshot was taken with another base image; its SHA-256 is " + saved + ", this one's is "
          + digest());
    }
    if (savedSectors != sectors()) {
      throw new IOException(name + ": the snapshot's disk has " + savedSectors + " sectors, this one " + sectors());
    }
    TreeMap<Long, byte[]> chunks = new TreeMap<>();
    for (var entry : record.values().entrySet()) {
      if (entry.getKey().startsWith(CHUNK_NAME)) {
        chunks.put(index(entry.getKey()), chunk(entry.getKey(), entry.getValue()));
      } else if (!entry.getKey().equals(BASE) && !entry.getKey().equals(SECTORS)) {
        throw new IOException(name + ": the record has an unknown field " + entry.getKey());
      }
    }
    if (!chunks.isEmpty() && mode != Mode.OVERLAY) {
      throw new IOException(name + ": the snapshot has guest writes in an overlay; attach the image in overlay mode");
    }
    dropOverlay();
    take(chunks.size());
    overlay.putAll(chunks);
  }

  private long index(String field) throws IOException {
    Optional<Long> index = number(field.substring(CHUNK_NAME.length())).filter(i -> i >= 0 && i <= (content.length() - 1) / CHUNK);
    return index.orElseThrow(() -> new IOException(content.name() + ": the record's field " + field + " names no chunk of this disk"));
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private byte[] chunk(String field, Object value) throws IOException {
    if (value instanceof byte[] chunk && chunk.length == CHUNK) {
      return chunk.clone();
    }
    throw new IOException(content.name() + ": the record's field " + field + " has not " + CHUNK + " bytes");
  }

  @Override
  public Optional<DiskFingerprint> fingerprint() throws IOException {
    return Optional.of(DiskSamples.of(content).fingerprint(content));
  }

  private String digest() throws IOException {
    String digest = baseDigest;
    if (digest == null) {
      digest = content.digest();
      baseDigest = digest;
    }
    return digest;
  }

  @Override
  public void close() throws IOException {
    dropOverlay();
    content.close();
  }
}
