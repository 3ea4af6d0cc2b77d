// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.kit;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenolith.hyp.api.Backend;
import org.xenolith.hyp.api.BackendDriver;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.ServiceEventsPort;
import org.xenolith.hyp.api.StorePort;
import org.xenolith.hyp.api.StoreWatch;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.xen.abi.XenbusState;

/**
 * The devices of one kind of back end: watches both ends in the store and leads each device through the states of XenBus
 * (public header {@code io/xenbus.h}). A driver makes one, calls {@link #begin} in {@code reset}, {@link #resume} in
 * {@code restored}, and {@link #end} in {@code removed}.
 */
public final class BackendDevices {
  /** How long a closed device's end stays in the store, ns: tools look for the state before they look for the end. */
  private static final long FAREWELL = 200_000_000;

  private final String root;
  private final Alarm gone;
  private final StorePort store;
  private final DomainsPort domains;
  private final BackendDriver driver;
  private final DeviceContext owner;
  private final StoreWatch watch = this::changed;
  private final Map<String, Entry> entries = new TreeMap<>();

  private static final class Entry {
    private final StoreWatch watch;
    /** The nodes that each step looks at. */
    private final String back;
    private final String front;
    private final String online;
    /** Made anew when another version of the core has another object for the same domain. */
    private Backend device;
    private boolean connected;

    private Entry(Backend device, StoreWatch watch) {
      this.device = device;
      this.watch = watch;
      back = device.path() + "/state";
      front = device.frontend() + "/state";
      online = device.path() + "/online";
    }
  }

  /** @param kind as the store names it: {@code vbd}, {@code vif} */
  public BackendDevices(String kind, BackendDriver driver, DeviceContext owner) {
    root = "/local/domain/" + ServiceEventsPort.DOMID + "/backend/" + kind;
    store = owner.port(StorePort.class);
    domains = owner.port(DomainsPort.class);
    gone = owner.time().alarm("gone", this::sweep);
    this.driver = driver;
    this.owner = owner;
  }

  /** Begins to serve; devices that the driver has records of go on. */
  public void begin() {
    for (String domid : store.list(root)) {
      for (String id : store.list(root + "/" + domid)) {
        entry(domid, id);
      }
    }
    store.watch(root, watch, owner);
  }

  /**
   * The driver's and the store's state came back from a record: serves what it says. Watches that the store kept are not told
   * a first time again, so that a restored snapshot goes on as if nothing had been.
   */
  public void resume() {
    Map<String, Entry> before = new TreeMap<>(entries);
    entries.clear();
    begin();
    before.forEach((path, entry) -> {
      if (!entries.containsKey(path)) {
        store.unwatch(entry.watch);
      }
    });
  }

  /** Serves no longer; devices stay as they are. */
  public void end() {
    store.unwatch(watch);
    entries.values().forEach(entry -> store.unwatch(entry.watch));
    entries.clear();
  }

  /** A domain is gone: so are its devices. */
  public void destroyed(Domain domain) {
    for (Entry entry : List.copyOf(entries.values())) {
      if (entry.device.domain().serial() == domain.serial()) {
        forget(entry);
      }
    }
  }

  /** The core gives another object for a domain: its devices have it from now on. */
  public void renewed(Domain domain) {
    for (Entry entry : entries.values()) {
      Backend device = entry.device;
      if (device.domain().serial() == domain.serial()) {
        entry.device = new Backend(domain, device.id(), device.path(), device.frontend());
      }
    }
  }

  /** The devices that are there. */
  public List<Backend> devices() {
    return entries.values().stream().map(entry -> entry.device).toList();
  }

  /** A device that is connected can't go on: it closes. */
  public void broken(Backend device) {
    Entry entry = entries.get(device.path());
    if (entry != null) {
      part(entry);
      state(entry, XenbusState.XenbusStateClosing);
    }
  }

  private void changed(String path) {
    String[] parts = path.length() > root.length() ? path.substring(root.length() + 1).split("/") : new String[0];
    if (parts.length >= 2) {
      if (parts.length == 2 || decides(parts[0], parts[1], parts[2])) {
        attend(parts[0], parts[1]);
      }
      return;
    }
    for (Entry entry : List.copyOf(entries.values())) {
      if (store.read(entry.device.path()) == null) {
        forget(entry);
      }
    }
    for (String domid : parts.length == 1 ? List.of(parts[0]) : store.list(root)) {
      for (String id : store.list(root + "/" + domid)) {
        attend(domid, id);
      }
    }
  }

