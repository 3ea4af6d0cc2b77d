// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import org.xenolith.boot.api.Provenance;

/**
 * One package file of Debian's archive, of which there is only one.
 *
 * @param name package name; behind it, if it isn't one of arm64 or of all, {@code :amd64}
 * @param version version as Debian writes it
 * @param size bytes of the package file
 * @param sha256 digest of the package file, in lower-case hexadecimal
 * @param path where it lies in its archive, below the archive's address
 */
record LockedPackage(String name, String version, long size, String sha256, String path) {
  LockedPackage {
    // Both become words of commands, and the path a part of an address.
    if (!name.matches("[a-z0-9][a-z0-9+.-]+(:amd64)?") || !version.matches("[A-Za-z0-9.+:~-]+") || !sha256.matches("[0-9a-f]{64}") || size
        <= 0
        || !path.matches("pool/[A-Za-z0-9._+~%/-]+\\.deb") || path.contains("..")) {
      throw new IllegalArgumentException("'" + name + " " + version + " " + size + " " + sha256 + " " + path + "' is no package, version,"
          + " size, SHA-256 and path in the pool");
    }
  }

  /** The name without an architecture. */
  String bareName() {
    int colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  /** What its file is called in a folder of ours. */
  String localFile() {
    return name.replace(':', '_') + ".deb";
  }

  /** The name of its file in the pool. */
  String file() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  Provenance provenance() {
    return new Provenance(name, version, sha256);
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}
