// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.api;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.LinkFault;
import org.xenolith.machine.api.LinkPort;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.platform.api.PlatformNode;

/**
 * Port: the Ethernet segments of a machine, each there by its name as soon as a station joins it. The port keeps the stations,
 * so that a switch that comes later finds them; without a switch frames are dropped.
 */
public final class EthernetPort implements LinkPort {
  /** Bytes of the two addresses and the type. */
  public static final int HEADER = 14;
  /** Most bytes of a frame: an IP packet of any size behind a header with one tag (IEEE 802.1Q). */
  public static final int MOST = 0xFFFF + HEADER + 4;

  private final TreeMap<String, StationPort> stations = new TreeMap<>();
  /** What is wrong with devices' links, by their nodes. */
  private final TreeMap<String, LinkFault> faults = new TreeMap<>();
  private @Nullable EthernetSwitch provider;
  private @Nullable DeviceContext owner;
  private long dropped;
  /** Who sees frames; null if nobody does. */
  private @Nullable FrameWatcher watcher;

  /**
   * The port that all of a machine share, so that cards and the interfaces of domains see one another: at the hypervisor's node,
   * else at the switch's own. In a machine with neither, the port of the asking device's node, where there is no switch.
   */
  public static EthernetPort of(DeviceContext context) {
    PlatformNode place = null;
    for (PlatformNode node : context.platform().nodes()) {
      if (node.enabled() && node.isCompatible(NetworkNodes.HYPERVISOR)) {
        return context.port(node.path(), EthernetPort.class);
      }
      if (place == null && node.enabled() && node.isCompatible(NetworkNodes.COMPATIBLE)) {
        place = node;
      }
    }
    return place == null ? context.port(EthernetPort.class) : context.port(place.path(), EthernetPort.class);
  }

  // ---- for who looks

  /** Is shown frames. It must change nothing. */
  @FunctionalInterface
  public interface FrameWatcher {
    /**
     * A frame passes a station's port.
     *
     * @param sent whether the station sends it; else it is delivered to it
     */
    void passes(StationPort station, boolean sent, byte[] bytes, int offset, int length);
  }

  /** Has somebody see frames, in the place of who did; null for nobody. On the machine's thread, or while it stands still. */
  public void watch(@Nullable FrameWatcher newWatcher) {
    watcher = newWatcher;
  }

  // ---- for the core

  /** The link of a device: of all stations whose owner is at its node. */
  @Override
  public boolean link(String device, boolean its, @Nullable LinkFault fault) {
    List<StationPort> own = stations().stream().filter(station -> station.owner().node().path().equals(device)).toList();
    if (fault != null && own.isEmpty()) {
      return false;
    }
    List<StationPort> changed = own.stream().filter(station -> station.up() != (present() && (fault == null || !fault.down()))).toList();
    if (fault == null) {
      faults.remove(device);
    } else {
      faults.put(device, fault);
    }
    changed.forEach(StationPort::carrierChanged);
    return true;
  }

  private @Nullable LinkFault fault(StationPort station) {
    return faults.isEmpty() ? null : faults.get(station.owner().node().path());
  }

  /** Whether a station's link is up, as far as the port knows. */
  boolean up(StationPort station) {
    LinkFault fault = fault(station);
    return present() && (fault == null || !fault.down());
  }

  /** A frame passes a station's link: whether it is lost there. */
  private boolean lost(StationPort station) {
    LinkFault fault = fault(station);
    return fault != null && fault.loses();
  }

  // ---- for the switch

  /** Puts a switch in, in the place of an earlier one. It asks for {@link #stations} itself. */
  public void attach(EthernetSwitch newProvider, DeviceContext newOwner) {
    boolean came = provider == null;
    provider = newProvider;
    owner = newOwner;
    if (came) {
      stations().forEach(StationPort::carrierChanged);
    }
  }

  /** Takes a switch out if it is still in. */
  public void detach(EthernetSwitch oldProvider) {
    if (provider == oldProvider) {
      withoutSwitch();
    }
  }

