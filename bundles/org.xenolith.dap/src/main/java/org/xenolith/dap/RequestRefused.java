// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

/** A request can't be done; the message says why, and what helps. */
final class RequestRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RequestRefused(String message) {
    super(message);
  }
}
