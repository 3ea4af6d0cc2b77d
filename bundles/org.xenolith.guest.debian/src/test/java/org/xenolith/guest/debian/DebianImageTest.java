// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
