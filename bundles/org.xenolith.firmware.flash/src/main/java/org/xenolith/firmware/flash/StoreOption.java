// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.flash;

/** The option that names a machine's variables; that of EFI firmware of whatever kind. */
final class StoreOption {
  static final String NAME = "efi-variables";

  private StoreOption() {}
}
