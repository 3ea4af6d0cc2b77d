// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xenolith.hyp.api.Backend;
import org.xenolith.hyp.api.BackendDriver;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainListener;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.EventChannelsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.kit.BackendDevices;
import org.xenolith.hyp.kit.MachineMemory;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.StationPort;
import org.xenolith.regs.DeviceState;

/** The interfaces of all domains: connects each with its front end, and plugs it into its segment. */
final class Netback implements DeviceModel, DomainListener, BackendDriver {
  /** Nanoseconds after which is tried again what nobody serves now (grants, event channels). */
  private static final long RETRY = 1_000_000;
  private static final List<String[]> FEATURES = List.of(new String[] {"feature-sg", "1"},
      new String[] {"feature-gso-tcpv4", "1"}, new String[] {"feature-gso-tcpv6", "1"},
      new String[] {"feature-ipv6-csum-offload", "1"}, new String[] {"feature-rx-copy", "1"},
      new String[] {"feature-rx-flip", "0"}, new String[] {"feature-multicast-control", "1"},
      new String[] {"feature-split-event-channels", "1"}, new String[] {"multi-queue-max-queues", "1"});

  private final DeviceContext context;
  private final DomainsPort domains;
  private final EventChannelsPort events;
  private final ServiceEventsPort service;
  private final StorePort store;
  private final EthernetPort ethernet;
  private final GrantedPages pages;
  private final MachineMemory memory;
  private final BackendDevices devices;
  private final Alarm retry;
  private final DeviceState state = new DeviceState();
  /** By {@link Backend#key}. */
  private final Map<String, Vif> vifs = new TreeMap<>();
  private final byte[] frame = new byte[EthernetPort.MOST];

  Netback(DeviceContext context) {
    this.context = context;
    domains = context.port(DomainsPort.class);
    events = context.port(EventChannelsPort.class);
    service = context.port(ServiceEventsPort.class);
    store = context.port(StorePort.class);
    ethernet = context.port(EthernetPort.class);
    memory = new MachineMemory(context.memory().physical());
    pages = new GrantedPages(context, memory);
    retry = context.time().alarm("retry", this::serveAll);
    devices = new BackendDevices("vif", this, context);
    state.children("vifs", vifs::clear, this::children, key -> make(key).state());
    domains.listen(this, context);
  }

  private Map<String, DeviceState> children() {
    Map<String, DeviceState> children = new TreeMap<>();
    vifs.forEach((key, vif) -> children.put(key, vif.state()));
    return children;
  }

  private Vif make(String key) {
    Vif vif = new Vif(this, pages, frame);
    vifs.put(key, vif);
    return vif;
  }

