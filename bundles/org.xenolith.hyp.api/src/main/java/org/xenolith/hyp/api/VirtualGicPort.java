package org.xenolith.hyp.api;

import java.util.Map;
import java.util.TreeMap;
import org.xenolith.cpu.arch.Cpu;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.XenErrno;

/**
 * Port of the interrupt controllers, and of those who serve physical interrupts for the hypervisor. Without a provider no
 * virtual CPU can go on: the core parks them.
 */
public final class VirtualGicPort extends Role<VirtualGic> implements VirtualGic {
  private final Map<Integer, HostClaim> host = new TreeMap<>();

  /**
   * Who serves a physical interrupt.
   *
   * @param edge whether it is edge-triggered
   */
  public record HostClaim(HostInterrupt handler, boolean edge, DeviceContext owner) { }

  /** Serves a physical interrupt from now on, in the place of an earlier handler. */
  public void claimHost(int intid, boolean edge, HostInterrupt handler, DeviceContext owner) {
    host.put(intid, new HostClaim(handler, edge, owner));
    hostInterrupt(intid, edge, true);
  }

  /** Serves it no longer, if the handler is still that one. */
  public void releaseHost(int intid, HostInterrupt handler) {
    HostClaim claim = host.get(intid);
    if (claim != null && claim.handler == handler) {
      host.remove(intid);
      hostInterrupt(intid, claim.edge, false);
    }
  }

  /** All claims by INTID: what a provider enables when it comes. */
  public Map<Integer, HostClaim> host() {
    return host;
  }

  /** Serves a physical interrupt that a provider acknowledged. @return false if nobody claimed it */
  public boolean serveHost(Cpu cpu, int intid) {
    HostClaim claim = host.get(intid);
    if (claim == null) {
      return false;
    }
    try {
      claim.handler.interrupt(cpu, intid);
    } catch (RuntimeException | Error bug) {
      releaseHost(intid, claim.handler);
      claim.owner.failed(rethrowMemory(bug));
    }
    return true;
  }

  @Override public void inject(Vcpu vcpu, int intid) {
    VirtualGic gic = provider();
    if (gic != null) {
      try {
        gic.inject(vcpu, intid);
      } catch (RuntimeException | Error bug) {
        failed(rethrowMemory(bug));
      }
    }
  }

  @Override public void level(Vcpu vcpu, int intid, boolean high) {
    VirtualGic gic = provider();
    if (gic != null) {
      try {
        gic.level(vcpu, intid, high);
      } catch (RuntimeException | Error bug) {
        failed(rethrowMemory(bug));
      }
    }
  }

  @Override public boolean deliverable(Vcpu vcpu) {
    VirtualGic gic = provider();
    if (gic == null) {
      return false;
    }
    try {
      return gic.deliverable(vcpu);
    } catch (RuntimeException | Error bug) {
      failed(rethrowMemory(bug));
      return false;
    }
  }

  @Override public void interrupt(Cpu cpu) {
    tell(gic -> gic.interrupt(cpu));
  }

  @Override public void kick(Cpu cpu) {
    tell(gic -> gic.kick(cpu));
  }

  @Override public void start(Cpu cpu) {
    tell(gic -> gic.start(cpu));
  }

  @Override public int route(Domain domain, int intid, boolean edge) {
    return ask(-XenErrno.XEN_ENOSYS, gic -> gic.route(domain, intid, edge));
  }

  @Override public void hostInterrupt(int intid, boolean edge, boolean on) {
    tell(gic -> gic.hostInterrupt(intid, edge, on));
  }

  @Override public GicFacts facts(Domain domain) {
    VirtualGic gic = provider();
    if (gic == null) {
      throw new HypervisorException(-XenErrno.XEN_ENOSYS, "no interrupt controller for domains: install a bundle with the subsystem vgic");
    }
    return gic.facts(domain);
  }
}
