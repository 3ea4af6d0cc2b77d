// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import java.util.List;

/** A kernel of Debian's that makes a guest of its own. */
public enum DebianKernel {
  /** The one that an arm64 system gets by default; pages of 4 KiB. */
  USUAL("debian", "Debian's arm64 kernel with busybox, fetched from Debian's archive", 70, List.of("linux-image-arm64")),
  /** The one with pages of 16 KiB. In bookworm there is none but of the newer kernel in the security archive. */
  PAGES_16K("debian-16k", "Debian's arm64 kernel with pages of 16 KiB, for --granules 4k,16k", 105,
      List.of("linux-image-arm64-16k", "linux-image-6.12-arm64-16k"));

  final String guest;
  final String description;
  final int megabytes;
  final List<String> metapackages;

  DebianKernel(String guest, String description, int megabytes, List<String> metapackages) {
    this.guest = guest;
    this.description = description;
    this.megabytes = megabytes;
    this.metapackages = metapackages;
  }
}
