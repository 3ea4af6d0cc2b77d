// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.net;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.net.api.EthernetPort;
import org.xenolith.net.api.FrameSink;
import org.xenolith.net.api.NetworkNodes;
import org.xenolith.net.api.StationPort;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.api.Virtqueue.Chain;
import org.xenolith.virtio.kit.ChainStream;
import org.xenolith.virtio.kit.ChainService;

/**
 * A virtio network card: one receive queue, one transmit queue (Virtual I/O Device 1.2, 5.1), a station of a segment inside the
 * machine. Frames leave when the driver notifies; one that arrives when there is no buffer for it is dropped.
 */
final class VirtioNet implements DeviceModel, VirtioFunction, FrameSink {
  static final int RECEIVE = 0;
  static final int TRANSMIT = 1;
  /** Bytes before each frame, in both directions (5.1.6). */
  static final int HEADER = 12;
  /** The same at a legacy transport, whose header has no num_buffers without VIRTIO_NET_F_MRG_RXBUF (5.1.6.1). */
  static final int LEGACY_HEADER = 10;
  private static final int DEVICE_ID = 1;
  private static final int QUEUE_SIZE = 256;
  private static final int STATUS = 6;
  private static final int CONFIG_SIZE = 8;
  private static final int LINK_UP = 1;
  private static final int NUM_BUFFERS = 10;
  private static final long F_MAC = 1 << 5;
  private static final long F_STATUS = 1 << 16;

  private final DeviceState state = new DeviceState();
  private final LongCell features = state.cell("features", 0);
  private final LongCell dropped = state.cell("receive-dropped", 0);
  private final byte[] address;
  private final VirtioPort port;
  private final StationPort station;
  private final EventLog events;
  private final String instance;
  private final ChainStream source;
  private final ChainStream sink;
  private final ChainService work;
  private final byte[] frame = new byte[HEADER + EthernetPort.MOST];
  private final byte[] header = new byte[HEADER];

  VirtioNet(DeviceContext context) {
    address = CardAddress.of(context.node());
    events = context.events();
    instance = context.instance();
    port = context.port(VirtioPort.class);
    work = new ChainService(port);
    DmaPort memory = port.memoryOr(context.memory().dma());
    source = new ChainStream(memory);
    sink = new ChainStream(memory);
    // 5.1.6.4.1: without VIRTIO_NET_F_MRG_RXBUF a frame is in one chain.
    header[NUM_BUFFERS] = 1;
    String segment = context.node().property(NetworkNodes.SEGMENT).map(property -> property.string()).orElse(NetworkNodes.FIRST);
    station = EthernetPort.of(context).join(segment, "card", this, context);
    port.plug(this);
  }

  // ---- The function

  @Override
  public int deviceId() {
    return DEVICE_ID;
  }

  @Override
  public long features() {
    return F_MAC | F_STATUS;
  }

  @Override
  public int queues() {
    return TRANSMIT + 1;
  }

  @Override
  public int maxQueueSize(int index) {
    return index == RECEIVE || index == TRANSMIT ? QUEUE_SIZE : 0;
  }

  @Override
  public int configSize() {
    return CONFIG_SIZE;
  }

  @Override
  public long readConfig(int offset, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (long) configByte(offset + i) << i * 8;
    }
    return value;
  }

  private int configByte(int offset) {
    return offset < CardAddress.LENGTH ? address[offset] & 0xFF : offset == STATUS && station.up() ? LINK_UP : 0;
  }

  @Override
  public void writeConfig(int offset, int size, long value) {}

  @Override
  public void accepted(long accepted) {
    features.value = accepted;
  }

  @Override
  public void notified(int index, Virtqueue queue) {
    if (index == TRANSMIT) {
      work.all(TRANSMIT, queue, this::transmit);
    }
  }

  private int headerLength() {
    VirtioTransport transport = port.transport();
    return transport != null && transport.legacy() ? LEGACY_HEADER : HEADER;
  }

  /** Sends the frame of a chain. @return bytes written, none */
  private int transmit(Chain chain) {
    source.over(chain, false);
    long length = source.remaining();
    int before = headerLength();
    int most = before + EthernetPort.MOST;
    if (length < before + EthernetPort.HEADER || length > most) {
      events.report("virtio-net-bad-frame", instance, "expected " + (before + EthernetPort.HEADER) + " to " + most
          + " bytes with the header, got " + length);
      return 0;
    }
    try {
      // No offload is offered, so that nothing in the header means anything (5.1.6.2.1).
      source.read(frame, (int) length);
    } catch (ExternalAbort abort) {
      events.report("virtio-net-bad-address", instance, "a frame to send is outside of memory");
      return 0;
    }
    station.send(frame, before, (int) length - before);
    return 0;
  }

  @Override
  public void resetByDriver() {
    features.value = 0;
  }

  // ---- The station

  @Override
  public void frame(byte[] bytes, int offset, int length, int offload, int payload) {
    if (work.one(RECEIVE, chain -> receive(chain, bytes, offset, length))) {
      work.interrupt(RECEIVE);
    } else {
      dropped.value++;
    }
  }

  /** Puts a frame into the chain. @return bytes written, 0 if it is dropped */
  private int receive(Chain chain, byte[] bytes, int offset, int length) {
    sink.over(chain, true);
    int before = headerLength();
    if (sink.remaining() < before + length) {
      events.report("virtio-net-short-buffer", instance, "a frame of " + length + " bytes doesn't fit a buffer of " + sink.remaining());
      dropped.value++;
      return 0;
    }
    try {
      sink.write(header, before);
      sink.write(bytes, offset, length);
      return before + length;
    } catch (ExternalAbort abort) {
      events.report("virtio-net-bad-address", instance, "a buffer to receive into is outside of memory");
      dropped.value++;
      return 0;
    }
  }

  @Override
  public int free() {
    return work.available(RECEIVE);
  }

  @Override
  public int room() {
    return work.size(RECEIVE);
  }

  @Override
  public void carrierChanged() {
    if (port.transport() != null) {
      port.transport().configChanged();
    }
  }

  // ---- The model's life

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    station.leave();
    port.plug(null);
  }
}
