// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

/** An input had an effect that none may have. */
final class Finding extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Finding(String message) {
    super(message);
  }
}
