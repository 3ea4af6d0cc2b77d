// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.boot.api.Availability.State;
import org.xenolith.boot.api.BootException;
import org.xenolith.boot.api.GuestFile;
import org.xenolith.boot.api.ImagePlan;
import org.xenolith.boot.api.ImageRequest;
import org.xenolith.boot.api.ProgressListener;

/** What a disk image is made of, as far as that needs no packages. */
class DebianImageTest {
  private static final long GIBIBYTE = 1L << 30;

  @TempDir
  Path cache;

  private DebianImage image(String... more) {
    Map<String, String> environment = new java.util.TreeMap<>(Map.of("XENOLITH_CACHE", cache.toString()));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return new DebianImage(DebianSystem.ARM64, new HostPackages(environment));
  }

  private ImagePlan plan(long size, String... packages) {
    return image().plan(new ImageRequest(size == 0 ? OptionalLong.empty() : OptionalLong.of(size), List.of(packages)));
  }

  @Test
  void theKeyIsThatOfWhatItIsMadeOf() {
    Set<String> keys = new HashSet<>();
    for (ImagePlan plan : List.of(plan(0), plan(2 * GIBIBYTE), plan(0, "openssl"), plan(0, "xen-hypervisor-4.17-arm64"))) {
      assertTrue(plan.key().matches("[0-9a-f]{64}"), plan.key());
      assertTrue(keys.add(plan.key()), "two that differ have the key " + plan.key());
    }
    assertEquals(plan(0).key(), plan(DebianImage.USUAL).key());
    assertEquals(plan(0, "openssl", "efivar").key(), plan(0, "efivar", "openssl", "efivar").key());
    // It is on the disk already.
    assertEquals(plan(0).key(), plan(0, "e2fsprogs").key());
  }

  @Test
  void anotherLockIsAnotherKey() throws IOException {
    String before = plan(0).key();
    String text = Locks.bundled().text();
    LockedPackage systemd = Locks.bundled().packages().get("systemd");
    Path own = Files.createDirectories(cache.resolve("guests")).resolve(Locks.FILE);
    Files.writeString(own, text.replace(systemd.sha256(), "0".repeat(64)));
    assertFalse(plan(0).key().equals(before), "a package's digest doesn't count");
    Files.writeString(own, text.replaceAll("(?m)^image .*\n", ""));
    String message = assertThrows(BootException.class, () -> plan(0)).getMessage();
    assertTrue(message.contains("names no packages for the image debian") && message.contains("packages reset"), message);
    assertEquals(State.UNAVAILABLE, image().availability().state());
  }

  @Test
  void sizesThatCantBeAreRefused() {
    for (long size : new long[] {1, DebianImage.LEAST - 1, DebianImage.LEAST - (1 << 20), DebianImage.USUAL + 512, Long.MAX_VALUE}) {
      String message = assertThrows(BootException.class, () -> plan(size)).getMessage();
      assertTrue(message.contains("1024 at least"), message);
    }
    assertEquals(DebianImage.LEAST, plan(DebianImage.LEAST).size());
  }

  @Test
  void aPackageThatTheLockHasNotIsNamed() {
    String message = assertThrows(BootException.class, () -> plan(0, "no-such-package")).getMessage();
    assertTrue(message.contains("'no-such-package' is not in the lock") && message.contains("openssl"), message);
  }

  /** An archive whose index has all of the lock's packages and two more, one of which needs the other. */
  private static final class Index implements PackageClient {
    private static final LockedPackage TOOL = new LockedPackage("tool", "1.2-3", 10, "a".repeat(64),
        "pool/main/t/tool/tool_1.2-3_arm64.deb");
    private static final LockedPackage NEED = new LockedPackage("need", "4", 11, "b".repeat(64), "pool/main/n/need/need_4_all.deb");
    private final List<String> asked = new ArrayList<>();
    private Optional<KeptIndex> kept = Optional.empty();

    @Override
    public Optional<KeptIndex> index() {
      return kept;
    }

    @Override
    public Optional<Unusable> unusable() {
      return Optional.empty();
    }

    @Override
    public void update(ProgressListener progress) {
      asked.add("update");
    }

    @Override
    public String dependency(String metapackage, String prefix) {
      return Locks.bundled().guest("debian").orElseThrow().getFirst().name();
    }

    @Override
    public LockedPackage candidate(String name) throws IOException {
      if (name.equals("tool")) {
        return TOOL;
      }
      LockedPackage one = Locks.bundled().packages().get(name);
      if (one == null) {
        throw new IOException("'" + name + "' is not in the index");
      }
      return one;
    }

    @Override
    public List<LockedPackage> closure(Collection<String> names) {
      asked.add(names.contains("tool") && names.contains("openssl") && names.contains("systemd") ? "closure" : "closure of what? " + names);
      List<LockedPackage> all = new ArrayList<>(Locks.bundled().image("debian").orElseThrow());
      all.removeIf(one -> one.name().startsWith(LockRenewal.KERNEL_PREFIX));
      all.addAll(List.of(NEED, TOOL));
      return all;
    }

