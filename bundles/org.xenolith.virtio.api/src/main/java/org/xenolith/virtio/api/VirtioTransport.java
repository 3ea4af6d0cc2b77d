// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.api;

import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/** What a function may ask of its transport. */
@ConsumerType
public interface VirtioTransport {
  /** Queue {@code index}, or null while the driver has not enabled it or is not ready (DRIVER_OK). */
  @Nullable
  Virtqueue queue(int index);

  /** Raises a used-buffer notification for queue {@code index}, unless the driver asked for none. */
  void interrupt(int index);

  /** Raises a configuration-change notification. */
  void configChanged();

  /**
   * Whether the driver has the legacy interface (7.4), the one before version 1: structures of requests are in some devices others then.
   */
  default boolean legacy() {
    return false;
  }

  /** A function was plugged in or out. */
  void functionChanged();
}
