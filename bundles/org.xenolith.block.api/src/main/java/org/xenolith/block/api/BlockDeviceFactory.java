// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ConsumerType;

/** Opens disk images; a service of each format's bundle with the property {@code xenolith.format}, for example {@code raw}. */
@ConsumerType
public interface BlockDeviceFactory {
  /**
   * Opens an image. Nobody else may write what somebody reads, in this process or beside it: {@code block.kit} has the file that sees to it.
   *
   * @param mode what becomes of the guest's writes
   * @throws IOException if it can't be read; the message names the file and the remedy
   */
  BlockDevice open(Path image, Mode mode) throws IOException;

  /** What becomes of the guest's writes. */
  enum Mode {
    /** They stay in a copy-on-write overlay in memory; the image is never changed. */
    OVERLAY,
    /** They change the image. */
    WRITE_THROUGH,
    /** They are refused. */
    READ_ONLY
  }
}
