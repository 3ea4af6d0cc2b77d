// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import org.osgi.annotation.versioning.ConsumerType;

/** A file of fw_cfg that is a device's: the guest reads what the device has there, and tells it something by writing. */
@ConsumerType
public interface FwCfgFile {
  /** Its name, such as {@code etc/ramfb}; always the same. */
  String name();

  /** Its length in bytes, always the same. */
  int length();

  /** What is in it now: {@link #length} bytes, which nobody else changes. */
  byte[] content();

  /**
   * The guest has written into it.
   *
   * @param offset of the first byte
   * @param bytes  one at least; all of them lie in the file
   */
  void written(int offset, byte[] bytes);
}
