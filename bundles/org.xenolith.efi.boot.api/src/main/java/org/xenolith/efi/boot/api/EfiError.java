// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.xenolith.efi.api.EfiStatus;

/** Ends a call with a status. */
public final class EfiError extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final EfiStatus status;

  /**
   * An error.
   *
   * @param status what the caller gets
   * @param reason for whoever reads events
   */
  public EfiError(EfiStatus status, String reason) {
    super(reason, null, false, false);
    this.status = status;
  }

  /** What the caller gets. */
  public EfiStatus status() {
    return status;
  }
}
