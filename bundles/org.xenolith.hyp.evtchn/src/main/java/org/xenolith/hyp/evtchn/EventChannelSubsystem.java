// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.evtchn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannels;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.HypercallsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.hyp.kit.SubOperations;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.xen.abi.DomainId;
import org.xenolith.xen.abi.EventChannelOp;
import org.xenolith.xen.abi.FifoEvent;
import org.xenolith.xen.abi.HypercallNumber;
import org.xenolith.xen.abi.Virq;
import org.xenolith.xen.abi.XenErrno;

/** All event channels: who is bound to whom, and sending. */
final class EventChannelSubsystem implements DeviceModel, DomainListener, EventChannels {
  /** Ports closed in one go by a reset. */
  private static final int SLICE = 4096;

  private final DeviceState state = new DeviceState();
  private final Environment around;
  private final DomainsPort domains;
  private final EventChannelsPort port;
  private final HypercallsPort hypercalls;
  private final SubOperations calls;
  private final int guestPorts;
  private final TreeMap<Integer, DomainPorts> bySerial = new TreeMap<>();
  /** The same by domid, for the hot path. */
  private DomainPorts[] byId = {};

  EventChannelSubsystem(DeviceContext context) {
    around = Environment.of(context);
    guestPorts = (int) Math.clamp(context.options().number(EventChannelComponent.GUEST_PORTS), 1,
        FifoEvent.EVTCHN_FIFO_NR_CHANNELS - 1);
    state.children("domains", this::forgetAll, this::states, this::make);
    domains = context.port(DomainsPort.class);
    port = context.port(EventChannelsPort.class);
    hypercalls = context.port(HypercallsPort.class);
    calls = EventChannelCalls.of(this, context);
    domains.listen(this, context);
    port.attach(this, context);
    hypercalls.claim(HypercallNumber.__HYPERVISOR_event_channel_op, calls, context);
  }

  // ---- life

  private void forgetAll() {
    bySerial.clear();
    byId = new DomainPorts[0];
  }

  private Map<String, DeviceState> states() {
    Map<String, DeviceState> states = new LinkedHashMap<>();
    bySerial.forEach((serial, ports) -> states.put(Integer.toString(serial), ports.state()));
    return states;
  }

  private DeviceState make(String serial) {
    try {
      DomainPorts ports = new DomainPorts(Integer.parseInt(serial), around);
      bySerial.put(ports.serial(), ports);
      return ports.state();
    } catch (NumberFormatException e) {
      throw new StateMismatch("domains: " + serial + " is no serial number of a domain");
    }
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    restored();
  }

  @Override
  public void restored() {
    Domains core = domains.domains();
    if (core == null) {
      return;
    }
    List<DomainPorts> gone = new ArrayList<>(bySerial.values());
    for (Domain domain : core.all()) {
      gone.remove(of(domain));
    }
    gone.forEach(this::close);
  }

  @Override
  public void removed() {
    hypercalls.release(HypercallNumber.__HYPERVISOR_event_channel_op, calls);
    port.detach(this);
    domains.forget(this);
  }

  @Override
  public void created(Domain domain) {
    of(domain);
  }

  @Override
  public void renewed(Domain domain) {
    of(domain);
  }

  @Override
  public void destroyed(Domain domain) {
    close(of(domain));
    around.waiters().forget(domain);
  }

  /** A domain is gone: what others had with it is unbound now. */
  private void close(DomainPorts ports) {
    for (int i = 1; i < ports.valid(); i++) {
      if (ports.kind(i) != DomainPorts.CLOSED) {
        close(ports, i);
      }
    }
    ports.dropFifo();
    bySerial.remove(ports.serial());
    for (int id = 0; id < byId.length; id++) {
      if (byId[id] == ports) {
        byId[id] = null;
      }
    }
  }

