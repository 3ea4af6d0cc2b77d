// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.hyp.api.Vcpu;

/** Answers I/O ports of guests, within an instruction: who runs isn't to be changed by it. */
@ConsumerType
public interface PortTrap {
  /** IN of 1, 2 or 4 bytes from a port, 0 to 0xffff: zero-extended. */
  long read(Vcpu vcpu, int port, int size);

  /** OUT to it. */
  void write(Vcpu vcpu, int port, int size, long value);
}
