// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.Objects;

/**
 * Where a part of a guest comes from.
 *
 * @param name the package or program that made it, for example {@code busybox-static}
 * @param version its version as the origin writes it
 * @param sha256 digest of what was taken from there, 64 lower-case hexadecimal digits
 */
public record Provenance(String name, String version, String sha256) {
  public Provenance {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(version, "version");
    if (!sha256.matches("[0-9a-f]{64}")) {
      throw new IllegalArgumentException("provenance of " + name + ": '" + sha256 + "' is not a SHA-256 in hexadecimal");
    }
  }

  @Override
  public String toString() {
    return name + " " + version + " sha256:" + sha256;
  }
}
