// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ninepback;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.xenolith.hyp.api.Backend;
import org.xenolith.hyp.api.BackendDriver;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.kit.BackendDevices;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.regs.DeviceState;
import org.xenolith.share.api.SharePort;
import org.xenolith.share.api.FoldersPort;
import org.xenolith.xen.abi.XenErrno;

/** The shared folders of all domains: connects each device with its front end, and with who serves its folder. */
final class NinepBackend implements DeviceModel, BackendDriver, DomainListener {
  private static final String VERSION = "1";
  /** Rings of a device; Linux has two. */
  private static final int MOST_RINGS = 8;
  /** Nanoseconds after which a subsystem that is missing is looked for again. */
  private static final long PATIENCE = 10_000_000;

  private final DeviceContext context;
  private final DomainsPort domains;
  private final StorePort store;
  private final EventChannelsPort events;
  private final GrantsPort grants;
  private final ServiceEventsPort service;
  private final FoldersPort folders;
  private final MachineMemory memory;
  private final BackendDevices backends;
  private final Alarm retry;
  private final DeviceState state = new DeviceState();
  /** By {@link Backend#key}. */
  private final Map<String, NinepDevice> devices = new TreeMap<>();

  NinepBackend(DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    store = context.port(StorePort.class);
    events = context.port(EventChannelsPort.class);
    grants = context.port(GrantsPort.class);
    service = context.port(ServiceEventsPort.class);
    folders = context.port(FoldersPort.class);
    memory = new MachineMemory(context.memory().physical());
    backends = new BackendDevices("9pfs", this, context);
    retry = context.time().alarm("retry", this::retry);
    state.children("devices", devices::clear, () -> {
      Map<String, DeviceState> children = new TreeMap<>();
      devices.forEach((key, device) -> children.put(key, device.state()));
      return children;
    }, key -> make(key).state());
    domains.listen(this, context);
  }

  private NinepDevice make(String key) {
    NinepDevice device = new NinepDevice(key, this);
    devices.put(key, device);
    return device;
  }

