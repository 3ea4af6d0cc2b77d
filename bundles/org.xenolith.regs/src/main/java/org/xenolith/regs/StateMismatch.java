// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

/** A record does not fit the state it is to be restored into; the message names the field. */
public final class StateMismatch extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** @param message field, what was expected and what was found */
  public StateMismatch(String message) {
    super(message);
  }
}
