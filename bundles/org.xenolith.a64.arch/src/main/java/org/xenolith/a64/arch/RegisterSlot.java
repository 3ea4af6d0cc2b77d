// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.arch;

import org.jspecify.annotations.Nullable;
import org.xenolith.arm.api.SystemRegisterHandler;

/**
 * The permanent place of one system register that lives in a device. Decoded instructions hold the slot, so that a device can
 * be replaced without decoding anything again.
 */
public final class RegisterSlot {
  /** Encoding as packed by {@code SystemRegister.id}. */
  public final int id;
  /** Who answers, or null while nobody does. */
  public @Nullable SystemRegisterHandler handler;

  RegisterSlot(int id) {
    this.id = id;
  }
}
