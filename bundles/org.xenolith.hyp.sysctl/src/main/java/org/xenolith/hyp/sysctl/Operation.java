// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

/** One operation of sysctl. */
@FunctionalInterface
interface Operation {
  /** Does it; returns 0 or more, or a negative errno. */
  long apply(Request request);
}
