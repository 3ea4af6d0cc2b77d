// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.List;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.GrantStatus;

/** Port of grant tables. Without a provider nothing can be mapped. */
public final class GrantsPort extends RolePort<Grants> implements Grants {
  @Override
  public long map(Domain mapper, Domain granter, int ref, boolean readOnly) {
    return askLong(GrantStatus.GNTST_general_error, grants -> grants.map(mapper, granter, ref, readOnly));
  }

  @Override
  public void unmap(Domain mapper, Domain granter, int ref, boolean readOnly) {
    tell(grants -> grants.unmap(mapper, granter, ref, readOnly));
  }

  @Override
  public void unmapGone(Domain mapper, int serial, int ref, boolean readOnly) {
    tell(grants -> grants.unmapGone(mapper, serial, ref, readOnly));
  }

  @Override
  public long frame(Domain domain, int index) {
    return askLong(-1, grants -> grants.frame(domain, index));
  }

  @Override
  public int limit(Domain domain) {
    return ask(0, grants -> grants.limit(domain));
  }

  @Override
  public void grant(Domain granter, int ref, int domid, long gfn) {
    tell(grants -> grants.grant(granter, ref, domid, gfn));
  }

  @Override
  public int mapped(Domain mapper) {
    return ask(0, grants -> grants.mapped(mapper));
  }

  @Override
  public int granted(Domain granter) {
    return ask(0, grants -> grants.granted(granter));
  }

  @Override
  public long entry(Domain domain, int ref) {
    return askLong(-1, grants -> grants.entry(domain, ref));
  }

  @Override
  public List<GrantUse> uses(long mfn) {
    return ask(List.of(), grants -> grants.uses(mfn));
  }
}
