// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Who may do what: the role {@code xsm}. */
@ConsumerType
public interface AccessControl {
  /** What is asked for, as Xen's default policy tells operations apart. */
  enum Privilege {
    /** Anybody may. */
    ANY,
    /** On itself only, or by a privileged domain. */
    SELF,
    /** By who controls the target: a privileged domain. */
    CONTROL,
    /** By the hardware domain only. */
    HARDWARE
  }

  /** Whether {@code caller} may do what needs this privilege to {@code target}. */
  boolean allowed(Domain caller, Privilege privilege, Domain target);
}
