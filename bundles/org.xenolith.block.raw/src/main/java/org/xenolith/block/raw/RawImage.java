// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.raw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.kit.ForeignDisk;
import org.xenolith.block.kit.ImageFile;
import org.xenolith.regs.StateRecord;

/**
 * A raw image. In overlay mode the file is read only, and what the guest writes is kept in chunks in memory that hide the
 * file's. The image is held as long as the disk is open.
 */
final class RawImage implements BlockDevice {
  /** Sectors in a chunk of the overlay. */
  private static final int CHUNK_SECTORS = 128;
  private static final int CHUNK = CHUNK_SECTORS * SECTOR;
  /** What 32 bits of sectors can address; a larger file is a mistake, and its digest would take hours. */
  private static final long LARGEST = (long) SECTOR << 32;
  private static final String BASE = "base-sha256";
  private static final String SECTORS = "sectors";
  private static final String CHUNK_NAME = "chunk.";

  private final Path path;
  private final Mode mode;
  private final ImageFile file;
  private final long length;
  private final TreeMap<Long, byte[]> overlay = new TreeMap<>();
  private final OverlayRoom room;
  /** Computed when it is first asked for; dropped when the file is written. */
  private String baseDigest;

  RawImage(Path path, Mode mode) throws IOException {
    this(path, mode, OverlayRoom.PROCESS);
  }

