// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.domctl;

import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.xen.abi.DomctlCreateDomain;

/** What of a new domain is the architecture's. */
interface CreationRules {
  /** Why there is no such domain. @return 0 or a negative errno */
  long refused(DomctlCreateDomain config);

  /** The domain with what its configuration says of the architecture. */
  DomainSpec complete(DomainSpec spec);

  /** It is there: what it has by its architecture is given to it, and told to the caller in the configuration. */
  void made(Domain domain);
}
