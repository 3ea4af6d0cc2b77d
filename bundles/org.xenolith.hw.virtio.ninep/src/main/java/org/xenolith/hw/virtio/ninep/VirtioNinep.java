// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.ninep;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.ninep.kit.Message;
import org.xenolith.ninep.kit.PendingRequests;
import org.xenolith.regs.DeviceState;
import org.xenolith.share.api.ShareNodes;
import org.xenolith.share.api.SharePort;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.api.Virtqueue.Chain;
import org.xenolith.virtio.kit.ChainStream;

/**
 * A virtio transport of 9P with one queue: a chain is a request, and room for its answer. It carries both and reads no more of them than their
 * sizes. An answer comes as an input of the machine, whenever who serves the folder has one.
 */
final class VirtioNinep implements DeviceModel, VirtioFunction, SharePort.Device {
  private static final int DEVICE_ID = 9;
  /** VIRTIO_9P_MOUNT_TAG: the configuration has a name. */
  private static final long F_MOUNT_TAG = 1;
  private static final int TAG = 2;
  private static final int REFUSAL = Message.HEADER + 4;
  /** EMSGSIZE of Linux. */
  private static final int TOO_LONG = 90;

  private final DeviceState state = new DeviceState();
  private final PendingRequests requests = new PendingRequests(state);
  private final VirtioPort port;
  private final SharePort share;
  private final EventLog events;
  private final String instance;
  private final byte[] tag;
  private final ChainStream source;
  private final ChainStream sink;
  private final byte[] header = new byte[Message.HEADER];
  /** A driver may put its rings over the device's own registers: nothing begins in the middle of something. */
  private boolean busy;

  VirtioNinep(DeviceContext context) {
    events = context.events();
    instance = context.instance();
    tag = context.node().property(ShareNodes.TAG).map(property -> property.string()).orElse("share").getBytes(UTF_8);
    port = context.port(VirtioPort.class);
    share = context.port(SharePort.class);
    source = new ChainStream(port.memoryOr(context.memory().dma()));
    sink = new ChainStream(port.memoryOr(context.memory().dma()));
    port.plug(this);
    share.attach(this);
  }

  @Override
  public int deviceId() {
    return DEVICE_ID;
  }

  @Override
  public long features() {
    return F_MOUNT_TAG;
  }

  @Override
  public int queues() {
    return 1;
  }

  @Override
  public int maxQueueSize(int index) {
    return index == 0 ? PendingRequests.MOST : 0;
  }

  @Override
  public int configSize() {
    return TAG + tag.length;
  }

  @Override
  public long readConfig(int offset, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      int at = offset + i;
      long octet = at < TAG ? tag.length >>> 8 * at & 0xFF : at < TAG + tag.length ? tag[at - TAG] & 0xFF : 0;
      value |= octet << i * 8;
    }
    return value;
  }

  @Override
  public void writeConfig(int offset, int size, long value) {}

  @Override
  public void accepted(long features) {}

  @Override
  public void notified(int index, Virtqueue queue) {
    take(queue);
  }

  /** Asks what the driver offers, as far as there is room to remember it; the rest stays in the queue until something is answered. */
  private void take(Virtqueue queue) {
    if (busy) {
      return;
    }
    busy = true;
    boolean refused = false;
    try {
      while (requests.hasRoom()) {
        Chain chain = queue.next();
        if (chain == null) {
          break;
        }
        int head = chain.head();
        byte[] request = request(chain);
        if (request == null) {
          queue.used(head, 0);
          refused = true;
        } else {
          share.request(requests.add(head, Message.tag(request, 0)), request);
        }
      }
    } finally {
      busy = false;
    }
    if (refused) {
      interrupt();
    }
  }

  /** The request of a chain; null if there is none in it. */
  private byte[] request(Chain chain) {
    source.over(chain, false);
    long there = source.remaining();
    if (there < Message.HEADER) {
      events.report("virtio-9p-bad-request", instance, "a request needs a header of " + Message.HEADER + " bytes");
      return null;
    }
    try {
      source.read(header, Message.HEADER);
      long size = Message.size(header, 0);
      if (size < Message.HEADER || size > there || size > Message.MOST) {
        events.report("virtio-9p-bad-request", instance, "a request says that it has " + size + " bytes, and " + there + " are there");
        return null;
      }
      byte[] request = new byte[(int) size];
      System.arraycopy(header, 0, request, 0, Message.HEADER);
      source.read(request, Message.HEADER, request.length - Message.HEADER);
      return request;
    } catch (ExternalAbort abort) {
      events.report("virtio-9p-bad-address", instance, "a request is outside of memory");
      return null;
    }
  }

  @Override
  public boolean answered(long id, byte[] bytes, int offset, int length) {
    int at = requests.find(id);
    if (id == 0 || at < 0) {
      return true; // the driver has reset the device meanwhile
    }
    VirtioTransport transport = port.transport();
    if (transport == null || busy) {
      return false;
    }
    Virtqueue queue = transport.queue(0);
    int head = requests.head(at);
    int name = requests.tag(at);
    requests.drop(at);
    if (queue == null) {
      return true;
    }
    busy = true;
    try {
      Chain chain = queue.again(head);
      if (chain != null) {
        queue.used(head, put(chain, name, bytes, offset, length));
      }
    } finally {
      busy = false;
    }
    interrupt();
    take(queue);
    return true;
  }

  /** Puts an answer into a chain. @param name the request's tag @return bytes written */
  private int put(Chain chain, int name, byte[] bytes, int offset, int length) {
    sink.over(chain, true);
    long room = sink.remaining();
    try {
      if (length == REFUSAL && room >= REFUSAL && Message.tag(bytes, offset) == Message.NO_TAG) {
        // Who didn't know the request, as it was asked before a snapshot, doesn't know its tag.
        sink.write(Message.error(name, bytes[offset + Message.HEADER] & 0xFF), REFUSAL);
        return REFUSAL;
      }
      if (room >= length) {
        sink.write(bytes, offset, length);
        return length;
      }
      events.report("virtio-9p-no-room", instance, "an answer has " + length + " bytes, and there is room for " + room);
      if (room >= REFUSAL) {
        sink.write(Message.error(name, TOO_LONG), REFUSAL);
        return REFUSAL;
      }
    } catch (ExternalAbort abort) {
      events.report("virtio-9p-bad-address", instance, "the room for an answer is outside of memory");
    }
    return 0;
  }

  private void interrupt() {
    VirtioTransport transport = port.transport();
    if (transport != null) {
      transport.interrupt(0);
    }
  }

  @Override
  public long[] pending() {
    return requests.pending();
  }

  @Override
  public void resetByDriver() {
    requests.clear();
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    requests.clear();
  }

  @Override
  public void removed() {
    share.detach(this);
    port.plug(null);
  }
}
