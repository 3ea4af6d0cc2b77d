// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

/** A model can't be made for a node as described: bad property, bad option, missing attachment. */
public final class ModelException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** @param message "thing: expected X, got Y", and the remedy */
  public ModelException(String message) {
    super(message);
  }
}
