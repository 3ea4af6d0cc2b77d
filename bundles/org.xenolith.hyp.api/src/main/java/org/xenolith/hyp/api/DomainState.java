// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

/** A domain's life. */
public enum DomainState {
  /** Being built: never ran yet. */
  BUILDING,
  /** May run when it isn't paused. */
  RUNNING,
  /** It shut down; its memory is still there. */
  SHUTDOWN,
  /** Being taken apart, or gone but for pages that others still map. */
  DYING
}
