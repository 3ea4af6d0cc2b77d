// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import java.util.Map;
import java.util.TreeMap;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.XenErrno;

/** Port: builders of domains by kind, for example {@code arm.dt.dom0} and {@code arm.dt.domu}. */
public final class DomainBuilders {
  private final Map<String, Claim> builders = new TreeMap<>();

  private record Claim(DomainBuilder builder, DeviceContext owner) {}

  /** Builds domains of a kind from now on, in the place of an earlier builder. */
  public void claim(String kind, DomainBuilder builder, DeviceContext owner) {
    builders.put(kind, new Claim(builder, owner));
  }

  /** Builds no more. */
  public void release(DomainBuilder builder) {
    builders.values().removeIf(claim -> claim.builder == builder);
  }

  /**
   * Builds a domain.
   *
   * @throws HypervisorException if there is no such builder, or it can't be built
   */
  public Domain build(String kind, int id, DomainSpec spec, DomainImage image) {
    Claim claim = builders.get(kind);
    if (claim == null) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "no builder of kind " + kind + " is installed; there are "
          + builders.keySet());
    }
    try {
      return claim.builder.build(id, spec, image);
    } catch (HypervisorException e) {
      throw e;
    } catch (Throwable bug) {
      builders.remove(kind);
      claim.owner.failed(RolePort.rethrowMemory(bug));
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "builder " + kind + " failed: " + bug);
    }
  }
}
