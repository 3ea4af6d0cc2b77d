// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A kind of guest that can be started without the user naming a kernel. A consumer type: providers register an
 * implementation as an OSGi service, the command line lists and uses them.
 */
@ConsumerType
public interface GuestSource {
  /** The name on the command line, lower case, for example {@code debian}. */
  String name();

  /** One line for a list of guests. */
  String description();

  /** Whether the guest can be had; never touches the network and takes milliseconds. */
  Availability availability();

  /**
   * Gives the guest's software, fetching and preparing it when needed. Safe to call at the same time from several
   * threads and processes.
   *
   * @throws BootException when it can't be had; a caller that chose this guest by default may fall back to another
   */
  GuestImage obtain(ProgressListener progress, GuestRequest request);
}
