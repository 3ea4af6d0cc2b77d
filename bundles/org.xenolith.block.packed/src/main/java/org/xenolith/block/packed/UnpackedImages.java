// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.packed;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.xenolith.block.kit.ImageBytes;
import org.xenolith.block.kit.SparseFile;
import org.xenolith.boot.kit.CacheLock;
import org.xenolith.boot.kit.FileProgress;
import org.xenolith.command.api.HostReason;

/**
 * The images that were unpacked: a raw file each in the cache folder, which nobody may write, named by the SHA-256 of the packed one and by its own length. A file has its name when all of it
 * is there. One process unpacks at a time; the latest used are kept.
 */
final class UnpackedImages {
  /** Images that are kept. */
  static final int KEPT = 3;
  private static final long LARGEST = 512L << 32;
  private static final int PIECE = 1 << 20;
  private static final String IMAGE = ".img";

  private final Path folder;
  private final Consumer<String> progress;

  /**
   * One that was unpacked.
   *
   * @param file   the raw image
   * @param sha256 of the packed one
   */
  record Unpacked(Path file, String sha256) {}

  UnpackedImages(Path folder, Consumer<String> progress) {
    this.folder = folder;
    this.progress = progress;
  }

  /** This user's: {@code $XENOLITH_CACHE}, else {@code $XDG_CACHE_HOME/xenolith}, else {@code ~/.cache/xenolith}, and there {@code unpacked}. */
  static Path folder(Map<String, String> environment) {
    String own = environment.getOrDefault("XENOLITH_CACHE", "");
    String user = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG base directory specification says that a relative path is to be ignored.
    Path base = user.startsWith("/") ? Path.of(user) : Path.of(System.getProperty("user.home"), ".cache");
    return (own.isBlank() ? base.resolve("xenolith") : Path.of(own)).resolve("unpacked").toAbsolutePath().normalize();
  }

  /**
   * What is in a packed image, unpacking it if that wasn't done yet.
   *
   * @param name what messages call it
   * @throws IOException if it can't be unpacked, or isn't raw; says what helps
   */
  Unpacked of(String name, ImageBytes image, Packing packing) throws IOException {
    String sha256 = digest(name, image);
    Path lock = folder.resolve("lock");
    try (CacheLock only = CacheLock.acquire(lock, progress::accept)) {
      Path file = made(sha256);
      if (file == null) {
        file = unpack(name, image, packing, sha256);
      }
      try {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        forgetOld(file);
      } catch (IOException e) {
        // In a folder that may only be read nothing becomes older.
      }
      return new Unpacked(file, sha256);
    } catch (java.nio.file.FileSystemException e) {
      throw new IOException(name + ": can't be unpacked in " + folder + ": " + HostReason.of(folder, e).text()
          + "; check the folder, or name another one in XENOLITH_CACHE", e);
    }
  }

  private String digest(String name, ImageBytes image) throws IOException {
    FileProgress told = new FileProgress("reading " + name, image.length(), progress::accept, System::nanoTime);
    MessageDigest sha;
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    byte[] piece = new byte[PIECE];
    long length = image.length();
    for (long at = 0; at < length; at += piece.length) {
      int count = (int) Math.min(piece.length, length - at);
      image.read(at, piece, 0, count);
      sha.update(piece, 0, count);
      told.accept(at);
    }
    return HexFormat.of().formatHex(sha.digest());
  }

  /** Its file, if it was unpacked; null if not. */
  private Path made(String sha256) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(one -> one.getFileName().toString().startsWith(sha256 + "-") && one.getFileName().toString().equals(sha256 + "-"
          + one.toFile().length() + IMAGE)).findFirst().orElse(null);
    }
  }

  private Path unpack(String name, ImageBytes image, Packing packing, String sha256) throws IOException {
    progress.accept(name + " is packed (" + packing.word + "): unpacking it once, into " + folder);
    FileProgress told = new FileProgress("unpacking " + name, image.length(), progress::accept, System::nanoTime);
    Path unfinished = folder.resolve("unfinished");
    // Under the lock nobody else uses it: what lies there is left over from a process that was ended.
    Files.deleteIfExists(unfinished);
    try {
      long length;
      try (HoledFile file = new HoledFile(unfinished, LARGEST)) {
        PackedStream in = new PackedStream(image);
        packing.unpack(new BufferedInputStream(in, PIECE), (bytes, from, count) -> {
          file.write(bytes, from, count);
          told.accept(in.at);
        });
        file.end();
        length = file.length();
      } catch (HoledFile.Foreign e) {
        throw new IOException(name + ": is packed (" + packing.word + "), and what is in it is " + e.getMessage()
            + ", not a raw image; unpack it, and name what comes out: " + packing.command + ' ' + name);
      } catch (java.nio.file.FileSystemException e) {
        throw e;
      } catch (IOException | RuntimeException e) {
        throw new IOException(name + ": can't be unpacked (" + packing.word + "): " + HostReason.of(e).text(), e);
      }
      unfinished.toFile().setReadOnly();
      Path file = folder.resolve(sha256 + "-" + length + IMAGE);
      SparseFile.move(unfinished, file);
      return file;
    } finally {
      Files.deleteIfExists(unfinished);
    }
  }

  private void forgetOld(Path used) throws IOException {
    List<Path> images;
    try (Stream<Path> all = Files.list(folder)) {
      images = all.filter(one -> one.getFileName().toString().matches("[0-9a-f]{64}-\\d+\\" + IMAGE) && !one.equals(used)).sorted(Comparator
          .comparing(UnpackedImages::time).reversed()).toList();
    }
    for (Path old : images.stream().skip(KEPT - 1).toList()) {
      Files.deleteIfExists(old);
    }
  }

  private static FileTime time(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** The packed bytes, in order. */
  private static final class PackedStream extends InputStream {
    private final ImageBytes image;
    private final long length;
    private long at;

    PackedStream(ImageBytes image) throws IOException {
      this.image = image;
      length = image.length();
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int offset, int bytes) throws IOException {
      if (at == length) {
        return -1;
      }
      int count = (int) Math.min(bytes, length - at);
      image.read(at, into, offset, count);
      at += count;
      return count;
    }

    /** What a reader of several members looks at. */
    @Override
    public int available() {
      return (int) Math.min(length - at, Integer.MAX_VALUE);
    }
  }
}