  /** @param room for what is written in overlay mode */
  RawImage(Path path, Mode mode, OverlayRoom room) throws IOException {
    this.path = path;
    this.mode = mode;
    this.room = room;
    if (!Files.exists(path)) {
      throw new IOException(path + ": no such disk image; name an existing file, or make one: truncate -s 64M " + path);
    }
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + ": a raw disk image is an ordinary file; this is "
          + (Files.isDirectory(path) ? "a folder" : "a device, a pipe or a socket"));
    }
    if (!Files.isReadable(path)) {
      throw new IOException(path + ": the disk image can't be read; change its permissions");
    }
    if (mode == Mode.WRITE_THROUGH && !Files.isWritable(path)) {
      throw new IOException(path + ": the disk image can't be written; change its permissions, or leave the guest's writes in "
          + "memory (overlay)");
    }
    length = Files.size(path);
    if (length == 0) {
      throw new IOException(path + ": the disk image is empty; give it a size: truncate -s 64M " + path);
    }
    if (length > LARGEST) {
      throw new IOException(path + ": has " + length + " bytes, and a raw disk image can have " + LARGEST + " at most");
    }
    file = ImageFile.open(path, mode == Mode.WRITE_THROUGH);
    requireRaw();
  }

  /** What is in another format would be taken for the disk's content, and destroyed by what a guest writes. */
  private void requireRaw() throws IOException {
    try {
      Optional<ForeignDisk> foreign = ForeignDisk.of(file);
      if (foreign.isPresent()) {
        throw new IOException(path + ": " + foreign.get().said(path));
      }
      if (mode == Mode.WRITE_THROUGH && length % SECTOR != 0) {
        throw new IOException(path + ": has " + length + " bytes, no multiple of " + SECTOR
            + ": whole sectors are written, so this is no raw disk image, or one that was"
            + " cut; name another, or leave the guest's writes in memory (overlay)");
      }
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** An incomplete last sector reads zeros at its end. */
  @Override
  public long sectors() {
    return (length + SECTOR - 1) / SECTOR;
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
      int inChunk = (int) (at % CHUNK_SECTORS);
      int piece = Math.min(count - done, CHUNK_SECTORS - inChunk);
      int to = offset + done * SECTOR;
      if (chunk != null) {
        System.arraycopy(chunk, inChunk * SECTOR, into, to, piece * SECTOR);
      } else {
        readFile(at * SECTOR, into, to, piece * SECTOR);
      }
      done += piece;
    }
  }

  private void readFile(long position, byte[] into, int offset, int bytes) throws IOException {
    int there = (int) Math.max(0, Math.min(bytes, length - position));
    if (there > 0) {
      file.read(position, into, offset, there);
    }
    Arrays.fill(into, offset + there, offset + bytes, (byte) 0);
  }

  @Override
  public void write(long sector, byte[] from, int offset, int count) throws IOException {
    check(sector, count);
    switch (mode) {
      case READ_ONLY -> throw new IOException(path + ": is attached read-only");
      case WRITE_THROUGH -> {
        baseDigest = null;
        file.write(sector * SECTOR, from, offset, count * SECTOR);
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

  /** The overlay's chunk, copied from the file when first written. */
  private byte[] own(long index) throws IOException {
    byte[] chunk = overlay.get(index);
    if (chunk == null) {
      chunk = new byte[CHUNK];
      readFile(index * CHUNK, chunk, 0, CHUNK);
      take(1);
      overlay.put(index, chunk);
    }
    return chunk;
  }

  private void take(long chunks) throws IOException {
    if (!room.take(chunks * CHUNK)) {
      throw new IOException(path + ": what guests write to disks is kept in memory, and has the %d MiB that it may have, half of the heap;"
          .formatted(room.most() >> 20)
          + " have the image itself written (\",write\"), or start with more memory, for example XENOLITH_JAVA_OPTS=-Xmx8g");
    }
  }

  private void dropOverlay() {
    room.give((long) overlay.size() * CHUNK);
    overlay.clear();
  }

  private void check(long sector, int count) throws IOException {
    if (sector < 0 || count < 0 || sector > sectors() - count) {
      throw new IOException(path + ": sectors " + sector + " to " + (sector + count - 1) + " of " + sectors());
    }
  }

  /** Chunks of the overlay that are wholly discarded are dropped: the base image's content is there again. */
  @Override
  public void discard(long sector, long count) throws IOException {
    if (sector < 0 || count < 0 || sector > sectors() - count) {
      throw new IOException(path + ": discard of " + count + " sectors from " + sector + " on of " + sectors());
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
      file.flush();
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
    if (!(record.get(BASE) instanceof String saved) || !(record.get(SECTORS) instanceof Long savedSectors)) {
      throw new IOException(path + ": the record is none of a raw disk image");
    }
    if (!saved.equals(digest())) {
      throw new IOException(path + ": the snapshot was taken with another base image; its SHA-256 is " + saved + ", this one's is "
          + digest());
    }
    if (savedSectors != sectors()) {
      throw new IOException(path + ": the snapshot's disk has " + savedSectors + " sectors, this one " + sectors());
    }
    TreeMap<Long, byte[]> chunks = new TreeMap<>();
    for (var entry : record.values().entrySet()) {
      if (entry.getKey().startsWith(CHUNK_NAME)) {
        chunks.put(index(entry.getKey()), content(entry.getKey(), entry.getValue()));
      } else if (!entry.getKey().equals(BASE) && !entry.getKey().equals(SECTORS)) {
        throw new IOException(path + ": the record has an unknown field " + entry.getKey());
      }
    }
    if (!chunks.isEmpty() && mode != Mode.OVERLAY) {
      throw new IOException(path + ": the snapshot has guest writes in an overlay; attach the image in overlay mode");
    }
    dropOverlay();
    take(chunks.size());
    overlay.putAll(chunks);
  }

  private long index(String name) throws IOException {
    try {
      long index = Long.parseLong(name.substring(CHUNK_NAME.length()));
      if (index >= 0 && index * CHUNK < length) {
        return index;
      }
    } catch (NumberFormatException e) {
      // Falls through to the same message.
    }
    throw new IOException(path + ": the record's field " + name + " names no chunk of this disk");
  }

  private byte[] content(String name, Object value) throws IOException {
    if (value instanceof byte[] chunk && chunk.length == CHUNK) {
      return chunk.clone();
    }
    throw new IOException(path + ": the record's field " + name + " has not " + CHUNK + " bytes");
  }

  private String digest() throws IOException {
    if (baseDigest == null) {
      try {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        byte[] buffer = new byte[1 << 16];
        for (long at = 0; at < length; at += buffer.length) {
          int piece = (int) Math.min(buffer.length, length - at);
          file.read(at, buffer, 0, piece);
          sha.update(buffer, 0, piece);
        }
        baseDigest = HexFormat.of().formatHex(sha.digest());
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
    return baseDigest;
  }

  @Override
  public void close() throws IOException {
    dropOverlay();
    file.close();
  }
}