  /** The ports of a live domain. */
  DomainPorts of(Domain domain) {
    int id = domain.id();
    if (id < byId.length && byId[id] != null && byId[id].domain() == domain) {
      return byId[id];
    }
    DomainPorts ports = bySerial.computeIfAbsent(domain.serial(), serial -> new DomainPorts(serial, around));
    ports.attach(domain, domain.kind() == DomainSpec.Kind.DOMU ? guestPorts : Integer.MAX_VALUE);
    if (id >= byId.length) {
      byId = Arrays.copyOf(byId, id + 16);
    }
    byId[id] = ports;
    return ports;
  }

  /** The live domain of a domid, or null. */
  Domain domain(int id) {
    Domains core = domains.domains();
    return core == null ? null : core.byId(id);
  }

  /** The other side of a connected port; null only if it is gone unheard. */
  private DomainPorts peer(DomainPorts ports, int p) {
    DomainPorts peer = ports.peer(p);
    if (peer == null) {
      peer = bySerial.get(ports.subject(p));
      ports.peer(p, peer);
    }
    if (peer != null && peer.domain() == null) {
      restored();
    }
    return peer != null && peer.domain() != null ? peer : null;
  }

  /** The domid of the other side of a connected port. */
  int remoteId(DomainPorts ports, int p) {
    DomainPorts peer = peer(ports, p);
    return peer == null ? DomainId.DOMID_INVALID : peer.domain().id();
  }

  // ---- for hypercalls and Java

  /** Whether a VIRQ is one for the whole domain, bound at its first vCPU; else each vCPU binds its own. */
  static boolean global(int virq) {
    return virq != Virq.VIRQ_TIMER && virq != Virq.VIRQ_DEBUG && virq != Virq.VIRQ_XENOPROF;
  }

  private void raise(DomainPorts ports, int p) {
    HypervisorTracePort trace = around.trace();
    if (trace.on()) {
      trace.happened(HypervisorTracePort.Kind.EVENT, ports.notified(p), p, ports.domain().id(), ports.kind(p));
    }
    ports.abi().raise(p);
  }

  @Override
  public int send(Domain domain, int p) {
    DomainPorts ports = of(domain);
    if (!ports.valid(p)) {
      return -XenErrno.XEN_EINVAL;
    }
    switch (ports.kind(p)) {
      case DomainPorts.INTERDOMAIN -> {
        DomainPorts peer = peer(ports, p);
        if (peer != null && peer.valid(ports.remotePort(p))) {
          raise(peer, ports.remotePort(p));
        }
        return 0;
      }
      case DomainPorts.IPI -> {
        raise(ports, p);
        return 0;
      }
      // the other side isn't there yet: when it binds, it finds an event
      case DomainPorts.UNBOUND -> {
        return 0;
      }
      default -> {
        return -XenErrno.XEN_EINVAL;
      }
    }
  }

  /** As Xen has it, no vCPU means the domain that global ones go to: Dom0. */
  @Override
  public void raise(Vcpu vcpu, int virq) {
    Domain domain = vcpu == null ? domain(0) : vcpu.domain();
    if (domain == null || virq < 0 || virq >= DomainPorts.VIRQS || vcpu == null && !global(virq)) {
      return;
    }
    DomainPorts ports = of(domain);
    int bound = ports.virq(virq, global(virq) ? 0 : vcpu.id());
    if (bound != 0) {
      raise(ports, bound);
    }
  }

  @Override
  public int allocateUnbound(Domain domain, int remote) {
    DomainPorts ports = of(domain);
    int p = ports.free();
    if (p > 0) {
      ports.bindUnbound(p, remote);
    }
    return p;
  }

  @Override
  public int bindInterdomain(Domain domain, Domain remote, int remotePort) {
    DomainPorts ports = of(domain);
    DomainPorts others = of(remote);
    int p = ports.free();
    if (p < 0) {
      return p;
    }
    if (!others.valid(remotePort) || others.kind(remotePort) != DomainPorts.UNBOUND
        || others.subject(remotePort) != domain.id()) {
      return -XenErrno.XEN_EINVAL;
    }
    ports.bindInterdomain(p, others, remotePort);
    others.connect(remotePort, ports, p);
    // what was sent while the other port was unbound got lost: an event in any case
    raise(ports, p);
    return p;
  }

