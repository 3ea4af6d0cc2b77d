// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the caller wants of a disk image beyond the usual.
 *
 * @param size bytes of the whole disk; empty for what the source thinks right
 * @param packages the distribution's packages that are installed besides, with what they need
 * @param files files that are put there before the system configures itself
 */
public record ImageRequest(OptionalLong size, List<String> packages, List<GuestFile> files) {
  /** No files besides. */
  public ImageRequest(OptionalLong size, List<String> packages) {
    this(size, packages, List.of());
  }

  public ImageRequest {
    packages = packages.stream().distinct().sorted().toList();
    files = files.stream().sorted(Comparator.comparing(GuestFile::path)).toList();
    if (size.isPresent() && size.getAsLong() <= 0) {
      throw new IllegalArgumentException("an image of " + size.getAsLong() + " bytes");
    }
  }
}
