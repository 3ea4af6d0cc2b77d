// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.xenolith.boot.api.ProgressListener;

/**
 * The distribution's package client: what the archive has now, by its signed index. Only who asks for newer packages, or for one that
 * no lock knows, needs it.
 */
interface PackageClient {
  /** Why it can't be used on this host and what helps; empty when it can. */
  Optional<Unusable> unusable();

  /** A reason and a remedy, a sentence each. */
  record Unusable(String reason, String remedy) {}

  /** Where this host reads an archive, if it has addresses of its own for it: a mirror that is nearer, or behind no wall. */
  default List<String> mirrors(PackageLock.Archive archive) {
    return List.of();
  }

  /** The index that an earlier {@link #update} has read and checked, if all of it is here unchanged. */
  default Optional<KeptIndex> index() {
    return Optional.empty();
  }

  /** Brings the package index up to date. Problems are reported, and show at the latest when a package is missing. */
  void update(ProgressListener progress) throws IOException;

  /**
   * Forgets the index, if it was just brought up to date without trouble and can nevertheless be at fault.
   *
   * @return whether it is worth to begin anew
   */
  default boolean forget() throws IOException {
    return false;
  }

  /** The package that a metapackage stands for: its first dependency whose name begins with {@code prefix}. */
  String dependency(String metapackage, String prefix) throws IOException;

  /** The package that would be installed. */
  LockedPackage candidate(String name) throws IOException;

  /** The named packages and all that they depend on, without what is only recommended, sorted by name. */
  List<LockedPackage> closure(Collection<String> names) throws IOException;

  /** Downloads a package into a folder, with the proxies and keys that the client is set up for. Gives its file. */
  Path download(LockedPackage wanted, Path folder, ProgressListener progress) throws IOException;
}
