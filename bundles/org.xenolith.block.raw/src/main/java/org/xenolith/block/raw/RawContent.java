// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.raw;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.kit.ContentDigest;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ForeignDisk;
import org.xenolith.block.kit.ImageFile;

/** A raw image, whose bytes are the disk's. The file is held as long as the disk is open. */
final class RawContent implements DiskContent {
  private static final int SECTOR = BlockDevice.SECTOR;
  /** What 32 bits of sectors can address; a larger file is a mistake, and its digest would take hours. */
  private static final long LARGEST = (long) SECTOR << 32;

  private final Path path;
  private final ImageFile file;
  private final long length;
  /** Whether a person said that it is raw: then what it holds says nothing else. */
  private final boolean said;

  /** @param said whether a person said that it is raw, and not its content */
  RawContent(Path path, Mode mode, boolean said) throws IOException {
    this.path = path;
    this.said = said;
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
    try {
      requireRaw(mode);
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** What is in another format would be taken for the disk's content, and destroyed by what a guest writes. */
  private void requireRaw(Mode mode) throws IOException {
    Optional<ForeignDisk> foreign = said ? Optional.empty() : ForeignDisk.of(file);
    if (foreign.isPresent()) {
      throw new IOException(path + ": " + foreign.get().said(path));
    }
    if (mode == Mode.WRITE_THROUGH && length % SECTOR != 0) {
      throw new IOException(path + ": has " + length + " bytes, no multiple of " + SECTOR
          + ": whole sectors are written, so this is no raw disk image, or one that was"
          + " cut; name another, or leave the guest's writes in memory (overlay)");
    }
  }

  @Override
  public String name() {
    return path.toString();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    file.read(position, into, offset, bytes);
  }

  @Override
  public boolean isHole(long position, int bytes) throws IOException {
    return file.isHole(position, bytes);
  }

  @Override
  public void write(long position, byte[] from, int offset, int bytes) throws IOException {
    if (!said && (position < SECTOR || position + bytes > length - SECTOR)) {
      requireNoMarks(position, from, offset, bytes);
    }
    file.write(position, from, offset, bytes);
  }

  /**
   * A guest that gives its raw disk the marks of another format would have the next launch, or another program, take it for that: for one whose backing file is any of the
   * host's, for example.
   */
  private void requireNoMarks(long position, byte[] from, int offset, int bytes) throws IOException {
    byte[] begin = position == 0 && bytes >= SECTOR ? Arrays.copyOfRange(from, offset, offset + SECTOR) : new byte[0];
    byte[] end = position + bytes == length && bytes >= SECTOR ? Arrays.copyOfRange(from, offset + bytes - SECTOR, offset + bytes)
        : new byte[0];
    Optional<ForeignDisk> foreign = ForeignDisk.of(begin, end);
    if (foreign.isPresent()) {
      throw new IOException(path + ": with what the guest writes to its " + (begin.length > 0 ? "first" : "last")
          + " sector the file would be taken for "
          + foreign.get().name() + " from then on, so it isn't written; say that it is raw whatever it holds, \",format=raw\"");
    }
  }

  @Override
  public void flush() throws IOException {
    file.flush();
  }

  @Override
  public String digest() throws IOException {
    return ContentDigest.of(file);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
