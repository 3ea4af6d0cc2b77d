// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

/** What code may do, the least first. */
public enum Privilege {
  /** A program of an operating system. */
  USER,
  /** An operating system. */
  KERNEL,
  /** What has operating systems as its guests. */
  HYPERVISOR,
  /** Firmware above all of them. */
  MONITOR
}
