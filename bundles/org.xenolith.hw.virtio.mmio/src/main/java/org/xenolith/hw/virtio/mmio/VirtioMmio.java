package org.xenolith.hw.virtio.mmio;

import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.ConfigGeneration;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DeviceFeatures;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DeviceFeaturesSel;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DeviceID;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DriverFeatures;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.DriverFeaturesSel;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.InterruptACK;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.InterruptStatus;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDescHigh;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDescLow;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDeviceHigh;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDeviceLow;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDriverHigh;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueDriverLow;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueNotify;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueNum;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueNumMax;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueReady;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.QueueSel;
import static org.xenolith.hw.virtio.mmio.VirtioMmioRegister.Status;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.RegisterFile;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;

/**
 * The MMIO transport, version 2 (the legacy layout is not built). What function is behind it is the node's
 * {@link VirtioPort}'s matter; while there is none, notifications are kept and passed on when one comes back.
 */
final class VirtioMmio implements DeviceModel, MmioHandler, VirtioTransport {
  private static final long CONFIG = 0x100;
  private static final long DRIVER_OK = 4;
  private static final long FEATURES_OK = 8;
  private static final long NEEDS_RESET = 0x40;
  private static final long USED_BUFFER = 1;
  private static final long CONFIG_CHANGE = 2;
  private static final long VERSION_1 = 1L << 32;
  /** What every function has because the transport and its queues do: indirect descriptors, event indexes, version 1. */
  private static final long OWN_FEATURES = VERSION_1 | 1L << 29 | 1L << 28;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<VirtioMmioRegister> registers;
  private final QueueStates queues = new QueueStates(state);
  private final SplitQueue[] queue = new SplitQueue[QueueStates.QUEUES];
  /** What the driver wrote to DriverFeatures, before it is accepted. */
  private final LongCell offered = state.cell("written-features", 0);
  /** Queues that were notified while no function was there. */
  private final LongCell missed = state.cell("missed-notifications", 0);
  private final VirtioPort port;
  private final InterruptLine line;
  private final Alarm resume;
  private final Clock clock;
  private final RegisterFaults faults;
  private final EventLog events;
  private final String instance;
  /** There was no transport just before: if this one gets a record, notifications made meanwhile went unheard. */
  private boolean returning;

  VirtioMmio(DeviceContext context) {
    faults = context.faults();
    events = context.events();
    instance = context.instance();
    clock = context.clock();
    registers = state.registers("registers", VirtioMmioRegister.class, faults);
    registers.onRead(DeviceID, () -> function() == null ? 0 : function().deviceId())
        .onRead(DeviceFeatures, () -> half(features(), DeviceFeaturesSel))
        .onWrite(DriverFeatures, this::writeFeatures)
        .onRead(QueueNumMax, () -> maximum((int) registers().get(QueueSel)))
        .onWrite(QueueNum, value -> setUp(q -> queues.size[q] = (int) Math.min(value, 0x8000)))
        .onRead(QueueReady, () -> chosen() < 0 ? 0 : queues.ready[chosen()])
        .onWrite(QueueReady, value -> selected(q -> enable(q, (value & 1) != 0)))
        .onWrite(QueueNotify, this::notified)
        .onWrite(InterruptACK, this::acknowledge)
        .onWrite(Status, this::writeStatus);
    addresses(QueueDescLow, QueueDescHigh, queues.descriptors);
    addresses(QueueDriverLow, QueueDriverHigh, queues.driver);
    addresses(QueueDeviceLow, QueueDeviceHigh, queues.device);
    for (int q = 0; q < queue.length; q++) {
      queue[q] = new SplitQueue(queues, q, context.dma(), this::broken);
    }
    resume = context.alarm("resume", this::resume);
    line = context.interrupts() > 0 ? context.interrupt(0) : null;
    port = context.port(VirtioPort.class);
    returning = port.transport() == null;
    port.connect(this);
    context.window(0, AccessRule.UP_TO_WORD, this);
  }

  private RegisterFile<VirtioMmioRegister> registers() {
    return registers;
  }

  private VirtioFunction function() {
    return port.function();
  }

  /** Does something to the selected queue, if there is one. */
  private interface QueueAction {
    void run(int q);
  }

  private int chosen() {
    long q = registers.get(QueueSel);
    return q < QueueStates.QUEUES ? (int) q : -1;
  }

  private void selected(QueueAction action) {
    int q = chosen();
    if (q >= 0) {
      action.run(q);
    }
  }

  /** 4.2.2.2: the driver must not change a queue that is ready. */
  private void setUp(QueueAction action) {
    selected(q -> {
      if (queues.ready[q] == 0) {
        action.run(q);
      }
    });
  }

  private void addresses(VirtioMmioRegister low, VirtioMmioRegister high, long[] address) {
    registers.onWrite(low, value -> setUp(q -> address[q] = address[q] & 0xFFFF_FFFF_0000_0000L | value))
        .onWrite(high, value -> setUp(q -> address[q] = address[q] & 0xFFFF_FFFFL | value << 32));
  }

  private int maximum(int q) {
    VirtioFunction function = function();
    return function == null || q < 0 || q >= Math.min(function.queues(), QueueStates.QUEUES) ? 0 : function.maxQueueSize(q);
  }

  private long features() {
    return function() == null ? 0 : function().features() | OWN_FEATURES;
  }

  private long half(long value, VirtioMmioRegister selector) {
    return switch ((int) registers.get(selector)) {
      case 0 -> value & 0xFFFF_FFFFL;
      case 1 -> value >>> 32;
      default -> 0;
    };
  }

