// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/** What a tool asked can't be done: the message says what and why, for a person. */
public final class HypervisorException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int errno;

  /** @param errno negative, as {@code XenErrno} has them */
  public HypervisorException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  /** The negative errno. */
  public int errno() {
    return errno;
  }
}
