// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.api;

import org.xenolith.machine.api.RolePort;

/** The permanent place of a device's file in fw_cfg: without a model it reads as zeros, and what is written is lost. */
final class FwCfgFilePort extends RolePort<FwCfgFile> {
  /** Most bytes of a file: what a record may say. */
  static final int MOST = 1 << 20;
  private final int length;

  /** @param length of the file in bytes, as long as it has this place */
  FwCfgFilePort(int length) {
    this.length = length;
  }

  int length() {
    return length;
  }

  byte[] content() {
    return ask(new byte[length], FwCfgFile::content);
  }

  /** Returns false if some of it lies outside. */
  boolean write(long offset, byte[] bytes) {
    if (offset < 0 || offset > length - bytes.length) {
      return false;
    }
    if (bytes.length > 0) {
      tell(file -> file.written((int) offset, bytes));
    }
    return true;
  }
}
