// SPDX-License-Identifier: EPL-2.0
package org.xenolith.net.bridge;

import java.util.Map;
import java.util.TreeMap;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.api.EthernetSwitch;
import org.xenolith.regs.DeviceState;

/** The machine's segments. Frames are delivered by an alarm that is due at once, so that no sender is ever called from itself. */
final class Bridge implements DeviceModel, EthernetSwitch {
  /** Nanoseconds until what was sent during a delivery is delivered: two that answer each other for ever let time go on. */
  private static final long ANSWER_DELAY = 1_000;

  private final EthernetPort port;
  private final Clock clock;
  private final Alarm delivery;
  private final DeviceState state = new DeviceState();
  private final Map<String, Segment> segments = new TreeMap<>();
  private boolean delivering;

  Bridge(DeviceContext context) {
    port = context.port(EthernetPort.class);
    clock = context.time().clock();
    delivery = context.time().alarm("delivery", this::deliver);
    state.children("segments", segments::clear, this::children, name -> segment(name).state());
    port.attach(this, context);
  }

  private Map<String, DeviceState> children() {
    Map<String, DeviceState> children = new TreeMap<>();
    segments.forEach((name, segment) -> children.put(name, segment.state()));
    return children;
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    delivery.cancel();
    port.stations().forEach(this::joined);
  }

  /** Places of stations that aren't back yet stay: who owns them may be restored later than this. */
  @Override
  public void restored() {
    port.stations().forEach(this::joined);
  }

  @Override
  public void removed() {
    port.detach(this);
  }

  private Segment segment(String name) {
    return segments.computeIfAbsent(name, n -> new Segment());
  }

  @Override
  public void joined(StationPort station) {
    segment(station.segment()).join(station);
  }

  @Override
  public void left(StationPort station) {
    Segment segment = segments.get(station.segment());
    if (segment != null && segment.leave(station)) {
      segments.remove(station.segment());
    }
  }

  @Override
  public void send(StationPort from, byte[] bytes, int offset, int length, int offload, int payload) {
    Segment segment = segments.get(from.segment());
    if (segment != null && segment.take(from, bytes, offset, length, offload, payload) && !delivering && !delivery.armed()) {
      delivery.at(clock.now());
    }
  }

  private void deliver() {
    delivering = true;
    try {
      // A receiver may leave, and the last station takes its segment with it.
      for (Segment segment : segments.values().toArray(Segment[]::new)) {
        segment.deliver();
      }
    } finally {
      delivering = false;
    }
    for (Segment segment : segments.values()) {
      if (segment.waiting()) {
        delivery.at(clock.now() + ANSWER_DELAY);
        return;
      }
    }
  }

  /** Frames that a segment dropped for want of room; 0 if there is no such segment. */
  long overflows(String name) {
    Segment segment = segments.get(name);
    return segment == null ? 0 : segment.overflows();
  }
}
