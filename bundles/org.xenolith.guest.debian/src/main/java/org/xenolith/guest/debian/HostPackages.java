// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.nio.file.Path;
import java.util.Map;

/**
 * This host's cache and package client. The cache is {@code $XENOLITH_CACHE}, else {@code $XDG_CACHE_HOME/xenolith}, else
 * {@code ~/.cache/xenolith}.
 *
 * @param environment the process environment
 */
record HostPackages(Map<String, String> environment) {
  private static final Path OS_RELEASE = Path.of("/etc/os-release");
  private static final Path KEYS = Path.of("/usr/share/keyrings/debian-archive-keyring.gpg");

  private Path guests() {
    String own = environment.getOrDefault("XENOLITH_CACHE", "");
    if (!own.isBlank()) {
      return Path.of(own).toAbsolutePath().normalize().resolve("guests");
    }
    String user = environment.getOrDefault("XDG_CACHE_HOME", "");
    // The XDG base directory specification says that a relative path is to be ignored.
    Path base = user.startsWith("/") ? Path.of(user) : Path.of(System.getProperty("user.home"), ".cache");
    return base.resolve("xenolith/guests").toAbsolutePath().normalize();
  }

  /** A guest's folder in the cache. */
  Path folder(DebianKernel kind) {
    return guests().resolve(kind.guest);
  }

  Locks locks() {
    return new Locks(guests().resolve(Locks.FILE), Locks::bundled);
  }

  /** The package client with its private state in a folder. */
  PackageClient client(Path folder) {
    return new AptClient(folder.resolve("apt"), OS_RELEASE, environment, () -> Locks.bundled().archives(), KEYS);
  }

  /** Brings packages, those first that a folder of the cache has. */
  PackageFetcher fetcher(Path folder, PackageClient client) {
    return new PackageFetcher(environment, folder, client, Download.of(environment));
  }
}
