// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

/** What a service offers to machines. */
interface Offer {
  /** Decides between offers for the same. */
  int ranking();

  /** Who offers it. */
  Provider provider();
}
