// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.util.List;
import java.util.OptionalLong;

/**
 * What the caller wants of a disk image beyond the usual.
 *
 * @param size bytes of the whole disk; empty for what the source thinks right
 * @param packages the distribution's packages that are installed besides, with what they need
 */
public record ImageRequest(OptionalLong size, List<String> packages) {
  public ImageRequest {
    packages = packages.stream().distinct().sorted().toList();
    if (size.isPresent() && size.getAsLong() <= 0) {
      throw new IllegalArgumentException("an image of " + size.getAsLong() + " bytes");
    }
  }
}
