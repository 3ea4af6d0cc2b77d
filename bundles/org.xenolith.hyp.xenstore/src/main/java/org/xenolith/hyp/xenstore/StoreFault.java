// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

/** Ends a request with an error. It is a guest's doing, so it carries no stack trace. */
final class StoreFault extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final StoreError error;

  StoreFault(StoreError error) {
    super(error.name(), null, false, false);
    this.error = error;
  }

  StoreError error() {
    return error;
  }
}
