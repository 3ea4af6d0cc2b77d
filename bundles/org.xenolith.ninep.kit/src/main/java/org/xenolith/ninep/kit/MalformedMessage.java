// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ninep.kit;

/** A message ends before it is whole, or says a size that can't be. */
public final class MalformedMessage extends Exception {
  private static final long serialVersionUID = 1L;

  /** @param message for people */
  public MalformedMessage(String message) {
    super(message, null, false, false);
  }
}
