// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Which lock holds on this machine: the bundle's, or one of its own in the cache folder, which it has only because the user asked for
 * the archive's newer packages.
 */
final class Locks {
  static final String FILE = "packages.lock";

  private final Path own;
  private final Supplier<PackageLock> bundled;

  /**
   * @param own file of the machine's own lock
   * @param bundled the lock that counts without it
   */
  Locks(Path own, Supplier<PackageLock> bundled) {
    this.own = own;
    this.bundled = bundled;
  }

  /** Read when it is needed first: a start that has all in the cache of a machine's own lock, or another guest, never does. */
  private static final class Bundled {
    static final PackageLock LOCK = PackageLock.parse(new String(Initramfs.resource(FILE), StandardCharsets.UTF_8));
  }

  /** The lock that came with this version of Xenolith. */
  static PackageLock bundled() {
    return Bundled.LOCK;
  }

  /**
   * The lock that holds.
   *
   * @throws IOException if the machine's own can't be used; says what helps
   */
  PackageLock current() throws IOException {
    if (!isOwn()) {
      return bundled.get();
    }
    try {
      return PackageLock.parse(new String(Files.readAllBytes(own), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new IOException("this machine's own lock " + own + " is damaged: " + e.getMessage()
          + ". './xenolith packages reset' goes back to the one that came with Xenolith", e);
    }
  }

  /** Whether the machine has a lock of its own. */
  boolean isOwn() { return Files.isRegularFile(own); }

  /** The machine's own lock, and how to be rid of it. */
  String ownSays() {
    return "this machine's own lock " + own + " ('./xenolith packages reset' goes back to Xenolith's)";
  }

  /** Makes a lock the machine's own; the bundle's again is none of its own. */
  void keep(PackageLock lock) throws IOException {
    if (lock.text().equals(bundled.get().text())) {
      Files.deleteIfExists(own);
      return;
    }
    Files.createDirectories(own.getParent());
    CacheManifest.replace(own, lock.text().getBytes(StandardCharsets.UTF_8));
  }

  /** Goes back to the bundle's lock; returns whether there was another. */
  boolean reset() throws IOException {
    return Files.deleteIfExists(own);
  }

  /** What the bundle's lock says of a guest; for a comparison. */
  PackageLock ofXenolith() {
    return bundled.get();
  }
}
