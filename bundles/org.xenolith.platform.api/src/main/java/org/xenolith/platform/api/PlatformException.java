// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.api;

/** A platform description is wrong; the message names file, node, fault and remedy. */
public final class PlatformException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** @param message place, fault and remedy */
  public PlatformException(String message) {
    super(message);
  }

  /** @param message place, fault and remedy */
  public PlatformException(String message, Throwable cause) {
    super(message, cause);
  }
}
