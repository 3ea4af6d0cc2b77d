// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.rng;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.DeviceState;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.api.Virtqueue.Chain;
import org.xenolith.virtio.kit.ChainStream;
import org.xenolith.virtio.kit.ChainService;

/** A virtio entropy device (Virtual I/O Device 1.2, 5.4): one queue, whose buffers are filled when they are notified. */
final class VirtioRng implements DeviceModel, VirtioFunction {
  /** Most bytes that one chain gets: it need not be filled (5.4.6.1), and a driver's mistake must not hold up the machine. */
  static final int MOST = 64 << 10;
  private static final int DEVICE_ID = 4;
  private static final int QUEUE_SIZE = 8;
  private static final int PIECE = 4096;

  private final DeviceState state = new DeviceState();
  private final SplitMix generator;
  private final VirtioPort port;
  private final EventLog events;
  private final String instance;
  private final ChainStream stream;
  private final ChainService work;
  private final byte[] piece = new byte[PIECE];

  VirtioRng(DeviceContext context) {
    generator = new SplitMix(state, context.options().number(VirtioRngComponent.SEED), context.node().path());
    events = context.events();
    instance = context.instance();
    port = context.port(VirtioPort.class);
    stream = new ChainStream(port.memoryOr(context.memory().dma()));
    work = new ChainService(port);
    port.plug(this);
  }

  @Override
  public int deviceId() {
    return DEVICE_ID;
  }

  @Override
  public long features() {
    return 0;
  }

  @Override
  public int queues() {
    return 1;
  }

  @Override
  public int maxQueueSize(int index) {
    return index == 0 ? QUEUE_SIZE : 0;
  }

  @Override
  public int configSize() {
    return 0;
  }

  @Override
  public long readConfig(int offset, int size) {
    return 0;
  }

  @Override
  public void writeConfig(int offset, int size, long value) {}

  @Override
  public void accepted(long accepted) {}

  @Override
  public void notified(int index, Virtqueue queue) {
    work.all(index, queue, this::fill);
  }

  /** Fills a chain. @return bytes written */
  private int fill(Chain chain) {
    stream.over(chain, true);
    int length = (int) Math.min(stream.remaining(), MOST);
    if (length == 0) {
      events.report("virtio-rng-no-room", instance, "a buffer for random bytes has no byte that may be written");
    }
    int done = 0;
    try {
      while (done < length) {
        int count = Math.min(length - done, PIECE);
        generator.fill(piece, count);
        stream.write(piece, count);
        done += count;
      }
    } catch (ExternalAbort abort) {
      events.report("virtio-rng-bad-address", instance, "a buffer for random bytes is outside of memory");
    }
    return done;
  }

  @Override
  public void resetByDriver() {}

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void removed() {
    port.plug(null);
  }
}
