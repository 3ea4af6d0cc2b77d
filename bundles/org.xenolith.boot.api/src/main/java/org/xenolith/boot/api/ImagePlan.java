// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/** How one disk image is made: by a guest that finds an empty disk, which it may write, and a second one with what goes there. */
@ConsumerType
public interface ImagePlan {
  /** How the guest's console says what it is at: a line that begins so, behind it a few words for the user. */
  String STEP = "XENOLITH-IMAGE ";

  /** The step that says that the image is made; the guest powers off then. Any other end is a failure. */
  String MADE = "made";

  /** A digest of all that the image is made of, 64 lower-case hexadecimal digits: images with the same one are as good as each other. */
  String key();

  /** Bytes of the whole disk. */
  long size();

  /** The most bytes that the second disk may have. */
  long contentSize();

  /** Bytes of RAM that the guest needs. */
  long memory();

  /** What the image is made of, part by part with digests, as a text that is kept beside it; empty where it follows from the request and this version alone. */
  default String manifest() {
    return "";
  }

  /** The board of the guest's machine. */
  default String board() {
    return "virt";
  }

  /**
   * Gives the guest, and writes the second disk, fetching what is missing.
   *
   * @param content the file of the second disk; made or written over
   * @return the guest, with a first root file system and its whole command line
   * @throws BootException if something can't be had; says what helps
   */
  GuestImage prepare(Path content, ProgressListener progress);
}
