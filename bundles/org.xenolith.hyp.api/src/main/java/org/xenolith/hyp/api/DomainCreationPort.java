// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.DomctlCreateDomain;
import org.xenolith.xen.abi.XenErrno;

/** Port of who knows what the architecture has to say of new domains. Without a provider tools create none (-ENOSYS). */
public final class DomainCreationPort extends RolePort<DomainCreation> implements DomainCreation {
  @Override
  public int refused(DomctlCreateDomain config) {
    return ask(-XenErrno.XEN_ENOSYS, rules -> rules.refused(config));
  }

  @Override
  public DomainSpec complete(DomctlCreateDomain config, DomainSpec spec) {
    return ask(spec, rules -> rules.complete(config, spec));
  }

  @Override
  public void made(DomctlCreateDomain config, Domain domain) {
    tell(rules -> rules.made(config, domain));
  }
}
