// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.vmdk;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xenolith.block.kit.ContentDigest;
import org.xenolith.block.kit.DiskContent;
import org.xenolith.block.kit.ImageFile;

/**
 * The disk in an image: one sparse file, or extents that a description names. These are files in the folder of the description, links followed: who wrote it doesn't choose what else of this
 * host is read.
 */
final class VmdkContent implements DiskContent {
  private static final int SECTOR = SparseHeader.SECTOR;
  private final String name;
  private final List<Extent> extents;
  /** Files that stay open without an extent in them: the description. */
  private final Optional<ImageFile> description;
  private final long length;

  private VmdkContent(String name, List<Extent> extents, Optional<ImageFile> description) {
    this.name = name;
    this.extents = List.copyOf(extents);
    this.description = description;
    length = extents.stream().mapToLong(Extent::length).sum();
  }

  /** Opens what is in a file. */
  static VmdkContent of(Path path, ImageFile image) throws IOException {
    String name = path.toString();
    byte[] begin = new byte[(int) Math.min(image.length(), ExtentList.MOST)];
    image.read(0, begin, 0, begin.length);
    if (VmdkComponent.begins(begin, SparseHeader.MARK)) {
      SparseExtent sparse = new SparseExtent(name, image);
      Optional<String> text = description(sparse.header(), image);
      if (text.isPresent()) {
        List<ExtentList.Line> lines = ExtentList.of(name, text.get()).extents();
        if (lines.size() != 1) {
          throw SparseHeader.refused(name, "describes a disk of " + lines.size() + " extents, and is one of them");
        }
      }
      return new VmdkContent(name, List.of(sparse), Optional.empty());
    }
    if (!VmdkComponent.begins(begin, ExtentList.MARK)) {
      throw new IOException(name + ": is no VMDK image: it begins neither with '" + SparseHeader.MARK + "' nor with '" + ExtentList.MARK
          + "'; name another, or leave out format=vmdk");
    }
    return described(path, image, ExtentList.of(name, new String(begin, StandardCharsets.UTF_8)));
  }

  private static Optional<String> description(SparseHeader header, ImageFile image) throws IOException {
    int bytes = header.descriptionSectors() * SECTOR;
    if (header.description() <= 0 || bytes == 0 || header.description() > (image.length() - bytes) / SECTOR) {
      return Optional.empty();
    }
    byte[] text = new byte[bytes];
    image.read(header.description() * SECTOR, text, 0, bytes);
    return Optional.of(new String(text, StandardCharsets.UTF_8).replaceFirst("(?s)\0.*", "")).filter(one -> !one.isBlank());
  }

  private static VmdkContent described(Path path, ImageFile image, ExtentList list) throws IOException {
    List<Extent> extents = new ArrayList<>();
    try {
      for (ExtentList.Line line : list.extents()) {
        extents.add(extent(path, line));
      }
      return new VmdkContent(path.toString(), extents, Optional.of(image));
    } catch (IOException | RuntimeException e) {
      for (Extent extent : extents) {
        extent.close();
      }
      throw e;
    }
  }

  private static Extent extent(Path path, ExtentList.Line line) throws IOException {
    long bytes = line.sectors() * SECTOR;
    if (line.kind().equals("ZERO")) {
      return new FlatExtent(path.toString(), Optional.empty(), 0, bytes);
    }
    Path file = beside(path, line.file());
    ImageFile image = ImageFile.open(file, false);
    try {
      if (line.kind().equals("SPARSE")) {
        SparseExtent sparse = new SparseExtent(file.toString(), image);
        if (sparse.length() != bytes) {
          throw SparseHeader.refused(path.toString(), "its extent " + line.file() + " has " + sparse.length() / SECTOR
              + " sectors, and is said to have " + line.sectors());
        }
        return sparse;
      }
      return new FlatExtent(file.toString(), Optional.of(image), line.begin() * SECTOR, bytes);
    } catch (IOException | RuntimeException e) {
      image.close();
      throw e;
    }
  }

  private static Path beside(Path path, String file) throws IOException {
    String place = path + ": its extent '" + file + "'";
    try {
      Path beside = path.resolveSibling(file);
      if (!Files.isRegularFile(beside)) {
        throw new IOException(place + " is missing: there is no file " + beside + "; bring it there");
      }
      Path folder = path.toRealPath().getParent();
      if (!beside.toRealPath().startsWith(folder)) {
        throw new IOException(place + " is outside of " + folder
            + ", and an image, which a guest may have written, doesn't choose what of this host is read; bring it there");
      }
      return beside;
    } catch (InvalidPathException e) {
      throw new IOException(place + " has a name that no file can have here");
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public void read(long position, byte[] into, int offset, int bytes) throws IOException {
    long begin = 0;
    int done = 0;
    for (Extent extent : extents) {
      long at = position + done - begin;
      if (done < bytes && at < extent.length()) {
        int piece = (int) Math.min(bytes - done, extent.length() - at);
        extent.read(at, into, offset + done, piece);
        done += piece;
      }
      begin += extent.length();
    }
  }

  @Override
  public String digest() throws IOException {
    List<String> all = new ArrayList<>();
    if (description.isPresent()) {
      all.add(ContentDigest.of(description.get()));
    }
    for (Extent extent : extents) {
      all.add(extent.digest());
    }
    return ContentDigest.of(all);
  }

  @Override
  public void close() throws IOException {
    for (Extent extent : extents) {
      extent.close();
    }
    if (description.isPresent()) {
      description.get().close();
    }
  }
}
