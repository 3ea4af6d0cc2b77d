// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.api;

import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.RolePort;
import org.xenolith.xen.abi.XenErrno;

/**
 * Port of the interrupt controllers, and of those who serve physical interrupts for the hypervisor. Without a provider no
 * virtual CPU can go on: the core parks them.
 */
public final class VirtualGicPort extends RolePort<VirtualGic> implements VirtualGic {
  /** First INTID of those that a physical interrupt can't have (GIC architecture, 2.2); LPIs are claimed all together. */
  public static final int END_OF_INTIDS = 1020;

  private final HostClaim[] host = new HostClaim[END_OF_INTIDS];
  private final SharedClaim[] shared = new SharedClaim[END_OF_INTIDS];
  private @Nullable HostClaim lpis;

  /**
   * Who serves a physical interrupt.
   *
   * @param edge whether it is edge-triggered
   */
  public record HostClaim(HostInterrupt handler, boolean edge, DeviceContext owner) {}

  private record SharedClaim(SharedInterrupt handler, DeviceContext owner) {}

  /**
   * Serves a physical interrupt from now on, in the place of an earlier handler.
   *
   * @throws IllegalArgumentException if no physical interrupt has that INTID
   */
  public void claimHost(int intid, boolean edge, HostInterrupt handler, DeviceContext owner) {
    if (intid < 0 || intid >= END_OF_INTIDS) {
      throw new IllegalArgumentException("INTID " + intid + ": expected 0 to " + (END_OF_INTIDS - 1));
    }
    host[intid] = new HostClaim(handler, edge, owner);
    hostInterrupt(intid, edge, true);
  }

  /** Serves it no longer, if the handler is still that one. */
  public void releaseHost(int intid, HostInterrupt handler) {
    HostClaim claim = host(intid);
    if (claim != null && claim.handler == handler) {
      host[intid] = null;
      hostInterrupt(intid, claim.edge, false);
    }
  }

  /** Who serves a physical interrupt; null if nobody does. A provider that comes enables all that are claimed. */
  public @Nullable HostClaim host(int intid) {
    return intid < 0 || intid >= END_OF_INTIDS ? null : host[intid];
  }

  /** Serves a physical interrupt that a provider acknowledged. @return false if nobody claimed it */
  public boolean serveHost(CpuPort cpu, int intid) {
    HostClaim claim = host(intid);
    if (claim == null) {
      return false;
    }
    try {
      claim.handler.interrupt(cpu, intid);
    } catch (Throwable bug) {
      releaseHost(intid, claim.handler);
      claim.owner.failed(rethrowMemory(bug));
    }
    return true;
  }

  /**
   * Serves a part of a physical interrupt that a domain was {@link #route given} or will be, before the domain hears of it. It comes
   * while that domain lets it through.
   *
   * @throws IllegalArgumentException if no physical interrupt has that INTID
   */
  public void claimShared(int intid, SharedInterrupt handler, DeviceContext owner) {
    if (intid < 0 || intid >= END_OF_INTIDS) {
      throw new IllegalArgumentException("INTID " + intid + ": expected 0 to " + (END_OF_INTIDS - 1));
    }
    shared[intid] = new SharedClaim(handler, owner);
  }

  /** Serves a part of it no longer, if the handler is still that one. */
  public void releaseShared(int intid, SharedInterrupt handler) {
    if (shared[intid] != null && shared[intid].handler == handler) {
      shared[intid] = null;
    }
  }

  /** Whether somebody serves a part of a physical interrupt. */
  public boolean isShared(int intid) {
    return intid >= 0 && intid < END_OF_INTIDS && shared[intid] != null;
  }

  /** A provider acknowledged a physical interrupt of a domain. @return whether all of it was served: the domain needn't hear of it */
  public boolean serveShared(CpuPort cpu, int intid) {
    SharedClaim claim = shared[intid];
    if (claim == null) {
      return false;
    }
    try {
      return claim.handler.interrupt(cpu, intid);
    } catch (Throwable bug) {
      releaseShared(intid, claim.handler);
      claim.owner.failed(rethrowMemory(bug));
      return false;
    }
  }

