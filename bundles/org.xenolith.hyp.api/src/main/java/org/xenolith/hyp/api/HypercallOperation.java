// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.hyp.api.AccessControl.Privilege;
import org.xenolith.xen.abi.AbiStruct;

/** What is declared of one sub-operation of a hypercall. */
@ConsumerType
public interface HypercallOperation {
  /** As in the public header. */
  int number();

  /** As in the public header, without the prefix that all have. */
  String name();

  /** A view of the argument's structure; null if there is none. */
  AbiStruct argument();

  /** What the caller must have towards the domain that it concerns. */
  Privilege privilege();
}