  @Override public long read(long offset, int size) {
    if (offset >= CONFIG) {
      VirtioFunction function = function();
      return function == null || offset - CONFIG > Integer.MAX_VALUE ? 0 : function.readConfig((int) (offset - CONFIG), size);
    }
    int shift = ((int) offset & 3) * 8;
    return registers.read(offset & ~3L) >>> shift & (size == 4 ? 0xFFFF_FFFFL : (1L << size * 8) - 1);
  }

  @Override public void write(long offset, int size, long value) {
    if (offset >= CONFIG) {
      VirtioFunction function = function();
      if (function != null && offset - CONFIG <= Integer.MAX_VALUE) {
        function.writeConfig((int) (offset - CONFIG), size, value);
      }
    } else if (size != 4) {
      // 4.2.2.2: the driver must use aligned 32-bit accesses here.
      faults.report(RegisterFaults.Kind.BAD_VALUE, offset, value);
    } else {
      registers.write(offset, value);
    }
  }

  private void writeFeatures(long value) {
    if ((registers.get(Status) & FEATURES_OK) != 0) {
      return;
    }
    switch ((int) registers.get(DriverFeaturesSel)) {
      case 0 -> offered.value = offered.value & 0xFFFF_FFFF_0000_0000L | value;
      case 1 -> offered.value = offered.value & 0xFFFF_FFFFL | value << 32;
      default -> { }
    }
  }

  private void enable(int q, boolean on) {
    if (!on) {
      queues.ready[q] = 0;
    } else if (queues.ready[q] == 0) {
      if (!queues.wellFormed(q, maximum(q))) {
        faults.report(RegisterFaults.Kind.BAD_VALUE, QueueReady.spec().offset(), q);
        return;
      }
      queues.restart(q);
      queues.ready[q] = 1;
    }
  }

  private void notified(long q) {
    if (q < 0 || q >= QueueStates.QUEUES || (registers.get(Status) & DRIVER_OK) == 0 || queues.ready[(int) q] == 0) {
      return;
    }
    VirtioFunction function = function();
    if (function == null) {
      missed.value |= 1L << q;
    } else if (q < function.queues()) {
      function.notified((int) q, queue[(int) q]);
    }
  }

  private void acknowledge(long bits) {
    registers.bits(InterruptStatus, bits, false);
    drive();
  }

  private void writeStatus(long value) {
    long before = registers.get(Status);
    long status = value & 0xFF;
    if (status == 0) {
      resetByDriver();
      return;
    }
    if ((status & ~before & FEATURES_OK) != 0) {
      boolean acceptable = (offered.value & ~features()) == 0 && (offered.value & VERSION_1) != 0;
      if (acceptable) {
        queues.features.value = offered.value;
        function().accepted(offered.value & ~OWN_FEATURES);
      } else {
        status &= ~FEATURES_OK;
      }
    }
    // 2.1.1: the driver must not clear bits; NEEDS_RESET is the device's.
    registers.set(Status, status & ~NEEDS_RESET | before & NEEDS_RESET);
  }

  private void resetByDriver() {
    registers.set(Status, 0);
    registers.set(InterruptStatus, 0);
    offered.value = 0;
    missed.value = 0;
    queues.clear();
    resume.cancel();
    if (function() != null) {
      function().resetByDriver();
    }
    drive();
  }

  private void broken() {
    events.report("virtio-queue-broken", instance, "the driver's queue structures are malformed; the device needs a reset");
    registers.bits(Status, NEEDS_RESET, true);
    if ((registers.get(Status) & DRIVER_OK) != 0) {
      configChanged();
    }
  }

  @Override public Virtqueue queue(int index) {
    return index >= 0 && index < QueueStates.QUEUES && queues.ready[index] != 0 ? queue[index] : null;
  }

  @Override public void interrupt(int index) {
    if (queue[index].wantsInterrupt()) {
      registers.bits(InterruptStatus, USED_BUFFER, true);
      drive();
    }
  }

  @Override public void configChanged() {
    registers.set(ConfigGeneration, registers.get(ConfigGeneration) + 1 & 0xFFFF_FFFFL);
    if ((registers.get(Status) & DRIVER_OK) != 0) {
      registers.bits(InterruptStatus, CONFIG_CHANGE, true);
      drive();
    }
  }

  /** The function that comes is not ready yet: it may still get its state. What was missed is passed on after that. */
  @Override public void functionChanged() {
    if (function() != null && missed.isSet()) {
      resume.at(clock.now());
    }
  }

  private void resume() {
    long again = missed.value;
    missed.value = 0;
    for (int q = 0; q < QueueStates.QUEUES; q++) {
      if ((again >> q & 1) != 0) {
        notified(q);
      }
    }
  }

  private void drive() {
    if (line != null) {
      line.set(registers.get(InterruptStatus) != 0);
    }
  }

  @Override public DeviceState state() {
    return state;
  }

  @Override public void reset() {
    state.reset();
    resume.cancel();
    returning = false;
    drive();
  }

  /** Back after a removal it looks at all queues, as if each were notified: the driver may wait for what nobody heard. */
  @Override public void restored() {
    if (returning) {
      returning = false;
      for (int q = 0; q < QueueStates.QUEUES; q++) {
        missed.value |= (long) queues.ready[q] << q;
      }
      if (missed.isSet()) {
        resume.at(clock.now());
      }
    }
    drive();
  }

  @Override public void removed() {
    port.connect(null);
  }
}
