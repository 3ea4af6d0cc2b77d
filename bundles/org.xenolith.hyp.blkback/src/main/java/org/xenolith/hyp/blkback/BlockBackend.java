// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.blkback;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.hyp.api.Backend;
import org.xenolith.hyp.api.BackendDriver;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.GrantsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.kit.BackendDevices;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.hyp.kit.VirtualDisks;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.regs.DeviceState;
import org.xenolith.xen.abi.BlockInterface;
import org.xenolith.xen.abi.XenErrno;

/** The back end of PV block devices: connects devices and serves their rings. */
final class BlockBackend implements DeviceModel, BackendDriver, DomainListener {
  /** What front ends of 32-bit x86 call their layout (public header {@code io/protocols.h}). */
  private static final String NARROW = "x86_32-abi";
  /** Sectors moved in one go, or pages mapped for what then fails; what is left is done by the alarm, so that the machine can be stopped in between. */
  private static final int MOST_SECTORS = 8192;
  /** Nanoseconds after which a subsystem that is missing is looked for again. */
  private static final long PATIENCE = 10_000_000;
  /** Sectors that are dropped together ({@code discard-granularity} in bytes). */
  private static final int GRANULARITY = 4096;

  private final DeviceContext context;
  private final DomainsPort domains;
  private final StorePort store;
  private final EventChannelsPort events;
  private final GrantsPort grants;
  private final ServiceEventsPort service;
  private final VirtualDisks disks;
  private final MachineMemory memory;
  private final BackendDevices devices;
  private final BlockRequests requests;
  private final Alarm work;
  private final DeviceState state = new DeviceState();
  private final TreeMap<String, BlockConnection> connections = new TreeMap<>();

  BlockBackend(DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    store = context.port(StorePort.class);
    events = context.port(EventChannelsPort.class);
    grants = context.port(GrantsPort.class);
    service = context.port(ServiceEventsPort.class);
    disks = context.port(VirtualDisks.class);
    memory = new MachineMemory(context.memory().physical());
    devices = new BackendDevices("vbd", this, context);
    requests = new BlockRequests(grants, memory, context.events(), context.instance());
    work = context.time().alarm("work", this::work);
    state.children("connections", connections::clear, this::children, key -> {
      BlockConnection connection = new BlockConnection(key);
      connections.put(key, connection);
      return connection.state();
    });
    domains.listen(this, context);
  }

  private Map<String, DeviceState> children() {
    Map<String, DeviceState> children = new TreeMap<>();
    connections.forEach((key, connection) -> children.put(key, connection.state()));
    return children;
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    devices.end();
    devices.begin();
  }

  @Override
  public void restored() {
    for (BlockConnection connection : List.copyOf(connections.values())) {
      if (domains.domains() != null && domain(connection) == null) {
        close(connection);
      } else {
        connection.locate(memory);
        listen(connection);
        if (context.origin() == DeviceOrigin.RETURN && connection.waiting()) {
          // Its event may have been missed.
          later(connection, 0);
        }
      }
    }
    devices.resume();
  }

  @Override
  public void removed() {
    devices.end();
    domains.forget(this);
    connections.values().forEach(connection -> service.forget((int) connection.port.value));
  }

  @Override
  public void renewed(Domain domain) {
    devices.renewed(domain);
  }

  @Override
  public void destroyed(Domain domain) {
    devices.destroyed(domain);
    for (BlockConnection connection : List.copyOf(connections.values())) {
      if (connection.serial() == domain.serial()) {
        close(connection);
      }
    }
  }

  // ---- Devices