    @Override
    public Path download(LockedPackage wanted, Path folder, ProgressListener progress) {
      throw new AssertionError("a plan fetches nothing");
    }
  }

  @Test
  void aPackageThatTheLockHasNotComesOfTheIndexAndIsLockedBesideTheImage() {
    Index index = new Index();
    DebianImage image = new DebianImage(DebianSystem.ARM64, new HostPackages(Map.of("XENOLITH_CACHE", cache.toString()))) {
      @Override
      PackageClient client() {
        return index;
      }
    };
    List<String> told = new ArrayList<>();
    ImagePlan plan = image.plan(new ImageRequest(OptionalLong.empty(), List.of("tool", "openssl")), told::add);
    assertEquals(List.of("update", "closure"), index.asked);
    // What was read once is used without a network from then on.
    index.kept = Optional.of(new KeptIndex(Instant.parse("2026-11-30T10:20:00Z"), List.of("bookworm of Sat, 28 Nov 2026 09:00:00 UTC")));
    index.asked.clear();
    ImageRequest again = new ImageRequest(OptionalLong.empty(), List.of("tool", "openssl"));
    assertEquals(plan.key(), image.plan(again, told::add).key());
    assertEquals(List.of("closure"), index.asked);
    assertTrue(told.getLast().contains("using the index of Debian's archive that is here, read on 2026-11-30 10:20 UTC and checked by its"
        + " signature then (bookworm of Sat, 28 Nov 2026 09:00:00 UTC); " + option("update") + " reads it anew"), told.getLast());
    String old = assertThrows(BootException.class, () -> image.plan(new ImageRequest(OptionalLong.empty(), List.of("no-such-package")),
        told::add)).getMessage();
    assertTrue(old.contains("'no-such-package' is not in the index") && old.endsWith(option("update") + " reads it anew"), old);
    index.asked.clear();
    assertEquals(plan.key(), image.plan(again, true, told::add).key());
    assertEquals(List.of("update", "closure"), index.asked);
    index.kept = Optional.empty();
    assertTrue(told.getFirst().contains("the lock doesn't name tool: asking the index"), told.toString());
    PackageLock lock = PackageLock.parse(plan.manifest());
    assertEquals(Index.TOOL, lock.packages().get("tool"));
    // The kernel that makes the disk loads modules from it, and so it is the one of the lock.
    LockedPackage kernel = Locks.bundled().guest("debian").orElseThrow().getFirst();
    assertEquals(kernel, lock.packages().get(kernel.name()));
    assertEquals(Locks.bundled().image("debian").orElseThrow().size() + 2, lock.image("debian").orElseThrow().size());
    assertFalse(plan.key().equals(plan(0, "openssl").key()));
    index.asked.clear();
    ImagePlan known = image.plan(new ImageRequest(OptionalLong.empty(), List.of("openssl")), told::add);
    assertEquals("", known.manifest());
    assertEquals(plan(0, "openssl").key(), known.key());
    assertEquals(List.of(), index.asked);
    String none = assertThrows(BootException.class, () -> image.plan(new ImageRequest(OptionalLong.empty(), List.of("no-such-package")),
        told::add)).getMessage();
    assertTrue(none.contains("'no-such-package' is not in the index"), none);
  }

  @Test
  void aFolderThatLacksPackagesIsSaid() throws IOException {
    Path empty = Files.createDirectory(cache.resolve("empty"));
    DebianImage image = image("XENOLITH_PACKAGES", empty.toString());
    assertEquals(State.UNAVAILABLE, image.availability().state());
    assertTrue(image.availability().remedy().contains("packages fetch"), image.availability().remedy());
    ImagePlan plan = image.plan(new ImageRequest(OptionalLong.empty(), List.of()));
    String message = assertThrows(BootException.class, () -> plan.prepare(cache.resolve("content"), ProgressListener.SILENT)).getMessage();
    assertTrue(message.contains("the folder " + empty) && message.contains("has no "), message);
    assertEquals(State.FETCHABLE, image().availability().state());
  }

  @Test
  void aFileMakesItAnotherImage() {
    List<String> keys = new ArrayList<>();
    for (List<GuestFile> files : List.of(List.<GuestFile>of(), List.of(new GuestFile("/boot/a", 0644, new byte[1])), List.of(new GuestFile(
        "/boot/b", 0644, new byte[1])), List.of(new GuestFile("/boot/a", 0644, new byte[2])), List.of(new GuestFile("/boot/a", 0755,
            new byte[1])))) {
      keys.add(image().plan(new ImageRequest(OptionalLong.empty(), List.of(), files)).key());
    }
    assertEquals(5, keys.stream().distinct().count(), keys.toString());
  }
}
