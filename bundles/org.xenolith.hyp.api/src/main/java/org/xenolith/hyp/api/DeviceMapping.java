// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/**
 * When windows of the machine get into the stage 2 of a domain that is {@linkplain HardwarePermissions permitted} them, besides those that
 * its builder maps. Each is at the machine's own address.
 */
public enum DeviceMapping {
  /** When the domain asks: memory_op, map space {@code dev_mmio}. */
  REQUEST,
  /** When it asks, or at its first access, page by page. */
  REQUEST_OR_ACCESS,
  /** At its first access; asking has no effect. */
  ACCESS
}
