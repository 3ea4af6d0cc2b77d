// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.blk;

import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockPort;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.kit.Completions;

/**
 * A virtio disk with one queue. A request is carried out when it is notified; the driver sees it done after a fixed virtual
 * time, so that a run never depends on the host's disk.
 */
final class VirtioBlk implements DeviceModel, VirtioFunction {
  private static final int DEVICE_ID = 2;
  private static final int CONFIG_SIZE = 60;
  private static final int CAPACITY = 0;
  private static final int SEG_MAX = 12;
  private static final int BLK_SIZE = 20;
  private static final long F_SEG_MAX = 1 << 2;
  private static final long F_RO = 1 << 5;
  private static final long F_BLK_SIZE = 1 << 6;
  private static final long F_FLUSH = 1 << 9;
  private static final long F_DISCARD = 1 << 13;
  private static final long F_WRITE_ZEROES = 1 << 14;
  private static final int MAX_DISCARD_SECTORS = 36;
  private static final int MAX_DISCARD_SEG = 40;
  private static final int DISCARD_SECTOR_ALIGNMENT = 44;
  private static final int MAX_WRITE_ZEROES_SECTORS = 48;
  private static final int MAX_WRITE_ZEROES_SEG = 52;
  /** Sectors of 4 KiB, what file systems free; as the back end of PV disks has it. */
  private static final int ALIGNMENT = 8;
  /** Data segments that fit a chain beside header and status. */
  private static final int MOST_SEGMENTS = Completions.MOST - 2;
  /** How often to look for a transport that was taken away with completions under way. */
  private static final long RETRY = 1_000_000;
  /** Nanoseconds until the rest of what is too much for once is looked at. */
  private static final long PAUSE = 100_000;

  private final DeviceState state = new DeviceState();
  private final LongCell features = state.cell("features", 0);
  private final Completions completions = Completions.ofOneQueue(state);
  /** Head of the chain of a request that goes on, plus 1; 0 if none does. */
  private final LongCell goingOn = state.cell("request-head", 0);
  private final BlockRequests requests;
  private final BlockPort disk;
  private final VirtioPort port;
  private final Clock clock;
  private final Alarm alarm;
  private final long latency;

  VirtioBlk(DeviceContext context) {
    long microseconds = context.options().number("latency-us");
    if (microseconds < 0 || microseconds > 1_000_000) {
      throw new ModelException(context.instance() + ": option latency-us: expected 0 to 1000000, got " + microseconds);
    }
    latency = microseconds * 1000;
    clock = context.time().clock();
    disk = context.port(BlockPort.class);
    port = context.port(VirtioPort.class);
    state.added("request-head");
    requests = new BlockRequests(state, disk, port.memoryOr(context.memory().dma()), context.events(), context.instance());
    alarm = context.time().alarm("completion", this::complete);
    disk.onChange(this::diskChanged);
    port.plug(this);
  }

  private void diskChanged() {
    if (port.transport() != null) {
      port.transport().configChanged();
    }
  }

  @Override
  public int deviceId() {
    return DEVICE_ID;
  }

  @Override
  public long features() {
    BlockDevice device = disk.device();
    boolean readOnly = device != null && device.readOnly();
    return F_SEG_MAX | F_BLK_SIZE | F_FLUSH | (readOnly ? F_RO : F_DISCARD | F_WRITE_ZEROES);
  }

  @Override
  public int queues() {
    return 1;
  }

  @Override
  public int maxQueueSize(int index) {
    return index == 0 ? Completions.MOST : 0;
  }

  @Override
  public int configSize() {
    return CONFIG_SIZE;
  }

  @Override
  public long readConfig(int offset, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= configByte(offset + i) << i * 8;
    }
    return value;
  }

  private long configByte(int offset) {
    if (offset < CAPACITY + 8) {
      BlockDevice device = disk.device();
      return device == null ? 0 : device.sectors() >>> (offset - CAPACITY) * 8 & 0xFF;
    }
    return offset < CONFIG_SIZE ? word(offset & ~3) >>> (offset & 3) * 8 & 0xFF : 0;
  }

  /** A field of 32 bits; write_zeroes_may_unmap, at 56, is 0: zeroes are written. */
  private static int word(int offset) {
    return switch (offset) {
      case SEG_MAX -> MOST_SEGMENTS;
      case BLK_SIZE -> BlockDevice.SECTOR;
      case MAX_DISCARD_SECTORS, MAX_WRITE_ZEROES_SECTORS -> BlockRequests.MOST_SECTORS;
      case MAX_DISCARD_SEG, MAX_WRITE_ZEROES_SEG -> 1;
      case DISCARD_SECTOR_ALIGNMENT -> ALIGNMENT;
      default -> 0;
    };
  }

  @Override
  public void writeConfig(int offset, int size, long value) {}

  @Override
  public void accepted(long accepted) {
    features.value = accepted;
  }

  @Override
  public void notified(int index, Virtqueue queue) {
    take(queue);
  }

  /** Takes requests while there is room for their completions, and not more than can be done at once; the rest stays in the queue. */
  private void take(Virtqueue queue) {
    requests.accepts((features.value & F_DISCARD) != 0, (features.value & F_WRITE_ZEROES) != 0);
    requests.begin();
    while (!completions.isFull() && !requests.enough()) {
      Virtqueue.Chain chain = goingOn.isSet() ? queue.again((int) goingOn.value - 1) : queue.next();
      if (chain == null) {
        forget();
        break;
      }
      int head = chain.head();
      int written = requests.perform(chain);
      goingOn.value = written == BlockRequests.GOES_ON ? head + 1 : 0;
      if (!goingOn.isSet()) {
        completions.add(0, head, written, clock.now() + latency);
      }
    }
    long next = requests.enough() ? clock.now() + PAUSE : Long.MAX_VALUE;
    if (!completions.isEmpty()) {
      next = Math.min(next, completions.due());
    }
    if (next < alarm.deadline()) {
      alarm.at(next);
    }
  }

  /** No request goes on. */
  private void forget() {
    goingOn.value = 0;
    requests.forget();
  }

  private void complete() {
    VirtioTransport transport = port.transport();
    if (transport == null) {
      alarm.at(clock.now() + RETRY);
      return;
    }
    Virtqueue queue = transport.queue(0);
    if (queue == null) {
      completions.clear();
      forget();
      return;
    }
    while (!completions.isEmpty() && completions.due() <= clock.now()) {
      // Dropped first: a used ring that a driver put over device registers may reset this device while it is written.
      int written = completions.written();
      int head = completions.head();
      completions.drop();
      queue.used(head, written);
    }
    transport.interrupt(0);
    take(queue);
  }

  @Override
  public void resetByDriver() {
    features.value = 0;
    completions.clear();
    forget();
    alarm.cancel();
  }

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    alarm.cancel();
  }

  @Override
  public void removed() {
    disk.onChange(() -> {});
    port.plug(null);
  }
}
