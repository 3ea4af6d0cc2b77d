// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.xenstore;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.FrameHeap;
import org.xenolith.hyp.api.FrameHeapPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.HypervisorTracePort;
import org.xenolith.hyp.api.P2mPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.Store;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.StateMismatch;
import org.xenolith.regs.StateRecord;
import org.xenolith.xen.abi.GrantFlag;
import org.xenolith.xen.abi.XenErrno;

/**
 * The store in the service domain: rings of domains, and requests of the hypervisor's own parts. Dom0 allocates its page and
 * port itself and offers them ({@link ServiceEventsPort#offered}); other domains are introduced by who builds them.
 */
final class StoreSubsystem implements DeviceModel, DomainListener, StoreDomains {
  /** How long a domain that offers a port is left to bind it to its own interrupt, ns. */
  private static final long SETTLING = 1_000_000;

  private final DeviceContext context;
  private final DomainsPort domains;
  private final EventChannelsPort events;
  private final GrantsPort grants;
  private final P2mPort p2m;
  private final FrameHeap heap;
  private final ServiceEventsPort service;
  private final StorePort port;
  private final HypervisorTracePort trace;
  private final MachineMemory memory;
  private final Alarm watchAlarm;
  private final Alarm offered;
  private final DeviceState state = new DeviceState();
  private final Map<Integer, DomainRing> rings = new TreeMap<>();
  private final OwnStore parts;
  private XenStore store;
  private OwnConnection own;
  private boolean serving;

  StoreSubsystem(DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    events = context.port(EventChannelsPort.class);
    grants = context.port(GrantsPort.class);
    p2m = context.port(P2mPort.class);
    heap = context.port(FrameHeapPort.class);
    service = context.port(ServiceEventsPort.class);
    port = context.port(StorePort.class);
    trace = context.port(HypervisorTracePort.class);
    memory = new MachineMemory(context.memory().physical());
    watchAlarm = context.time().alarm("told", this::tell);
    offered = context.time().alarm("offered", this::takeOffers);
    state.varying("store", this::empty, () -> store.save().toBytes(), this::take);
    state.varying("events", () -> own.kept().clear(), () -> own.saveEvents(), bytes -> own.restoreEvents(bytes));
    state.children("rings", rings::clear, this::children, serial -> {
      DomainRing ring = new DomainRing();
      rings.put(Integer.parseInt(serial), ring);
      return ring.state();
    });
    parts = new OwnStore(this, port);
    port.attach(parts, context);
    domains.listen(this, context);
    service.onOffer((serial, remotePort) -> offered.at(context.time().clock().now() + SETTLING), context);
  }

  @Override
  public void asked(int domain, int type, byte[] payload) {
    if (trace.on()) {
      trace.asked(domain, type, Payload.first(payload));
    }
  }

  @Override
  public void changed(int domain, String path, boolean removed) {
    if (trace.on()) {
      trace.stored(domain, path, removed);
    }
  }

  /** The store's engine, now. */
  XenStore store() {
    return store;
  }

  /** The connection of the hypervisor's own parts, now. */
  OwnConnection own() {
    return own;
  }

  private Map<String, DeviceState> children() {
    Map<String, DeviceState> children = new TreeMap<>();
    rings.forEach((serial, ring) -> children.put("%05d".formatted(serial), ring.state()));
    return children;
  }

  private void empty() {
    store = new XenStore(this);
    own = new OwnConnection(store, store.connect(ServiceEventsPort.DOMID, true));
  }

  private void take(byte[] bytes) {
    store = new XenStore(this);
    store.restore(StateRecord.ofBytes(bytes));
    Connection connection = store.connection(ServiceEventsPort.DOMID);
    if (connection == null) {
      throw new StateMismatch("store: the record has no connection of the service domain");
    }
    own = new OwnConnection(store, connection);
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    parts.watchAll();
    takeOffers();
  }

  @Override
  public void restored() {
    rings.entrySet().removeIf(entry -> bySerial(entry.getKey()) == null);
    rings.forEach((serial, ring) -> join(bySerial(serial), ring));
    for (Integer id : List.copyOf(store.connections().keySet())) {
      if (id != ServiceEventsPort.DOMID && rings.values().stream().noneMatch(ring -> ring.domain.value == id)) {
        store.release(id);
      }
    }
    parts.watchAll();
    if (context.origin() == DeviceOrigin.RETURN) {
      // Events and offers may have been missed.
      takeOffers();
      serve();
    }
  }

  @Override
  public void removed() {
    port.detach(parts);
    domains.forget(this);
    service.onOffer(null, context);
    rings.values().forEach(ring -> service.forget((int) ring.port.value));
  }

