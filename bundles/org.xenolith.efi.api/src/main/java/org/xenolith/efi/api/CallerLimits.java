// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.api;

/**
 * How much a way in to {@link RuntimeServices} takes of a caller at once, the same for every way, so that what a caller says decides over
 * no more of the host's memory. All are far beyond what a variable store can be set to hold.
 */
public final class CallerLimits {
  /** Bytes of a variable's name with its NUL. */
  public static final int NAME_BYTES = 128 << 10;
  /** Bytes of a buffer that a caller's data are copied from. */
  public static final int BUFFER_BYTES = 1 << 20;
  /** Capsules of one call. */
  public static final int CAPSULES = 1024;

  private CallerLimits() {}
}
