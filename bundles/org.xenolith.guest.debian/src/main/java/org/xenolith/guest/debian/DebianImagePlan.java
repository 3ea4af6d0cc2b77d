// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.GuestImage;
import org.xenolith.boot.api.GuestRequest;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ProgressListener;
import org.xenolith.boot.api.Provenance;
import org.xenolith.boot.kit.CacheLock;

/**
 * How one Debian disk is made: our guest partitions it and unpacks the tree of packages from the second disk ({@code image-disk}), and the
 * system that is there then configures itself ({@code image-system}).
 *
 * @param image what it is one of
 * @param size bytes of the disk
 * @param lock names the packages
 * @param parts all packages of the system
 * @param files what is put there besides
 * @param indexed whether the parts are of the archive's index, and not of the lock
 */
record DebianImagePlan(DebianImage image, long size, PackageLock lock, List<LockedPackage> parts, List<GuestFile> files,
    boolean indexed) implements
    ImagePlan {
  /** Goes up when a disk is made in another way than by the scripts. */
  private static final String FORMAT = "xenolith-image 1";
  private static final String MAKER = "/bin/image-disk";
  /** How much of the key the disk's UUIDs are made of. */
  private static final int IDENTITY_DIGITS = 28;
  /** What the packages unpack to, by experience. */
  private static final int UNPACKED = 6;
  private static final long MEMORY = 1L << 30;

  @Override
  public String key() {
    List<String> made = new ArrayList<>(List.of(FORMAT, Long.toString(size), sources(), Digests.sha256(Initramfs.resource("image-disk")),
        Digests
            .sha256(Initramfs.resource("image-system"))));
    parts.forEach(one -> made.add(one + " " + one.sha256()));
    files.forEach(one -> made.add("file " + one.path() + " " + Integer.toOctalString(one.mode()) + " " + Digests.sha256(one.content())));
    Stream.concat(lock.guest(image.system().kernel.guest).orElse(List.of()).stream(), lock.closure(image.system().tools()).orElse(List.of())
        .stream()).forEach(one -> made.add("with " + one + " " + one.sha256()));
    return DebianImage.digest(made);
  }

  @Override
  public String manifest() {
    if (!indexed) {
      return "";
    }
    SortedMap<String, LockedPackage> named = new TreeMap<>();
    parts.forEach(one -> named.put(one.name(), one));
    return new PackageLock(lock.archives(), new TreeMap<>(), new TreeMap<>(Map.of(image.name(), List.copyOf(named.keySet()))),
        new TreeMap<>(), new TreeSet<>(), named).text();
  }

  @Override
  public long contentSize() {
    return UNPACKED * parts.stream().mapToLong(LockedPackage::size).sum() + files.stream().mapToLong(one -> one.content().length).sum();
  }

  @Override
  public long memory() {
    return MEMORY;
  }

  @Override
  public String board() {
    return image.system().board;
  }

  @Override
  public GuestImage prepare(Path content, ProgressListener progress) {
    try {
      long time = unpack(content, progress);
      GuestRequest request = GuestRequest.PLAIN.withModule("crc32c_generic").withModule("ext4")
          .withFile(GuestFile.executable(MAKER, Initramfs.resource("image-disk")));
      for (String tool : image.system().tools()) {
        request = request.withPackage(tool);
      }
      GuestImage maker = image.maker().obtain(progress, request);
      List<Provenance> provenance = new ArrayList<>(maker.provenance());
      parts.forEach(one -> provenance.add(one.provenance()));
      return new GuestImage(image.name(), maker.kernel(), maker.initrd(), maker.commandLine() + " loglevel=4 xl.disk xl.run=" + MAKER
          + "," + time + "," + key().substring(0, IDENTITY_DIGITS) + (image.system().firmware() ? ",efi" : ""), provenance, maker
              .deviceTrees());
    } catch (IOException | UncheckedIOException e) {
      throw image.trouble(e);
    } catch (IllegalArgumentException e) {
      throw new BootException(e.getMessage(), e);
    }
  }

  private long unpack(Path content, ProgressListener progress) throws IOException {
    Path folder = image.packages();
    try (CacheLock only = CacheLock.acquire(folder.resolveSibling("lock"), progress)) {
      Files.createDirectories(folder);
      forgetOthers(folder);
      List<Path> archives = fetch(folder, progress);
      SortedMap<String, Path> packages = new TreeMap<>();
      for (int i = 0; i < archives.size(); i++) {
        packages.put(parts.get(i).name(), archives.get(i));
      }
      progress.progress("unpacking " + archives.size() + " packages");
      return SystemTree.write(packages, sources(), files, content);
    }
  }

  /** Packages that this lock doesn't name are of no use to any image. */
  private void forgetOthers(Path folder) throws IOException {
    TreeSet<String> known = lock.packages().values().stream().map(LockedPackage::localFile).collect(Collectors.toCollection(TreeSet::new));
    parts.forEach(one -> known.add(one.localFile()));
    try (Stream<Path> all = Files.list(folder)) {
      for (Path file : all.toList()) {
        if (!known.contains(file.getFileName().toString())) {
          Installation.delete(file);
        }
      }
    }
  }

  /** A hundred lines, one a package, would tell less than one every some packages. */
  private List<Path> fetch(Path folder, ProgressListener progress) throws IOException {
    int[] fetched = new int[1];
    ProgressListener some = line -> {
      if (!line.startsWith("fetching ")) {
        progress.progress(line);
      } else if (fetched[0]++ % 25 == 0) {
        progress.progress(line + (fetched[0] == 1 ? ", and what else is missing of " + parts.size() + " packages" : ", and more"));
      }
    };
    try {
      return image.fetcher().fetch(parts, lock, folder, some);
    } catch (PackageFetcher.Gone e) {
      throw indexed ? new IOException("the archive no longer has " + e.gone() + ", which its index names that is here: " + option("update")
          + " reads that anew", e) : e;
    }
  }

  /** The system's list of sources: the archives that the lock is of. */
  private String sources() {
    return lock.archives().stream().sorted(Comparator.comparing(PackageLock.Archive::address)).flatMap(archive -> archive.suites().stream()
        .map(suite -> "deb " + archive.address() + " " + suite + " main\n")).collect(Collectors.joining());
  }
}
