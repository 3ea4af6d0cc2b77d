// SPDX-License-Identifier: EPL-2.0
package org.xenolith.a64.isa;

/** What an engine must know about a form before it looks at the semantics. */
public enum Trait {
  /** May continue elsewhere than at the next word. */
  BRANCH,
  /** Never continues straight on, or changes context so that a translated block has to end here. */
  ENDS_BLOCK,
  /** Reads memory. */
  READS_MEMORY,
  /** Writes memory. */
  WRITES_MEMORY,
  /** Behaves differently at EL0, or may trap to a higher exception level. */
  PRIVILEGED
}
