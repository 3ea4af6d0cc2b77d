// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An operation of a hypercall whose argument is a frame with the operation's number in it, as platform_op's. Who serves the hypercall copies
 * the frame and places {@link #argument} in it before each call.
 */
@ConsumerType
public interface FramedOperation extends HypercallOperation {
  /**
   * Does it, with the argument as it is placed.
   *
   * @param target whom it concerns
   * @return 0 or more, or a negative errno
   */
  long serve(Hypercall call, Domain target);

  /** Whether an answer of {@link #serve} lets something of the argument be copied back. */
  boolean answersAt(long result);

  /** Where in the argument that begins. */
  int answerFrom();

  /** How many bytes it is; 0 for none. */
  int answerBytes();
}
