// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

/**
 * A guest can't be obtained or started. The message is for the user: it names the file or place, says what is wrong
 * and, in its last sentence, what helps.
 */
public final class BootException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BootException(String message) {
    super(message);
  }

  public BootException(String message, Throwable cause) {
    super(message, cause);
  }
}