  private List<? extends Domain> live() {
    return domains.domains() == null ? List.of() : domains.domains().all();
  }

  private Domain bySerial(int serial) {
    return live().stream().filter(d -> d.serial() == serial).findFirst().orElse(null);
  }

  private Domain self() {
    return domains.domains().byId(ServiceEventsPort.DOMID);
  }

  // ---- Rings

  private void takeOffers() {
    for (Domain domain : live()) {
      if (service.offered(domain) != 0 && domain.kind() == DomainSpec.Kind.DOM0 && !rings.containsKey(domain.serial())) {
        take(domain, service.offered(domain));
      }
    }
  }

  private void take(Domain domain, int remotePort) {
    long page = grants.map(self(), domain, GrantFlag.GNTTAB_RESERVED_XENSTORE, false);
    if (page < 0) {
      context.events().report("store-refused", "d" + domain.id(), "its store page isn't granted: " + page);
      return;
    }
    DomainRing ring = new DomainRing();
    ring.reference.value = GrantFlag.GNTTAB_RESERVED_XENSTORE;
    if (!begin(domain, ring, page, remotePort)) {
      grants.unmap(self(), domain, GrantFlag.GNTTAB_RESERVED_XENSTORE, false);
    }
  }

  /** As {@link Store#introduce} says. */
  int introduce(Domain domain, long gfn, int remotePort) {
    if (rings.containsKey(domain.serial())) {
      return -XenErrno.XEN_EEXIST;
    }
    long page = p2m.translate(domain, gfn << 12, true);
    if (page == -1) {
      return -XenErrno.XEN_EINVAL;
    }
    DomainRing ring = new DomainRing();
    heap.hold(page >>> 12);
    if (!begin(domain, ring, page, remotePort)) {
      heap.drop(page >>> 12);
      return -XenErrno.XEN_EINVAL;
    }
    return 0;
  }

  private boolean begin(Domain domain, DomainRing ring, long page, int remotePort) {
    int local = events.bindInterdomain(self(), domain, remotePort);
    if (local <= 0) {
      return false;
    }
    ring.domain.value = domain.id();
    ring.page.value = page;
    ring.port.value = local;
    rings.put(domain.serial(), ring);
    store.connect(domain.id(), domain.privileged());
    join(domain, ring);
    ring.transport().begin();
    store.introduce(domain.id());
    // An unmodified Dom0 takes the first event as the word that the store is there.
    events.send(self(), local);
    serve();
    return true;
  }

  private void join(Domain domain, DomainRing ring) {
    Connection connection = store.connection(domain.id());
    if (connection == null) {
      connection = store.connect(domain.id(), domain.privileged());
    }
    ring.connect(memory, connection);
    service.listen((int) ring.port.value, this::serve, context);
  }

  /**
   * Takes and gives on all rings until nothing moves: what one domain writes may be for another. A request that introduces a
   * domain comes here again: the rings are served once it is answered.
   */
  private void serve() {
    if (serving) {
      tellSoon();
      return;
    }
    serving = true;
    try {
      boolean moved;
      do {
        moved = false;
        for (DomainRing ring : List.copyOf(rings.values())) {
          if (ring.transport().serve()) {
            moved = true;
            events.send(self(), (int) ring.port.value);
          }
        }
      } while (moved);
    } finally {
      serving = false;
    }
    if (own.eventful()) {
      tellSoon();
    }
  }

  /** What is due already keeps its place among the alarms. */
  void tellSoon() {
    if (!watchAlarm.armed()) {
      watchAlarm.at(context.time().clock().now());
    }
  }

  private void tell() {
    parts.tell();
    serve();
  }

  @Override
  public void destroyed(Domain domain) {
    DomainRing ring = rings.remove(domain.serial());
    if (ring != null) {
      service.forget((int) ring.port.value);
      events.close(self(), (int) ring.port.value);
      if (ring.reference.value != 0) {
        grants.unmap(self(), domain, (int) ring.reference.value, false);
      } else {
        heap.drop(ring.page.value >>> 12);
      }
      store.release(domain.id());
      serve();
    }
  }

  // ---- For tools in domains

  @Override
  public boolean introduce(int id, long frame, int remotePort) {
    Domain domain = domains.domains() == null ? null : domains.domains().byId(id);
    return domain != null && (rings.containsKey(domain.serial()) || introduce(domain, frame, remotePort) == 0);
  }

  @Override
  public void released(int id) {
    Domain domain = domains.domains() == null ? null : domains.domains().byId(id);
    if (domain != null) {
      destroyed(domain);
    }
  }
}
