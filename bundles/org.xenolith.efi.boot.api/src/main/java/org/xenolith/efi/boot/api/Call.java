// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.osgi.annotation.versioning.ProviderType;

/** A call that is open. All of it is state of the core: saved with the machine, and there for another provider of the layer. */
@ProviderType
public interface Call {
  /** Numbers that a call has for its steps. */
  int NUMBERS = 24;

  /** The firmware that was called. */
  Firmware firmware();

  /** Which step this is: 0 at first, then what the last {@link EfiStep} said. */
  int step();

  /** An argument: 0 to 7 as in registers x0 to x7, those behind as on the stack (AAPCS64). The call's own function may change none of them. */
  long argument(int index);

  /** What the function returned that was called before this step: an EFI_STATUS, if it is one of EFI's. */
  long result();

  /** What an access gave that was made before this step, by its place in the list. */
  long accessed(int index);

  /** One of the call's own numbers; 0 at first. */
  long get(int index);

  /** Sets one of the call's own numbers. */
  void set(int index, long value);

  /**
   * Memory of the guest's stack that is this call's until it returns: for what it passes to other functions by pointer. Zeros.
   *
   * @param bytes 1 to 16384
   * @return its address, a multiple of 16
   */
  long room(int bytes);
}