  // ---- Life

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    backends.end();
    backends.begin();
  }

  @Override
  public void restored() {
    for (NinepDevice device : List.copyOf(devices.values())) {
      if (domains.domains() != null && domain(device).isEmpty()) {
        // The domain went while nobody was here to hear of it.
        close(device);
        devices.remove(device.key());
      } else if (device.connected()) {
        device.rings().values().forEach(ring -> ring.locate(memory));
        begin(device);
      }
    }
    backends.resume();
    if (context.origin() == DeviceOrigin.RETURN && devices.values().stream().anyMatch(NinepDevice::connected)) {
      // Events may have been missed.
      retry.at(context.time().clock().now());
    }
  }

  @Override
  public void removed() {
    backends.end();
    domains.forget(this);
    for (NinepDevice device : devices.values()) {
      device.leave();
      device.rings().values().forEach(ring -> service.forget((int) ring.port.value));
    }
  }

  @Override
  public void renewed(Domain domain) {
    backends.renewed(domain);
  }

  @Override
  public void destroyed(Domain domain) {
    backends.destroyed(domain);
    for (NinepDevice device : List.copyOf(devices.values())) {
      if (device.serial() == domain.serial()) {
        close(device);
        devices.remove(device.key());
      }
    }
  }

  // ---- Devices

  @Override
  public boolean advertise(Backend device) {
    if (folders.port(device.key()).isEmpty()) {
      return refuse(device, "the tools know of no folder for it");
    }
    return store.write(device.path() + "/versions", VERSION) & store.write(device.path() + "/max-rings", Integer.toString(MOST_RINGS))
        & store.write(device.path() + "/max-ring-page-order", Integer.toString(NinepRing.MOST_ORDER));
  }

  private boolean refuse(Backend device, String why) {
    context.events().report("ninep-refused", context.instance(), device.domain().name() + " 9pfs " + device.id() + ": " + why);
    return false;
  }

  private String value(String path) {
    String value = store.read(path);
    return value == null ? "" : value;
  }

  /** A number that the front end wrote; -1 if it isn't one. */
  private long number(String path) {
    String text = value(path);
    return text.matches("[0-9]{1,10}") && Long.parseLong(text) <= 0xFFFF_FFFFL ? Long.parseLong(text) : -1;
  }

  @Override
  public boolean connect(Backend device) {
    disconnect(device);
    if (!value(device.frontend() + "/version").equals(VERSION)) {
      return refuse(device, "its front end speaks version '" + value(device.frontend() + "/version") + "'; " + VERSION + " is known");
    }
    long rings = number(device.frontend() + "/num-rings");
    if (rings < 1 || rings > MOST_RINGS) {
      return refuse(device, "num-rings is '" + value(device.frontend() + "/num-rings") + "'; 1 to " + MOST_RINGS);
    }
    Optional<SharePort> folder = folders.port(device.key());
    if (folder.isEmpty() || !grants.present() || !events.present() || self() == null) {
      return refuse(device, folder.isEmpty() ? "the tools know of no folder for it" : "nobody serves grants or event channels");
    }
    NinepDevice made = devices.containsKey(device.key()) ? devices.get(device.key()) : make(device.key());
    made.domid.value = device.domain().id();
    for (int i = 0; i < rings; i++) {
      NinepRing ring = new NinepRing();
      made.rings().put(Integer.toString(i), ring);
      String wrong = reach(device, ring, i);
      if (wrong != null) {
        close(made);
        return refuse(device, wrong);
      }
    }
    begin(made);
    serve(made);
    return made.connected();
  }

  /** Maps a ring's pages and binds its port. @return null, or what went wrong: then {@link #close} gives back what it has */
  private String reach(Backend device, NinepRing ring, int number) {
    String path = device.frontend() + "/ring-ref" + number;
    long reference = number(path);
    long page = reference < 0 ? -1 : grants.map(self(), device.domain(), (int) reference, false);
    if (page < 0) {
      return path + " is '" + value(path) + "', which can't be mapped: status " + page;
    }
    ring.reference.value = reference;
    ring.page.value = page;
    int order = memory.read32(page + NinepRing.ORDER);
    if (order < 1 || order > NinepRing.MOST_ORDER) {
      return "ring " + number + " has the order " + Integer.toUnsignedString(order) + "; 1 to " + NinepRing.MOST_ORDER;
    }
    int[] references = ring.granted(memory, 1 << order);
    for (int i = 0; i < references.length; i++) {
      long data = grants.map(self(), device.domain(), references[i], false);
      if (data < 0) {
        unmap(device.domain().serial(), ring, i);
        ring.page.value = 0;
        return "page " + i + " of ring " + number + " isn't granted: status " + data;
      }
      ring.references[i] = references[i];
      ring.pages[i] = data;
    }
    ring.begin(memory, references.length);
    path = device.frontend() + "/event-channel-" + number;
    long remote = number(path);
    int port = remote <= 0 || remote > Integer.MAX_VALUE ? -1 : events.bindInterdomain(self(), device.domain(), (int) remote);
    if (port <= 0) {
      return path + " is '" + value(path) + "', which can't be bound: " + port;
    }
    ring.port.value = port;
    return null;
  }

  /** Gives back the page with the indices, and so many of those with data. */
  private void unmap(int serial, NinepRing ring, int count) {
    for (int i = 0; i < count; i++) {
      grants.unmapGone(self(), serial, ring.references[i], false);
    }
    grants.unmapGone(self(), serial, (int) ring.reference.value, false);
  }

  private void begin(NinepDevice device) {
    folders.port(device.key()).ifPresent(device::join);
    device.rings().values().forEach(ring -> service.listen((int) ring.port.value, () -> serve(device), context));
  }

  @Override
  public boolean resume(Backend device) {
    NinepDevice known = devices.get(device.key());
    return known != null && known.connected();
  }

  @Override
  public void disconnect(Backend device) {
    NinepDevice known = devices.get(device.key());
    if (known != null) {
      close(known);
    }
  }

  /** Gives back all that a device has, also if its domain is gone. */
  private void close(NinepDevice device) {
    for (NinepRing ring : device.rings().values()) {
      int port = (int) ring.port.value;
      if (port != 0) {
        service.forget(port);
      }
      if (self() != null && ring.page.value != 0) {
        unmap(device.serial(), ring, ring.count());
      }
      if (self() != null && port != 0) {
        events.close(self(), port);
      }
    }
    device.parted();
  }

  // ---- Rings

  /** The service domain; null while there is no core. */
  private Domain self() {
    return domains.domains() == null ? null : domains.domains().byId(ServiceEventsPort.DOMID);
  }

  private Optional<Domain> domain(NinepDevice device) {
    return Optional.ofNullable(domains.domains()).map(core -> core.byId((int) device.domid.value)).filter(domain -> domain
        .serial() == device.serial()).map(domain -> (Domain) domain);
  }

  /** Asks what waits in a device's rings. */
  void serve(NinepDevice device) {
    if (devices.get(device.key()) != device || !device.connected()) {
      return;
    }
    String wrong = device.serve();
    if (wrong != null) {
      broken(device, wrong);
    }
  }

  /** A front end wrote what no front end writes: it gets no answers any more. */
  private void broken(NinepDevice device, String why) {
    report(device, "ninep-broken", why + "; the device closes");
    close(device);
    for (Backend backend : backends.devices()) {
      if (backend.key().equals(device.key())) {
        backends.broken(backend);
      }
    }
  }

  void report(NinepDevice device, String kind, String text) {
    context.events().report(kind, context.instance(), domain(device).map(Domain::name).orElse("a domain") + " 9pfs " + device.key()
        .substring(device.key().indexOf('/') + 1) + ": " + text);
  }

  /** Sends the event of a ring, as soon as somebody serves event channels. */
  void tell(NinepRing ring) {
    Domain self = self();
    boolean sent = self != null && events.send(self, (int) ring.port.value) != -XenErrno.XEN_ENOSYS;
    ring.untold.value = sent ? 0 : 1;
    if (!sent) {
      retry.at(context.time().clock().now() + PATIENCE);
    }
  }

  private void retry() {
    for (NinepDevice device : List.copyOf(devices.values())) {
      device.rings().values().stream().filter(ring -> ring.untold.value != 0).forEach(this::tell);
      serve(device);
    }
  }
}
