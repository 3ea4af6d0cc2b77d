// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

/** One operation of domctl. */
@FunctionalInterface
interface Operation {
  /** Does it; returns 0 or more, or a negative errno. */
  long apply(Request request);
}
