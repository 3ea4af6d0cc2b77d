// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.qcow2;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory.Mode;
import org.xenolith.block.kit.ContentDigest;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ForeignDisk;
import org.xenolith.block.kit.ImageFile;

/**
 * Opens an image and the backing files that it names. Who made the image has named them, and may be a guest: they are files in the folder of the image, or below it, unless a
 * person allows another folder, and what they are must be said by who names them, as content may be a guest's, too.
 */
final class ImageChain {
  /** The setting that allows another folder. */
  static final String BACKING = "backing";
  private static final int LONGEST = 64;

  private final List<Path> allowed = new ArrayList<>();
  private final List<Path> opened = new ArrayList<>();

  /** @param allowed another folder in which backing files may be */
  ImageChain(Path image, Optional<Path> allowed) throws IOException {
    this.allowed.add(image.toRealPath().getParent());
    if (allowed.isPresent()) {
      if (!Files.isDirectory(allowed.get())) {
        throw new IOException(image + ": backing=" + allowed.get() + ": there is no such folder; name the one that has the backing file");
      }
      this.allowed.add(allowed.get().toRealPath());
    }
  }

  /** Opens an image. */
  DiskContent open(Path path, Mode mode) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new IOException(path + ": " + (Files.isDirectory(path) ? "is a folder, and no image" : Files.exists(path)
          ? "is a device, a pipe or a socket, and no image"
          : "no such disk image; name an existing file, or make one: qemu-img create -f qcow2 "
              + path + " 1G"));
    }
    if (!Files.isReadable(path) || mode == Mode.WRITE_THROUGH && !Files.isWritable(path)) {
      throw new IOException(path + ": the disk image can't be " + (Files.isReadable(path) ? "written" : "read")
          + "; change its permissions");
    }
    opened.add(path.toRealPath());
    ImageFile image = ImageFile.open(path, mode == Mode.WRITE_THROUGH);
    Optional<DiskContent> backing = Optional.empty();
    try {
      Qcow2Header header = Qcow2Header.of(path.toString(), image);
      backing = header.backing().isEmpty() ? Optional.empty() : Optional.of(backing(path, header));
      return mode == Mode.WRITE_THROUGH ? new WrittenContent(path.toString(), image, header, backing)
          : new Qcow2Content(path.toString(), image, header, backing);
    } catch (IOException | RuntimeException e) {
      image.close();
      if (backing.isPresent()) {
        backing.get().close();
      }
      throw e;
    }
  }

  private DiskContent backing(Path image, Qcow2Header header) throws IOException {
    String said = header.backing();
    String place = image + ": its backing file '" + said + "'";
    String format = header.backingFormat();
    Path file = place(image, place, said);
    if (opened.contains(file)) {
      throw new IOException(place + " leads in a circle: " + opened.stream().map(Path::toString).collect(Collectors.joining(" -> "))
          + " -> "
          + file);
    }
    if (opened.size() == LONGEST) {
      throw new IOException(place + " is the backing file number " + LONGEST
          + " of a chain; make one image of it: qemu-img convert -O qcow2");
    }
    switch (format) {
      case "qcow2" -> {
        return open(file, Mode.READ_ONLY);
      }
      case "raw", "" -> {
        return new RawBacking(file, format.isEmpty());
      }
      default -> throw new IOException(place + " is said to be " + format
          + ", and backing files are qcow2 or raw here; make it one: qemu-img convert -O qcow2 "
          + file + ' ' + file + ".qcow2, and qemu-img rebase");
    }
  }

  /** Where it really is, if it may be there. */
  private Path place(Path image, String place, String said) throws IOException {
    if (said.startsWith("json:") || said.matches("[a-z][a-z0-9+.-]*:.*")) {
      throw new IOException(place
          + " is no file, and other things aren't opened because an image says so; make one image of it where it is: qemu-img convert -O qcow2");
    }
    Path file;
    try {
      file = image.resolveSibling(said);
      if (!Files.isRegularFile(file)) {
        throw new IOException(place + " is missing: there is no file " + file
            + "; bring it there, or say where it is now: qemu-img rebase -u -b FILE -F qcow2 "
            + image);
      }
      file = file.toRealPath();
    } catch (InvalidPathException e) {
      throw new IOException(place + " has a name that no file can have here");
    }
    if (allowed.stream().noneMatch(file::startsWith)) {
      throw new IOException(place + " is outside of " + allowed.getFirst()
          + ", and an image, which a guest may have written, doesn't choose what of this host is read; if it is meant, say backing=" + file
              .getParent());
    }
    return file;
  }

  /** A raw file behind an image. */
  private static final class RawBacking implements DiskContent {
    private final Path path;
    private final ImageFile file;
    private final long length;

    /** @param guessed whether nobody said that it is raw */
    private RawBacking(Path path, boolean guessed) throws IOException {
      this.path = path;
      file = ImageFile.open(path, false);
      length = file.length();
      Optional<ForeignDisk> foreign = guessed ? ForeignDisk.of(file) : Optional.empty();
      if (foreign.isPresent()) {
        file.close();
        throw new IOException(path + ": is " + foreign.get().name()
            + ", and the image that names it as its backing file doesn't say so; if it is meant, have it say so: qemu-img rebase -u -F FORMAT -b "
            + path + " IMAGE");
      }
    }

    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public long length() {
      return (length + BlockDevice.SECTOR - 1) / BlockDevice.SECTOR * BlockDevice.SECTOR;
    }

    @Override
    public void read(long position, byte[] into, int offset, int bytes) throws IOException {
      int there = (int) Math.max(0, Math.min(bytes, length - position));
      if (there > 0) {
        file.read(position, into, offset, there);
      }
      java.util.Arrays.fill(into, offset + there, offset + bytes, (byte) 0);
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
}
