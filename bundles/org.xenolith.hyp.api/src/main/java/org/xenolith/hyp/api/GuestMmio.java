// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** A device that the hypervisor shows to domains: what a stage-2 abort with a valid syndrome reaches. */
@ConsumerType
public interface GuestMmio {
  /** Whether it answers at an address of a domain. Called for every such abort: cheap. */
  boolean covers(Domain domain, long ipa);

  /** A load of 1, 2, 4 or 8 bytes; the value zero-extended. */
  long read(Vcpu vcpu, long ipa, int size);

  /** A store of 1, 2, 4 or 8 bytes. */
  void write(Vcpu vcpu, long ipa, int size, long value);
}