  /**
   * Whether a change of a node of a device's may have a consequence. Most are what the driver itself wrote; they have none but for
   * a device that is still to be offered, or closed and perhaps to be offered again. By the store alone: a restored machine does the same.
   */
  private boolean decides(String domid, String id, String node) {
    Entry known = entries.get(root + "/" + domid + "/" + id);
    if (known == null || node.equals("frontend") || node.equals("state") || node.equals("online")) {
      return true;
    }
    int back = read(known.back);
    return back != XenbusState.XenbusStateInitWait && back != XenbusState.XenbusStateConnected && back != XenbusState.XenbusStateClosing;
  }

  private void attend(String domid, String id) {
    Entry entry = entry(domid, id);
    if (entry != null) {
      step(entry);
    }
  }

  private @Nullable Entry entry(String domid, String id) {
    String path = root + "/" + domid + "/" + id;
    Entry known = entries.get(path);
    String frontend = store.read(path + "/frontend");
    if (frontend == null) {
      if (known != null) {
        forget(known);
      }
      return null;
    }
    Domain domain = domain(domid);
    if (known != null && domain != null && known.device.domain().serial() == domain.serial()) {
      if (known.device.domain() != domain) {
        known.device = new Backend(domain, id, path, known.device.frontend());
      }
      return known;
    }
    if (known != null) {
      forget(known);
    }
    if (domain == null) {
      return null;
    }
    Backend device = new Backend(domain, id, path, frontend);
    Entry[] made = new Entry[1];
    made[0] = new Entry(device, changed -> {
      if (entries.get(path) == made[0]) {
        step(made[0]);
      }
    });
    entries.put(path, made[0]);
    made[0].connected = driver.resume(device);
    store.watch(frontend + "/state", made[0].watch, owner);
    return made[0];
  }

  private @Nullable Domain domain(String domid) {
    return domains.domains() == null || !domid.matches("[0-9]{1,5}") ? null : domains.domains().byId(Integer.parseInt(domid));
  }

  private void step(Entry entry) {
    int back = read(entry.back);
    int front = read(entry.front);
    boolean online = online(entry);
    if (back == XenbusState.XenbusStateInitialising && !entry.connected) {
      back = driver.advertise(entry.device) ? XenbusState.XenbusStateInitWait : XenbusState.XenbusStateClosed;
      state(entry, back);
    }
    switch (front) {
      case XenbusState.XenbusStateInitialising -> {
        if (back == XenbusState.XenbusStateClosed && online && driver.advertise(entry.device)) {
          state(entry, XenbusState.XenbusStateInitWait);
        }
      }
      case XenbusState.XenbusStateInitialised, XenbusState.XenbusStateConnected -> {
        if (!entry.connected && back == XenbusState.XenbusStateInitWait) {
          entry.connected = driver.connect(entry.device);
          state(entry, entry.connected ? XenbusState.XenbusStateConnected : XenbusState.XenbusStateClosing);
        }
      }
      case XenbusState.XenbusStateClosing -> {
        part(entry);
        if (back != XenbusState.XenbusStateClosed) {
          state(entry, XenbusState.XenbusStateClosing);
        }
      }
      case XenbusState.XenbusStateClosed, XenbusState.XenbusStateUnknown -> {
        part(entry);
        if (back != XenbusState.XenbusStateInitWait || !online) {
          state(entry, XenbusState.XenbusStateClosed);
        }
      }
      default -> {
      }
    }
    if (!online && !entry.connected && read(entry.back) == XenbusState.XenbusStateClosed) {
      gone.at(owner.time().clock().now() + FAREWELL);
    }
  }

  /** Who asked for a device to go has seen that it closed, and waits for its end to be gone. */
  private void sweep() {
    for (Entry entry : List.copyOf(entries.values())) {
      if (!entry.connected && !online(entry) && read(entry.back) == XenbusState.XenbusStateClosed) {
        store.remove(entry.device.path());
        forget(entry);
      }
    }
  }

  private void part(Entry entry) {
    if (entry.connected) {
      entry.connected = false;
      driver.disconnect(entry.device);
    }
  }

  private void forget(Entry entry) {
    entries.remove(entry.device.path());
    store.unwatch(entry.watch);
    part(entry);
  }

  private boolean online(Entry entry) {
    return "1".equals(store.read(entry.online));
  }

  /** The state that a node holds. */
  private int read(String node) {
    String text = store.read(node);
    boolean digit = text != null && text.length() == 1 && text.charAt(0) >= '0' && text.charAt(0) <= '9';
    return digit ? text.charAt(0) - '0' : XenbusState.XenbusStateUnknown;
  }

  private void state(Entry entry, int state) {
    if (read(entry.back) != state) {
      store.write(entry.back, Integer.toString(state));
    }
  }
}
