// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

/**
 * The host has no memory left for guest RAM that is touched first. No model's fault, wherever it comes up: who guards a call of a
 * model passes it on.
 */
public final class RamExhausted extends OutOfMemoryError {
  private static final long serialVersionUID = 1;

  /** @param message what was to be allocated */
  public RamExhausted(String message) {
    super(message);
  }
}
