// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.xen.abi.DomctlCreateDomain;

/** What of a domain that tools create is the architecture's ({@code struct xen_domctl_createdomain}, member {@code arch}): the role that {@link DomainCreationPort} is for. */
@ConsumerType
public interface DomainCreation {
  /** Why there is no such domain. @return 0 or a negative errno */
  int refused(DomctlCreateDomain config);

  /** The domain with what its configuration says of the architecture. */
  DomainSpec complete(DomctlCreateDomain config, DomainSpec spec);

  /** It is there: what it has by its architecture is given to it, and told to the caller in the configuration. */
  void made(DomctlCreateDomain config, Domain domain);
}