  // ---- Life

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    devices.begin();
  }

  @Override
  public void restored() {
    for (String key : List.copyOf(vifs.keySet())) {
      if (bySerial(key) == null) {
        dropGone(serial(key), vifs.remove(key));
      }
    }
    vifs.forEach((key, vif) -> {
      vif.attach(bySerial(key), memory);
      plug(key, vif);
    });
    for (StationPort station : ethernet.stations(context)) {
      if (vifs.values().stream().noneMatch(vif -> vif.station() == station)) {
        station.leave();
      }
    }
    devices.resume();
    if (context.origin() == DeviceOrigin.RETURN && !retry.armed() && vifs.values().stream().anyMatch(Vif::unheard)) {
      retry.at(context.time().clock().now());
    }
  }

  @Override
  public void removed() {
    devices.end();
    domains.forget(this);
    vifs.values().forEach(vif -> {
      vif.station().leave();
      service.forget((int) vif.transmitPort.value);
      service.forget((int) vif.receivePort.value);
    });
  }

  @Override
  public void renewed(Domain domain) {
    devices.renewed(domain);
    vifs.forEach((key, vif) -> {
      if (serial(key) == domain.serial()) {
        vif.attach(domain, memory);
      }
    });
  }

  @Override
  public void destroyed(Domain domain) {
    devices.destroyed(domain);
    for (String key : List.copyOf(vifs.keySet())) {
      if (vifs.get(key).domain() == domain) {
        drop(vifs.remove(key));
      }
    }
  }

  private static int serial(String key) {
    return Integer.parseInt(key.substring(0, key.indexOf('/')));
  }

  private Domain bySerial(String key) {
    int serial = serial(key);
    if (domains.domains() != null) {
      for (Domain domain : domains.domains().all()) {
        if (domain.serial() == serial) {
          return domain;
        }
      }
    }
    return null;
  }

  // ---- Devices

  @Override
  public boolean advertise(Backend device) {
    boolean written = true;
    for (String[] feature : FEATURES) {
      written &= store.write(device.path() + '/' + feature[0], feature[1]);
    }
    return written;
  }

  @Override
  public boolean connect(Backend device) {
    Vif before = vifs.remove(device.key());
    if (before != null) {
      drop(before);
    }
    FrontendSettings settings;
    try {
      settings = FrontendSettings.read(store, device);
    } catch (IllegalArgumentException e) {
      return refuse(device, e.getMessage());
    }
    if (!pages.present() || !events.present()) {
      return refuse(device, "nobody serves grants or event channels");
    }
    Vif vif = make(device.key());
    String wrong = reach(device.domain(), vif, settings);
    if (wrong != null) {
      vifs.remove(device.key());
      return refuse(device, wrong);
    }
    vif.settings(settings);
    vif.device(device);
    vif.attach(device.domain(), memory);
    vif.begin();
    plug(device.key(), vif);
    store.write(device.path() + "/hotplug-status", "connected");
    vif.serve();
    return vifs.containsKey(device.key());
  }

  private boolean refuse(Backend device, String why) {
    context.events().report("vif-refused", "d" + device.domain().id() + " vif " + device.id(), why);
    return false;
  }

  /** Maps pages and binds ports. @return null, or what went wrong; then nothing is kept */
  private String reach(Domain domain, Vif vif, FrontendSettings settings) {
    long transmitPage = pages.map(domain, settings.transmitRef());
    if (transmitPage < 0) {
      return "the page of its transmit ring isn't granted: " + transmitPage;
    }
    long receivePage = pages.map(domain, settings.receiveRef());
    if (receivePage < 0) {
      pages.unmap(domain, settings.transmitRef());
      return "the page of its receive ring isn't granted: " + receivePage;
    }
    int transmitPort = events.bindInterdomain(pages.self(), domain, settings.transmitPort());
    int receivePort = transmitPort <= 0 || settings.receivePort() == settings.transmitPort() ? transmitPort
        : events.bindInterdomain(pages.self(), domain, settings.receivePort());
    if (receivePort <= 0) {
      if (transmitPort > 0) {
        events.close(pages.self(), transmitPort);
      }
      pages.unmap(domain, settings.transmitRef());
      pages.unmap(domain, settings.receiveRef());
      return "its event channel can't be bound: " + Math.min(transmitPort, receivePort);
    }
    vif.transmitRef.value = settings.transmitRef();
    vif.receiveRef.value = settings.receiveRef();
    vif.transmitPage.value = transmitPage;
    vif.receivePage.value = receivePage;
    vif.transmitPort.value = transmitPort;
    vif.receivePort.value = receivePort;
    return null;
  }

  private void plug(String key, Vif vif) {
    vif.join(ethernet.join(vif.segment(), key, vif, context));
    service.listen((int) vif.transmitPort.value, vif::serve, context);
    service.listen((int) vif.receivePort.value, vif::serve, context);
  }

  @Override
  public boolean resume(Backend device) {
    Vif vif = vifs.get(device.key());
    if (vif != null) {
      vif.device(device);
    }
    return vif != null;
  }

  @Override
  public void disconnect(Backend device) {
    Vif vif = vifs.remove(device.key());
    if (vif != null) {
      drop(vif);
    }
  }

  private void drop(Vif vif) {
    vif.station().leave();
    if (close(vif)) {
      pages.unmap(vif.domain(), (int) vif.transmitRef.value);
      pages.unmap(vif.domain(), (int) vif.receiveRef.value);
    }
  }

  /** The domain went while nobody was here to hear of it. */
  private void dropGone(int serial, Vif vif) {
    if (close(vif)) {
      pages.unmapGone(serial, (int) vif.transmitRef.value);
      pages.unmapGone(serial, (int) vif.receiveRef.value);
    }
  }

  /** @return whether there is a domain in whose name to act */
  private boolean close(Vif vif) {
    service.forget((int) vif.transmitPort.value);
    service.forget((int) vif.receivePort.value);
    Domain self = pages.self();
    if (self != null) {
      events.close(self, (int) vif.transmitPort.value);
      if (vif.receivePort.value != vif.transmitPort.value) {
        events.close(self, (int) vif.receivePort.value);
      }
    }
    return self != null;
  }

  // ---- What interfaces ask for

  /** A front end wrote what no front end writes: the interface closes. */
  void broken(Vif vif, String why) {
    if (vifs.values().remove(vif)) {
      context.events().report("vif-broken", "d" + vif.domain().id() + " vif", why);
      drop(vif);
      if (vif.device() != null) {
        devices.broken(vif.device());
      }
    }
  }

  /** Sends an event. @return false if nobody serves event channels now: then {@link #retry} */
  boolean send(int port) {
    if (!events.present() || pages.self() == null) {
      return false;
    }
    events.send(pages.self(), port);
    return true;
  }

  /** Tries again soon. */
  void retry() {
    if (!retry.armed()) {
      retry.at(context.time().clock().now() + RETRY);
    }
  }

  private void serveAll() {
    for (Vif vif : List.copyOf(vifs.values())) {
      if (vifs.containsValue(vif)) {
        vif.serve();
      }
    }
  }
}
