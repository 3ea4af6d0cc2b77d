// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.netback;

import java.nio.charset.StandardCharsets;
import org.xenolith.hyp.api.Backend;
import org.xenolith.hyp.api.Domain;
import org.xenolith.net.api.FrameSink;
import org.xenolith.net.api.StationPort;
import org.xenolith.net.kit.FrameQueue;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.xen.abi.AbiMemory;

/** One interface that is connected. Frames for which the front end has no room wait, up to a bound. */
final class Vif implements FrameSink {
  /** Bytes of frames that wait for room: a window of TCP, as Linux opens it at most by itself. */
  static final int CAPACITY = 6 << 20;

  private final Netback netback;
  private final GrantedPages pages;
  private final DeviceState state = new DeviceState();
  final LongCell transmitRef = state.cell("transmitRef", 0);
  final LongCell receiveRef = state.cell("receiveRef", 0);
  final LongCell transmitPage = state.cell("transmitPage", 0);
  final LongCell receivePage = state.cell("receivePage", 0);
  /** Our ends of the event channels; the same if there is one only. */
  final LongCell transmitPort = state.cell("transmitPort", 0);
  final LongCell receivePort = state.cell("receivePort", 0);
  private final LongCell offloads = state.cell("offloads", 0);
  private final LongCell scatters = state.cell("scatters", 0);
  private final LongCell overflows = state.cell("overflows", 0);
  /** Whether an event couldn't be sent as nobody served event channels. */
  private final LongCell owed = state.cell("owed", 0);
  private final MulticastFilter filter = new MulticastFilter(state);
  private final FrameQueue queue = new FrameQueue(CAPACITY);
  private final TransmitRing transmit;
  private final ReceiveRing receive;
  private String segment = "";
  private Domain domain;
  private Backend device;
  private StationPort station;

  Vif(Netback netback, GrantedPages pages, byte[] frame) {
    this.netback = netback;
    this.pages = pages;
    transmit = new TransmitRing(state.cell("transmitted", 0), pages, filter, frame);
    receive = new ReceiveRing(state.cell("received", 0), pages);
    state.varying("segment", () -> segment = "", () -> segment.getBytes(StandardCharsets.UTF_8),
        bytes -> segment = new String(bytes, StandardCharsets.UTF_8));
    state.varying("frames", queue::clear, queue::save, queue::restore);
  }

  DeviceState state() {
    return state;
  }

  void settings(FrontendSettings settings) {
    offloads.value = settings.offloads();
    scatters.value = settings.scatters() ? 1 : 0;
    filter.applied.value = settings.filters() ? 1 : 0;
    segment = settings.segment();
  }

  String segment() {
    return segment;
  }

  /** Whose it is; known as soon as it is served. */
  Domain domain() {
    return domain;
  }

  /** Its ends in the store; null as long as the store didn't tell. */
  Backend device() {
    return device;
  }

  void device(Backend newDevice) {
    device = newDevice;
  }

  StationPort station() {
    return station;
  }

  /** Its rings are where the state says. */
  void attach(Domain newDomain, AbiMemory memory) {
    domain = newDomain;
    transmit.at(memory, transmitPage.value);
    receive.at(memory, receivePage.value);
  }

  /** Its rings begin. */
  void begin() {
    transmit.ring().begin();
    receive.ring().begin();
  }

  void join(StationPort newStation) {
    station = newStation;
  }

  /** Whether there is something to do that may have been announced while nobody was here to listen. */
  boolean unheard() {
    return owed.value != 0 || transmit.ring().waiting() != 0 || queue.count() > 0;
  }

  @Override
  public int offloads() {
    return (int) offloads.value;
  }

  /** Does all that can be done now; what is wrong with a ring ends the device. */
  void serve() {
    if (owed.value != 0) {
      owed.value = 0;
      sendEvents(true, true);
    }
    boolean sent = transmit.serve(domain, station);
    while (receive.fault() == null && queue.peek() && receive.put(domain, queue.bytes(), 0, queue.length(), queue.offload(),
        queue.payload())) {
      queue.drop();
    }
    boolean received = receive.fault() == null && receive.ring().push();
    sendEvents(sent, received);
    faults();
  }

  @Override
  public void frame(byte[] bytes, int offset, int length, int offload, int segmentSize) {
    if (!filter.passes(destination(bytes, offset))) {
      return;
    }
    if (length > GrantedPages.PAGE && scatters.value == 0) {
      overflows.value++;
      return;
    }
    if (queue.count() == 0 && receive.put(domain, bytes, offset, length, offload, segmentSize)) {
      sendEvents(false, receive.ring().push());
    } else if (!queue.add(0, bytes, offset, length, offload, segmentSize)) {
      overflows.value++;
    }
    faults();
  }

  private static long destination(byte[] bytes, int at) {
    long address = 0;
    for (int i = 0; i < 6; i++) {
      address = address << 8 | bytes[at + i] & 0xFF;
    }
    return address;
  }

  /** Sends events, one if there is one channel only. */
  private void sendEvents(boolean sent, boolean received) {
    boolean both = transmitPort.value == receivePort.value;
    boolean done = true;
    if (sent || both && received) {
      done = netback.send((int) transmitPort.value);
    }
    if (received && !both) {
      done &= netback.send((int) receivePort.value);
    }
    owed.value |= done ? 0 : 1;
  }

  private void faults() {
    String fault = transmit.fault() != null ? transmit.fault() : receive.fault();
    if (fault != null) {
      netback.broken(this, fault);
    } else if (owed.value != 0 || !pages.present() && (transmit.ring().waiting() != 0 || queue.count() > 0)) {
      netback.retry();
    }
  }

  /** Frames that were dropped for want of room. */
  long overflows() {
    return overflows.value;
  }

  /** Frames that wait for room. */
  int waiting() {
    return queue.count();
  }
}