  /** Whether there is a switch. */
  public boolean present() {
    return provider != null;
  }

  /** All stations in the order of their names. */
  public List<StationPort> stations() {
    return List.copyOf(stations.values());
  }

  // ---- for stations

  /**
   * Joins a segment, in the place of an earlier station of the same owner ({@code DeviceContext.instance}) and key: so a later
   * version of a device goes on without the segment noticing.
   *
   * @param segment the segment's name
   * @param key     which of the owner's stations this is
   */
  public StationPort join(String segment, String key, FrameSink sink, DeviceContext stationOwner) {
    StationPort station = new StationPort(this, segment, stationOwner.instance() + ' ' + key, sink, stationOwner);
    StationPort before = stations.put(station.name(), station);
    if (before != null) {
      before.gone();
      if (!before.segment().equals(segment)) {
        tell(() -> provider.left(before));
      }
    }
    tell(() -> provider.joined(station));
    return station;
  }

  /** The stations of an owner: who took over from another version leaves those that are no more. */
  public List<StationPort> stations(DeviceContext stationOwner) {
    List<StationPort> own = new ArrayList<>(stations.values());
    own.removeIf(station -> !station.owner().instance().equals(stationOwner.instance()));
    return own;
  }

  /** Frames that were dropped because there was no switch, or because of their size. */
  public long dropped() {
    return dropped;
  }

  void leave(StationPort station) {
    if (station.joined()) {
      stations.remove(station.name());
      station.gone();
      tell(() -> provider.left(station));
    }
  }

  void send(StationPort from, byte[] bytes, int offset, int length, int offload, int payload) {
    if (watcher != null) {
      watcher.passes(from, true, bytes, offset, length);
    }
    EthernetSwitch carrier = provider;
    if (lost(from)) {
      return;
    }
    if (carrier == null || !from.joined() || length < HEADER || length > MOST) {
      dropped++;
      return;
    }
    try {
      carrier.send(from, bytes, offset, length, offload, payload);
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      failed(bug);
    }
  }

  void deliver(StationPort to, FrameSink sink, byte[] bytes, int offset, int length, int offload, int payload) {
    if (lost(to)) {
      return;
    }
    if (watcher != null) {
      watcher.passes(to, false, bytes, offset, length);
    }
    try {
      sink.frame(bytes, offset, length, offload, payload);
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      leave(to);
      to.owner().failed(bug);
    }
  }

  boolean room(StationPort of, int before, int frames) {
    boolean alone = true;
    for (StationPort station : stations()) {
      if (station != of && station.segment().equals(of.segment())) {
        alone = false;
        if (station.hasRoom(before, frames)) {
          return true;
        }
      }
    }
    return alone;
  }

  boolean hasRoom(StationPort of, FrameSink sink, int before, int frames) {
    try {
      int free = sink.free();
      return free == Integer.MAX_VALUE || free - before >= frames || before == 0 && free >= sink.room();
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      leave(of);
      of.owner().failed(bug);
      return true;
    }
  }

  void carrierChanged(StationPort of, FrameSink sink) {
    try {
      sink.carrierChanged();
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      leave(of);
      of.owner().failed(bug);
    }
  }

  int offloads(StationPort of, FrameSink sink) {
    try {
      return sink.offloads();
    } catch (RamExhausted e) {
      throw e;
    } catch (Throwable bug) {
      leave(of);
      of.owner().failed(bug);
      return 0;
    }
  }

  private void tell(Runnable order) {
    if (provider != null) {
      try {
        order.run();
      } catch (RamExhausted e) {
        throw e;
      } catch (Throwable bug) {
        failed(bug);
      }
    }
  }

  private void failed(Throwable bug) {
    DeviceContext failing = owner;
    withoutSwitch();
    failing.failed(bug);
  }

  private void withoutSwitch() {
    provider = null;
    owner = null;
    stations().forEach(StationPort::carrierChanged);
  }
}
