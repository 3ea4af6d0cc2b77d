// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import org.xenolith.boot.api.ProgressListener;

/** The distribution's package client, as far as a guest needs it. */
interface PackageClient {
  /**
   * A package that can be downloaded.
   *
   * @param name package name
   * @param version version as the distribution writes it
   * @param sha256 digest of the package file by the signed index, in hexadecimal
   */
  record Package(String name, String version, String sha256) {}

  /** Why it can't be used on this host and what helps; empty when it can. */
  Optional<Unusable> unusable();

  /** A reason and a remedy, a sentence each. */
  record Unusable(String reason, String remedy) {}

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

  /** The version of a package that would be installed. */
  Package candidate(String name) throws IOException;

  /** The named packages and all that they depend on, without what is only recommended, sorted by name. */
  List<Package> closure(Collection<String> names) throws IOException;

  /** Downloads and checks packages. Gives their files, in the same order. */
  List<Path> download(List<Package> wanted, Path folder, ProgressListener progress) throws IOException;

  /** Downloads and checks a package. Gives its file. */
  default Path download(Package wanted, Path folder, ProgressListener progress) throws IOException {
    return download(List.of(wanted), folder, progress).getFirst();
  }

  /** Streams a package's files as a tar archive. */
  <T> T contents(Path packageFile, Command.Reader<T> reader) throws IOException;

  /** Unpacks an xz file. */
  byte[] unpackXz(byte[] packed) throws IOException;
}
