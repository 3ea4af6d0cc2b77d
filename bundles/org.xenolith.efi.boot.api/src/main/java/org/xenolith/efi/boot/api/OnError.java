// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

/**
 * What a step of a sequence does if what was done before it has failed, that is if {@link Call#result} is an error. Who names the steps of a sequence in an enum
 * says it there of each, and the sequence acts on it before it looks which step it is.
 */
public enum OnError {
  /** The sequence ends and has failed. */
  FAIL,
  /** The sequence ends and hasn't failed: what it has come to is enough. */
  FINISH,
  /** The step looks at the result itself: it is a value, or an error that it knows what to do with. */
  LOOK,
  /** Nothing: the sequence goes on, as it does when it gives something back. */
  IGNORE
}