  int bindVirq(Domain domain, int virq, int vcpu) {
    if (virq < 0 || virq >= DomainPorts.VIRQS || global(virq) && vcpu != 0) {
      return -XenErrno.XEN_EINVAL;
    }
    if (domain.vcpu(vcpu) == null) {
      return -XenErrno.XEN_ENOENT;
    }
    DomainPorts ports = of(domain);
    if (ports.virq(virq, vcpu) != 0) {
      return -XenErrno.XEN_EEXIST;
    }
    int p = ports.free();
    if (p > 0) {
      ports.bindVirq(p, virq, vcpu);
    }
    return p;
  }

  int bindIpi(Domain domain, int vcpu) {
    if (domain.vcpu(vcpu) == null) {
      return -XenErrno.XEN_ENOENT;
    }
    DomainPorts ports = of(domain);
    int p = ports.free();
    if (p > 0) {
      ports.bindIpi(p, vcpu);
    }
    return p;
  }

  int bindVcpu(Domain domain, int p, int vcpu) {
    if (domain.vcpu(vcpu) == null) {
      return -XenErrno.XEN_ENOENT;
    }
    DomainPorts ports = of(domain);
    if (!ports.valid(p)) {
      return -XenErrno.XEN_EINVAL;
    }
    boolean movable = switch (ports.kind(p)) {
      case DomainPorts.UNBOUND, DomainPorts.INTERDOMAIN -> true;
      case DomainPorts.VIRQ -> global(ports.subject(p));
      default -> false;
    };
    if (!movable) {
      return -XenErrno.XEN_EINVAL;
    }
    ports.notified(p, vcpu);
    return 0;
  }

  @Override
  public int close(Domain domain, int p) {
    return close(of(domain), p);
  }

  private int close(DomainPorts ports, int p) {
    if (!ports.valid(p) || ports.kind(p) == DomainPorts.CLOSED || ports.kind(p) == DomainPorts.RESERVED) {
      return -XenErrno.XEN_EINVAL;
    }
    if (ports.kind(p) == DomainPorts.INTERDOMAIN) {
      DomainPorts peer = ports.peer(p) != null ? ports.peer(p) : bySerial.get(ports.subject(p));
      int other = ports.remotePort(p);
      if (peer != null && peer.valid(other) && peer.kind(other) == DomainPorts.INTERDOMAIN
          && peer.subject(other) == ports.serial()) {
        peer.disconnect(other, ports.domain() == null ? DomainId.DOMID_INVALID : ports.domain().id());
      }
    }
    ports.release(p);
    return 0;
  }

  /**
   * Closes all ports of a domain and goes back to the 2-level ABI.
   *
   * @return whether all is done; else it is to be called again
   */
  boolean resetPorts(Domain domain) {
    DomainPorts ports = of(domain);
    int left = SLICE;
    for (int p = 1; p < ports.valid() && ports.open() > 0; p++) {
      if (ports.kind(p) != DomainPorts.CLOSED) {
        if (left-- == 0) {
          return false;
        }
        close(ports, p);
      }
    }
    ports.dropFifo();
    return true;
  }

  @Override
  public boolean pending(Vcpu vcpu) {
    return vcpu.info() != 0 && (around.memory().read8(vcpu.info() + vcpu.domain().sharedLayout().upcall()) & 1) != 0;
  }

  @Override
  public boolean pending(Domain domain, int p) {
    DomainPorts ports = of(domain);
    return ports.valid(p) && ports.abi().pending(p);
  }

  @Override
  public int open(Domain domain) {
    return of(domain).open();
  }

  @Override
  public long bit(Domain domain, int p, boolean mask) {
    DomainPorts ports = of(domain);
    return ports.valid(p) ? ports.abi().bit(p, mask) : -1;
  }

  /** What EVTCHNOP_status calls the kind of a port. */
  static int status(byte kind) {
    return kind == DomainPorts.RESERVED ? EventChannelOp.EVTCHNSTAT_closed : kind;
  }
}