  /**
   * Serves all physical LPIs from now on, in the place of an earlier handler. They come once a domain was {@link #giveLpis given}
   * some, each with the same priority and all enabled.
   */
  public void claimHostLpis(HostInterrupt handler, DeviceContext owner) {
    lpis = new HostClaim(handler, true, owner);
  }

  /** Serves them no longer, if the handler is still that one. */
  public void releaseHostLpis(HostInterrupt handler) {
    if (lpis != null && lpis.handler == handler) {
      lpis = null;
    }
  }

  /** Serves a physical LPI that a provider acknowledged. @return false if nobody claimed them */
  public boolean serveHostLpi(CpuPort cpu, int intid) {
    HostClaim claim = lpis;
    if (claim == null) {
      return false;
    }
    try {
      claim.handler.interrupt(cpu, intid);
    } catch (Throwable bug) {
      releaseHostLpis(claim.handler);
      claim.owner.failed(rethrowMemory(bug));
    }
    return true;
  }

  @Override
  public boolean giveLpis(Domain domain) {
    return ask(false, gic -> gic.giveLpis(domain));
  }

  @Override
  public void clearLpi(Domain domain, int intid) {
    tell(gic -> gic.clearLpi(domain, intid));
  }

  @Override
  public void reloadLpi(Domain domain, int intid) {
    tell(gic -> gic.reloadLpi(domain, intid));
  }

  @Override
  public void reloadLpis(Vcpu vcpu) {
    tell(gic -> gic.reloadLpis(vcpu));
  }

  @Override
  public void moveLpi(Vcpu to, int intid) {
    tell(gic -> gic.moveLpi(to, intid));
  }

  @Override
  public void moveLpis(Vcpu from, Vcpu to) {
    tell(gic -> gic.moveLpis(from, to));
  }

  @Override
  public void inject(Vcpu vcpu, int intid) {
    VirtualGic gic = provider();
    DeviceContext itsOwner = owner();
    if (gic != null) {
      try {
        gic.inject(vcpu, intid);
      } catch (Throwable bug) {
        threw(gic, itsOwner, bug);
      }
    }
  }

  @Override
  public void level(Vcpu vcpu, int intid, boolean high) {
    VirtualGic gic = provider();
    DeviceContext itsOwner = owner();
    if (gic != null) {
      try {
        gic.level(vcpu, intid, high);
      } catch (Throwable bug) {
        threw(gic, itsOwner, bug);
      }
    }
  }

  @Override
  public boolean deliverable(Vcpu vcpu) {
    VirtualGic gic = provider();
    DeviceContext itsOwner = owner();
    if (gic == null) {
      return false;
    }
    try {
      return gic.deliverable(vcpu);
    } catch (Throwable bug) {
      threw(gic, itsOwner, bug);
      return false;
    }
  }

  @Override
  public void interrupt(CpuPort cpu) {
    tell(gic -> gic.interrupt(cpu));
  }

  @Override
  public void kick(CpuPort cpu) {
    tell(gic -> gic.kick(cpu));
  }

  @Override
  public void start(CpuPort cpu) {
    tell(gic -> gic.start(cpu));
  }

  @Override
  public int route(Domain domain, int intid, boolean edge) {
    return ask(-XenErrno.XEN_ENOSYS, gic -> gic.route(domain, intid, edge));
  }

  @Override
  public void hostInterrupt(int intid, boolean edge, boolean on) {
    tell(gic -> gic.hostInterrupt(intid, edge, on));
  }

  @Override
  public GicFacts facts(Domain domain) {
    VirtualGic gic = provider();
    DeviceContext itsOwner = owner();
    if (gic == null) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "no interrupt controller for domains: install a bundle with the subsystem vgic");
    }
    try {
      return gic.facts(domain);
    } catch (HypervisorException e) {
      throw e;
    } catch (Throwable bug) {
      threw(gic, itsOwner, bug);
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "the subsystem vgic failed: " + bug);
    }
  }
}
