// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.sysctl;

import java.util.List;
import org.xenolith.hyp.api.AccessControl;
import org.xenolith.hyp.api.AccessControlPort;
import org.xenolith.hyp.api.ArchitectureFactsPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.Hypercall;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.kit.DomainInfo;
import org.xenolith.hyp.kit.SubOperation;
import org.xenolith.xen.abi.AbiBytes;
import org.xenolith.xen.abi.ControlOp;
import org.xenolith.xen.abi.DomctlGetDomainInfo;
import org.xenolith.xen.abi.SysctlGetDomainInfoList;
import org.xenolith.xen.abi.XenErrno;

/** All domains from a domid on, leaving out those that the caller may not see. */
final class DomainList {
  private final DomainsPort domains;
  private final AccessControlPort access;
  private final DomainInfo info;
  private final byte[] bytes = new byte[DomctlGetDomainInfo.SIZE];
  private final AbiBytes element = new AbiBytes(bytes);

  DomainList(DomainsPort domains, AccessControlPort access, P2mPort p2m, ArchitectureFactsPort facts) {
    this.domains = domains;
    this.access = access;
    info = new DomainInfo(p2m, facts);
  }

  List<SubOperation<?>> operations() {
    return List.of(
        SubOperation.of(ControlOp.XEN_SYSCTL_getdomaininfolist, "getdomaininfolist", new SysctlGetDomainInfoList(), this::list));
  }

  private long list(Hypercall call, SysctlGetDomainInfoList argument, Domain caller) {
    int found = 0;
    for (Domain domain : domains.domains().all()) {
      if (domain.id() < argument.firstDomain()) {
        continue;
      }
      if (found == argument.maxDomains()) {
        break;
      }
      if (!access.allowed(caller, AccessControl.Privilege.CONTROL, domain)) {
        continue;
      }
      int size = info.write(domain, element, 0);
      if (!call.write(argument.buffer() + (long) found * size, bytes, 0, size)) {
        return -XenErrno.XEN_EFAULT;
      }
      found++;
    }
    argument.numDomains(found);
    return 0;
  }
}
