// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

/** Keys of items that have one of their own. Source: Linux, include/uapi/linux/qemu_fw_cfg.h; QEMU, docs/specs/fw_cfg.rst. */
final class FwCfgKey {
  static final int CPUS = 0x05;
  static final int KERNEL_SIZE = 0x08;
  static final int INITRD_SIZE = 0x0B;
  static final int BOOT_MENU = 0x0E;
  static final int MOST_CPUS = 0x0F;
  static final int KERNEL = 0x11;
  static final int INITRD = 0x12;
  static final int COMMAND_LINE_SIZE = 0x14;
  static final int COMMAND_LINE = 0x15;

  private FwCfgKey() {}
}
