// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pvh.codec;

/** A kernel, or what a kernel is given, isn't as the ABI demands. The message says where, what was expected, and what helps. */
public final class PvhFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** @param message for the user */
  public PvhFault(String message) {
    super(message);
  }
}
