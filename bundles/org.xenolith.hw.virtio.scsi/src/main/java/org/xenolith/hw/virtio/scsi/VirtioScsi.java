// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.virtio.scsi;

import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockUnitsPort;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ModelException;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.scsi.kit.ScsiTarget;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;
import org.xenolith.virtio.kit.Completions;
import org.xenolith.virtio.kit.ChainService;
import org.xenolith.virtio.kit.TransportCore;

/**
 * A virtio SCSI host: control, event and request queues in front of a {@link ScsiTarget}. A command is carried out when it is notified; the
 * driver sees it done after a fixed virtual time, so that a run never depends on the host's disks.
 */
final class VirtioScsi implements DeviceModel, VirtioFunction {
  static final int CONTROL = 0;
  static final int EVENTS = 1;
  static final int REQUESTS = 2;
  /** How many targets there may be. */
  static final int TARGETS = 64;
  private static final int DEVICE_ID = 8;
  private static final int CONTROL_SIZE = 64;
  private static final long F_HOTPLUG = 1 << 1;
  private static final int MOST_QUEUES = TransportCore.QUEUES - REQUESTS;
  private static final int MOST_LATENCY = 1_000_000;
  /** How often to look for a transport that was taken away with completions under way. */
  private static final long RETRY = 1_000_000;
  /** Bytes of media that commands of a queue are about before the machine goes on, and nanoseconds until the rest is looked at. */
  static final long AT_ONCE = 8 << 20;
  private static final long PAUSE = 100_000;

  private final DeviceState state = new DeviceState();
  private final LongCell features = state.cell("features", 0);
  private final Completions completions = Completions.ofQueues(state);
  private final Settings settings;
  private final ScsiTarget target;
  private final ScsiRequests commands;
  private final TaskManagement management;
  private final UnitEvents unitEvents;
  private final BlockUnitsPort units;
  private final BlockDevice[] known = new BlockDevice[TARGETS];
  private final VirtioPort port;
  private final Clock clock;
  private final Alarm alarm;
  private final EventLog events;
  private final String instance;
  private final long latency;
  private final int requestQueues;
  private boolean busy;
  /** Whether a queue has requests that were too much for once; the alarm is set for them before this is left. */
  private boolean waits;
  private int resets;

  VirtioScsi(DeviceContext context) {
    instance = context.instance();
    events = context.events();
    latency = option(context, VirtioScsiComponent.LATENCY, 0, MOST_LATENCY) * 1000;
    requestQueues = (int) option(context, VirtioScsiComponent.QUEUES, 1, MOST_QUEUES);
    clock = context.time().clock();
    port = context.port(VirtioPort.class);
    units = context.port(BlockUnitsPort.class);
    DmaPort memory = port.memoryOr(context.memory().dma());
    settings = new Settings(state, requestQueues, Completions.MOST, TARGETS);
    target = new ScsiTarget(state, units, TARGETS, events, context.node().path());
    commands = new ScsiRequests(target, settings, memory, events, instance);
    management = new TaskManagement(target, memory, events, instance);
    unitEvents = new UnitEvents(state, TARGETS, EVENTS, new ChainService(port), memory, events, instance);
    alarm = context.time().alarm("completion", this::complete);
    look();
    units.onChange(this::unitsChanged);
    port.plug(this);
  }

  private static long option(DeviceContext context, String name, int least, int most) {
    long value = context.options().number(name);
    if (value < least || value > most) {
      throw new ModelException(context.instance() + ": option " + name + ": expected " + least + " to " + most + ", got " + value);
    }
    return value;
  }

  // ---- Units that come and go

  private void look() {
    for (int i = 0; i < TARGETS; i++) {
      known[i] = units.unit(i).device();
    }
  }

  private void unitsChanged() {
    for (int i = 0; i < TARGETS; i++) {
      BlockDevice now = units.unit(i).device();
      if (now != known[i]) {
        known[i] = now;
        target.attached(i);
        if ((features.value & F_HOTPLUG) != 0) {
          unitEvents.changed(i, now != null);
        }
      }
    }
    unitEvents.tell();
  }

  // ---- The function

  @Override
  public int deviceId() {
    return DEVICE_ID;
  }

  @Override
  public long features() {
    return F_HOTPLUG;
  }

  @Override
  public int queues() {
    return REQUESTS + requestQueues;
  }

  @Override
  public int maxQueueSize(int index) {
    return index < 0 || index >= queues() ? 0 : index < REQUESTS ? CONTROL_SIZE : Completions.MOST;
  }

  @Override
  public int configSize() {
    return Settings.LENGTH;
  }

  @Override
  public long readConfig(int offset, int size) {
    return settings.read(offset, size);
  }

  @Override
  public void writeConfig(int offset, int size, long value) {
    if (!settings.write(offset, size, value)) {
      events.report("virtio-scsi-bad-config", instance, size + " bytes at " + offset + ": 0x" + Long.toHexString(value)
          + " can't be; only sense_size and cdb_size can be written, up to 255");
    }
  }

  @Override
  public void accepted(long accepted) {
    features.value = accepted;
  }

  @Override
  public void notified(int index, Virtqueue queue) {
    if (index == EVENTS) {
      unitEvents.tell();
    } else {
      take(index, queue);
      settle();
    }
  }

  /**
   * Takes requests while there is room for their completions, and until they are enough for once; the rest stays in the queue. A driver may put a buffer over this device's own
   * registers: what is begun in the middle of a request is left for later, and a request that resets the device has no completion.
   */
  private void take(int index, Virtqueue queue) {
    if (busy) {
      return;
    }
    busy = true;
    long left = AT_ONCE;
    try {
      while (!completions.isFull()) {
        if (left <= 0) {
          waits = true;
          break;
        }
        Virtqueue.Chain chain = queue.next();
        if (chain == null) {
          break;
        }
        int head = chain.head();
        int before = resets;
        int written = index == CONTROL ? management.perform(chain) : commands.perform(chain);
        left -= index == CONTROL ? 0 : commands.worked();
        if (resets == before) {
          completions.add(index, head, written, clock.now() + latency);
        }
      }
    } finally {
      busy = false;
    }
  }

  private void settle() {
    long next = waits ? clock.now() + PAUSE : Long.MAX_VALUE;
    waits = false;
    if (!completions.isEmpty()) {
      next = Math.min(next, completions.due());
    }
    if (next < alarm.deadline()) {
      alarm.at(next);
    }
  }

  private void complete() {
    VirtioTransport transport = port.transport();
    if (transport == null) {
      alarm.at(clock.now() + RETRY);
      return;
    }
    int told = 0;
    while (!completions.isEmpty() && completions.due() <= clock.now()) {
      // Dropped first: a used ring that a driver put over device registers may reset this device while it is written.
      int index = completions.queue();
      int written = completions.written();
      int head = completions.head();
      completions.drop();
      Virtqueue queue = transport.queue(index);
      if (queue != null) {
        queue.used(head, written);
        told |= 1 << index;
      }
    }
    for (int index = 0; index < queues(); index++) {
      Virtqueue queue = index == EVENTS ? null : transport.queue(index);
      if ((told >> index & 1) != 0 && queue != null) {
        transport.interrupt(index);
      }
      if (queue != null) {
        take(index, queue);
      }
    }
    settle();
  }

  @Override
  public void resetByDriver() {
    resets++;
    features.value = 0;
    completions.clear();
    settings.clear();
    unitEvents.clear();
    target.resetAll();
    alarm.cancel();
  }

  // ---- The model's life

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
    units.onChange(() -> {});
    port.plug(null);
  }
}
