// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import org.xenolith.boot.api.GuestFile;

/** The guest's first root file system: busybox, our init, kernel modules, and what the caller adds. */
final class Initramfs {
  private static final int KEPT = 16;
  /** What drives a test from the console; each says at its top what it does. */
  private static final List<String> SCRIPTS = List.of("xl-data", "xl-disk", "xl-fetch", "xl-ip", "xl-load", "xl-ping", "xl-serve");

  private Initramfs() {}

  /**
   * Puts the archive together; the same input gives the same bytes.
   *
   * @param arm whether it is one for arm64, which programs of our own are made for
   * @param modules the modules that init loads, in order, by the name of their list: {@code boot} always, {@code disk}
   *        for {@code xl.disk}, {@code dom0} for {@code xl.dom0}, {@code domu} for devices on the Xen bus; a module without content is
   *        one that this kernel hasn't, and is named in its list only
   */
  static byte[] archive(byte[] busybox, boolean arm, Map<String, Map<String, byte[]>> modules, Collection<GuestFile> files) {
    CpioArchive archive = new CpioArchive();
    for (String folder : List.of("/bin", "/dev", "/lib/modules", "/mnt", "/proc", "/sys", "/tmp")) {
      archive.directory(folder);
    }
    archive.characterDevice("/dev/console", 0600, 5, 1);
    archive.characterDevice("/dev/null", 0666, 1, 3);
    archive.file("/bin/busybox", 0755, busybox);
    archive.symbolicLink("/bin/sh", "busybox");
    archive.file("/init", 0755, resource("init"));
    archive.file("/lib/xenolith/xen", 0644, resource("xen"));
    for (String script : SCRIPTS) {
      archive.file("/bin/" + script, 0755, resource(script));
    }
    archive.file("/bin/xenstore-handover", 0755, arm ? StoreHandover.program() : StoreHandoverX64.program());
    archive.file("/sbin/poweroff", 0755, resource("poweroff"));
    archive.symbolicLink("/sbin/reboot", "poweroff");
    modules.forEach((list, members) -> {
      members.forEach((name, module) -> {
        if (module.length > 0) {
          archive.file("/lib/modules/" + name + ".ko", 0644, module);
        }
      });
      archive.file("/lib/modules/" + list + ".list", 0644, lines(members.keySet().stream()));
    });
    files.forEach(file -> archive.file(file.path(), file.mode(), file.content()));
    return archive.bytes();
  }

  private static byte[] lines(Stream<String> names) {
    return names.map(name -> name + "\n").reduce("", String::concat).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] resource(String name) {
    try (InputStream in = Initramfs.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the bundle lacks its resource " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where an archive is kept when it is compressed. */
  static String fileName(byte[] archive) {
    return Digests.sha256(archive).substring(0, 16) + ".cpio.gz";
  }

  /** Compresses an archive, or takes it from an earlier start when what lies there unpacks to exactly this archive. */
  static byte[] compressed(byte[] archive, Path folder) throws IOException {
    Path file = folder.resolve(fileName(archive));
    if (Files.isRegularFile(file)) {
      byte[] before = Files.readAllBytes(file);
      if (unpacksTo(archive, before)) {
        return before;
      }
    }
    byte[] packed = gzip(archive);
    try {
      Files.createDirectories(folder);
      forgetOld(folder);
      CacheManifest.replace(file, packed);
    } catch (IOException e) {
      // The cache is read-only or full: the next start packs it once more, to the same bytes.
    }
    return packed;
  }

  private static boolean unpacksTo(byte[] archive, byte[] packed) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed), 1 << 16)) {
      return Arrays.equals(archive, in.readNBytes(archive.length)) && in.read() < 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static void forgetOld(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      if (all.size() >= KEPT) {
        for (Path file : all) {
          Files.delete(file);
        }
      }
    }
  }

  /** Gzip at the highest level, without a time in its header. */
  static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length / 2);
    try (GZIPOutputStream gzip = new GZIPOutputStream(out) {
      {
        def.setLevel(Deflater.BEST_COMPRESSION);
      }
    }) {
      gzip.write(data);
    }
    return out.toByteArray();
  }
}