  private String diskName(Backend device) {
    return VirtualDisks.name(device.domain(), device.id(), value(device.path() + "/params"));
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

  private boolean writable(Backend device, BlockDevice disk) {
    return value(device.path() + "/mode").startsWith("w") && !disk.readOnly();
  }

  @Override
  public boolean advertise(Backend device) {
    String name = diskName(device);
    BlockDevice disk = disks.disk(name);
    if (disk == null) {
      context.events().report("disk-missing", context.instance(), device.domain().name() + ": there is no open disk " + name
          + "; name an image that exists: xl block-attach " + device.domain().name() + " IMAGE,raw,xvda,rw");
      return false;
    }
    boolean discards = writable(device, disk) && !value(device.path() + "/discard-enable").equals("0");
    write(device, "feature-flush-cache", 1);
    write(device, "feature-barrier", 1);
    write(device, "feature-persistent", 1);
    write(device, "feature-max-indirect-segments", BlockRequests.MOST_SEGMENTS);
    write(device, "max-ring-page-order", BlockConnection.MOST_ORDER);
    write(device, "feature-discard", discards ? 1 : 0);
    if (discards) {
      write(device, "discard-granularity", GRANULARITY);
      write(device, "discard-alignment", 0);
      write(device, "discard-secure", 0);
    }
    return true;
  }

  private void write(Backend device, String name, long value) {
    store.write(device.path() + "/" + name, Long.toString(value));
  }

  private boolean refuse(Backend device, String why) {
    context.events().report("block-refused", context.instance(), device.domain().name() + " " + device.id() + ": " + why);
    return false;
  }

  @Override
  public boolean connect(Backend device) {
    String name = diskName(device);
    BlockDevice disk = disks.disk(name);
    if (disk == null) {
      return refuse(device, "there is no open disk " + name + "; attach it again: xl block-attach");
    }
    String protocol = value(device.frontend() + "/protocol");
    if (!protocol.isEmpty() && !protocol.equals("arm-abi") && !protocol.equals("x86_64-abi") && !protocol.equals(NARROW)) {
      return refuse(device, "its front end speaks '" + protocol + "'; arm-abi, x86_64-abi and " + NARROW + " are known");
    }
    String orderPath = device.frontend() + "/ring-page-order";
    long order = store.read(orderPath) == null ? 0 : number(orderPath);
    if (order < 0 || order > BlockConnection.MOST_ORDER) {
      return refuse(device, "ring-page-order is '" + value(orderPath) + "'; 0 to " + BlockConnection.MOST_ORDER);
    }
    long remotePort = number(device.frontend() + "/event-channel");
    if (remotePort <= 0 || remotePort > Integer.MAX_VALUE) {
      return refuse(device, "event-channel is '" + value(device.frontend() + "/event-channel") + "'");
    }
    disconnect(device);
    BlockConnection connection = new BlockConnection(device.key());
    connection.disk(name);
    connection.domid.value = device.domain().id();
    connection.narrow.value = protocol.equals(NARROW) ? 1 : 0;
    connection.persistent.value = number(device.frontend() + "/feature-persistent") == 1 ? 1 : 0;
    connection.writable.value = writable(device, disk) ? 1 : 0;
    Domain self = self();
    if (!mapRing(self, device, connection, 1 << order)) {
      return false;
    }
    int port = events.bindInterdomain(self, device.domain(), (int) remotePort);
    if (port <= 0) {
      unmapRing(self, connection, 1 << order);
      return refuse(device, "its event channel " + remotePort + " can't be bound: " + port);
    }
    connection.port.value = port;
    if (!connection.begin(memory, 1 << order)) {
      close(connection);
      return refuse(device, "its ring claims more requests than it has room for");
    }
    connections.put(connection.key(), connection);
    listen(connection);
    write(device, "sectors", disk.sectors());
    write(device, "sector-size", BlockDevice.SECTOR);
    write(device, "physical-sector-size", BlockDevice.SECTOR);
    write(device, "info", connection.writable.value == 0 ? BlockInterface.VDISK_READONLY : 0);
    return true;
  }

  private boolean mapRing(Domain self, Backend device, BlockConnection connection, int pages) {
    boolean single = store.read(device.frontend() + "/ring-page-order") == null;
    for (int i = 0; i < pages; i++) {
      String path = device.frontend() + "/ring-ref" + (single ? "" : Integer.toString(i));
      long reference = number(path);
      long page = reference < 0 ? -1 : grants.map(self, device.domain(), (int) reference, false);
      if (page < 0) {
        unmapRing(self, connection, i);
        return refuse(device, path + " is '" + value(path) + "', which can't be mapped: status " + page);
      }
      connection.ringReferences[i] = (int) reference;
      connection.ringPages[i] = page;
    }
    return true;
  }

  private void unmapRing(Domain self, BlockConnection connection, int pages) {
    for (int i = 0; i < pages; i++) {
      grants.unmapGone(self, connection.serial(), connection.ringReferences[i], false);
    }
  }

  @Override
  public boolean resume(Backend device) {
    return connections.containsKey(device.key());
  }

  @Override
  public void disconnect(Backend device) {
    BlockConnection connection = connections.get(device.key());
    if (connection != null) {
      close(connection);
    }
  }

  /** Gives back all that a device has, also if its domain is gone. */
  private void close(BlockConnection connection) {
    connections.remove(connection.key(), connection);
    Domain self = self();
    service.forget((int) connection.port.value);
    if (self == null) {
      return;
    }
    for (int i = 0; i < PersistentGrants.SIZE; i++) {
      if (connection.kept.taken(i)) {
        grants.unmapGone(self, connection.serial(), connection.kept.reference(i), false);
        connection.kept.clear(i);
      }
    }
    unmapRing(self, connection, connection.pages());
    events.close(self, (int) connection.port.value);
  }

  // ---- Rings

  /** The service domain; null while there is no core. */
  private Domain self() {
    return domains.domains() == null ? null : domains.domains().byId(ServiceEventsPort.DOMID);
  }

  private Domain domain(BlockConnection connection) {
    Domains core = domains.domains();
    Domain domain = core == null ? null : core.byId((int) connection.domid.value);
    return domain == null || domain.serial() != connection.serial() ? null : domain;
  }

  private void listen(BlockConnection connection) {
    service.listen((int) connection.port.value, () -> serve(connection), context);
  }

  /** Has the alarm serve a connection in so many nanoseconds, or before if it works anyway. */
  private void later(BlockConnection connection, long nanoseconds) {
    connection.more.value = 1;
    work.at(Math.min(work.deadline(), context.time().clock().now() + nanoseconds));
  }

  /** Goes on with what was left. */
  private void work() {
    for (BlockConnection connection : List.copyOf(connections.values())) {
      if (connection.more.value != 0 && connections.get(connection.key()) == connection) {
        serve(connection);
      }
    }
  }

  /** Serves what waits in a ring, within bounds. */
  private void serve(BlockConnection connection) {
    Domain domain = domain(connection);
    if (domain == null || connections.get(connection.key()) != connection) {
      return;
    }
    if (!grants.present()) {
      // Requests wait, as they do for a slow disk.
      later(connection, PATIENCE);
      return;
    }
    if (connection.overrun()) {
      broken(connection, domain);
      return;
    }
    Domain self = self();
    requests.of(connection, self, domain, disks.disk(connection.disk()));
    int left = connection.slots();
    int sectors = MOST_SECTORS;
    while (left-- > 0 && sectors > 0 && connection.waiting()) {
      sectors -= requests.next();
      if (connection.overrun()) {
        break;
      }
    }
    connection.more.value = 0;
    if (connection.waiting() || connection.sleep()) {
      later(connection, 0);
    }
    if (connection.push()) {
      connection.untold.value = 1;
    }
    if (connection.untold.value != 0) {
      tell(connection, self);
    }
  }

  private void tell(BlockConnection connection, Domain self) {
    if (events.send(self, (int) connection.port.value) == -XenErrno.XEN_ENOSYS) {
      // Nobody serves event channels for now.
      later(connection, PATIENCE);
    } else {
      connection.untold.value = 0;
    }
  }

  /** A front end whose indices make no sense gets no answers any more. */
  private void broken(BlockConnection connection, Domain domain) {
    context.events().report("block-ring", context.instance(), domain.name() + " " + connection.disk()
        + ": the front end claims more requests than its ring has room for; the device closes");
    for (Backend device : devices.devices()) {
      if (device.key().equals(connection.key())) {
        devices.broken(device);
      }
    }
    if (connections.get(connection.key()) == connection) {
      close(connection);
    }
  }
}
