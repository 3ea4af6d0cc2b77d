// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.x64.api.MsrFault;

/** Answers model-specific registers of guests, within an instruction: who runs isn't to be changed by it. */
@ConsumerType
public interface MsrTrap {
  /** RDMSR. @throws MsrFault if the guest is to take a general protection */
  long read(Vcpu vcpu, int msr) throws MsrFault;

  /** WRMSR. @throws MsrFault if the guest is to take a general protection */
  void write(Vcpu vcpu, int msr, long value) throws MsrFault;
}
