// SPDX-License-Identifier: EPL-2.0
package org.xenolith.virtio.kit;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.EventLog;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.LongCell;
import org.xenolith.virtio.api.VirtioFunction;
import org.xenolith.virtio.api.VirtioPort;
import org.xenolith.virtio.api.VirtioTransport;
import org.xenolith.virtio.api.Virtqueue;

/**
 * What every virtio transport does (Virtual I/O Device 1.2, chapters 2 and 3): device status, features, split virtqueues and their
 * notifications, for the function at the {@link VirtioPort} of the node. A transport makes one, leads its registers to it and
 * carries its signals to the driver; its state is the transport's. While there is no function, notifications are kept and passed
 * on when one comes back. Of all its queues a function gets chains with {@link #DESCRIPTORS_AT_ONCE} descriptors at once; when they are
 * reached a queue has none for now, and the function is notified of it again within {@link #UNTIL_MORE}.
 */
public final class TransportCore implements VirtioTransport {
  private static final long LOW = 0xFFFF_FFFFL;
  /** Most queues of a function. */
  public static final int QUEUES = QueueStates.QUEUES;
  /** Descriptors of chains that a function gets before the machine goes on, but for those of the last chain. */
  public static final int DESCRIPTORS_AT_ONCE = DescriptorBudget.AT_ONCE;
  /** Nanoseconds of virtual time until there are as many more. */
  public static final long UNTIL_MORE = DescriptorBudget.PAUSE;
  private static final long DRIVER_OK = 4;
  private static final long FEATURES_OK = 8;
  private static final long NEEDS_RESET = 0x40;
  private static final long VERSION_1 = 1L << 32;
  /** What every function has because the transport and its queues do: indirect descriptors, event indexes, version 1. */
  private static final long OWN_FEATURES = VERSION_1 | 1L << 29 | 1L << 28;
  /**
   * What every function has at a legacy transport, which has no version 1: indirect descriptors and event indexes, and that a request may be
   * cut into buffers anywhere (6.3).
   */
  private static final long LEGACY_FEATURES = 1L << 29 | 1L << 28 | 1L << 27;
  /** Feature of a transport whose addresses may be translated: the driver must give those that the device is to use (6.1). */
  public static final long ACCESS_PLATFORM = 1L << 33;

  private final QueueStates queues;
  private final SplitQueue[] queue = new SplitQueue[QUEUES];
  private final LongCell status;
  private final LongCell generation;
  /** What the driver wrote as its features, before it is accepted. */
  private final LongCell offered;
  private final VirtioPort port;
  private final Signals signals;
  private final LateNotifications late;
  private final EventLog events;
  private final String instance;
  private final long ownFeatures;
  private final boolean legacy;
  /** There was no transport just before: if this one gets a record, notifications made meanwhile went unheard. */
  private boolean returning;

  /** What the transport does for its core. */
  @ConsumerType
  public interface Signals {
    /** The driver is to hear of used buffers of queue {@code index}. */
    void usedBuffer(int index);

    /** The driver is to hear of a changed configuration. */
    void configChange();

    /** The driver reset the device: what was signalled and not seen is void. */
    void deviceReset();

    /** A function was plugged in or out. */
    default void functionChanged() {}
  }

  /** An area of a queue, by its name in the specification (2.7). */
  public enum Area {
    /** The descriptor table. */
    DESCRIPTOR,
    /** The available ring. */
    DRIVER,
    /** The used ring. */
    DEVICE
  }

  /**
   * Connects a transport to the port of its node.
   *
   * @param state   the transport's state, of which this becomes a part
   * @param dma     memory as queues are read and written, and what functions are to reach of it
   * @param features of the transport, beside those that all have: {@link #ACCESS_PLATFORM} or 0
   * @param signals the transport
   */
  public TransportCore(DeviceContext context, DeviceState state, DmaPort dma, long features, Signals signals) {
    this(context, state, dma, OWN_FEATURES | features, false, signals);
  }

  /**
   * Connects a legacy transport to the port of its node: the interface of devices before version 1 of the specification, in which features
   * have 32 bits and hold as soon as they are written, the areas of a queue follow from one address ({@link #place}), and a driver may use
   * the device before it says that it is ready (3.1.2).
   *
   * @param state   the transport's state, of which this becomes a part
   * @param dma     memory as queues are read and written, and what functions are to reach of it
   * @param signals the transport
   */
  public static TransportCore legacy(DeviceContext context, DeviceState state, DmaPort dma, Signals signals) {
    return new TransportCore(context, state, dma, LEGACY_FEATURES, true, signals);
  }

  private TransportCore(DeviceContext context, DeviceState state, DmaPort dma, long ownFeatures, boolean legacy, Signals signals) {
    this.ownFeatures = ownFeatures;
    this.legacy = legacy;
    this.signals = Objects.requireNonNull(signals);
    events = context.events();
    instance = context.instance();
    queues = new QueueStates(state);
    status = state.cell("status", 0);
    generation = state.cell("config-generation", 0);
    offered = state.cell("written-features", 0);
    late = new LateNotifications(state, context.time(), this::notified);
    DescriptorBudget budget = new DescriptorBudget(state, context.time().clock(), late);
    for (int q = 0; q < QUEUES; q++) {
      queue[q] = new SplitQueue(queues, q, dma, budget, this::broken);
    }
    port = context.port(VirtioPort.class);
    returning = port.transport() == null;
    port.connect(this, dma);
  }

  /** The function behind the transport, or null. */
  public VirtioFunction function() {
    return port.function();
  }

  // ---- Features and status

  private long features() {
    long all = function() == null ? 0 : function().features() | ownFeatures;
    return legacy ? all & LOW : all;
  }

  /** 32 of the offered features. @param select 0 for features 0 to 31, 1 for 32 to 63; else none */
  public long features(long select) {
    return select == 0 ? features() & 0xFFFF_FFFFL : select == 1 ? features() >>> 32 : 0;
  }

  /** The driver writes 32 of the features it accepts, as long as it may. @param select as in {@link #features} */
  public void accept(long select, long value) {
    if (legacy) {
      acceptAtOnce(select, value);
    } else if ((status.value & FEATURES_OK) == 0) {
      if (select == 0) {
        offered.value = offered.value & 0xFFFF_FFFF_0000_0000L | value & 0xFFFF_FFFFL;
      } else if (select == 1) {
        offered.value = offered.value & 0xFFFF_FFFFL | value << 32;
      }
    }
  }

  /** A legacy driver isn't asked whether it can do without a feature: what isn't offered it doesn't get (2.2.3). */
  private void acceptAtOnce(long select, long value) {
    if (select != 0 || (status.value & DRIVER_OK) != 0) {
      return;
    }
    if ((value & LOW & ~features()) != 0) {
      events.report("virtio-bad-features", instance, "a legacy driver accepts features that aren't offered, 0x"
          + Long.toHexString(value & LOW & ~features()) + "; it goes without them");
    }
    offered.value = value & features();
    queues.features.value = offered.value;
    if (function() != null) {
      function().accepted(offered.value & ~ownFeatures);
    }
  }

  /** 32 of the features that the driver wrote. @param select as in {@link #features} */
  public long accepted(long select) {
    return select == 0 ? offered.value & 0xFFFF_FFFFL : select == 1 ? offered.value >>> 32 : 0;
  }

  /** Device status (2.1). */
  public long status() {
    return status.value;
  }

  /** The driver writes the device status; 0 resets the device. */
  public void status(long value) {
    long before = status.value;
    long next = value & 0xFF;
    if (next == 0) {
      resetDevice();
      return;
    }
    if (!legacy && (next & ~before & FEATURES_OK) != 0) {
      boolean acceptable = (offered.value & ~features()) == 0 && (offered.value & VERSION_1) != 0;
      if (acceptable) {
        queues.features.value = offered.value;
        function().accepted(offered.value & ~ownFeatures);
      } else {
        next &= ~FEATURES_OK;
      }
    }
    // 2.1.1: the driver must not clear bits; NEEDS_RESET is the device's.
    status.value = next & ~NEEDS_RESET | before & NEEDS_RESET;
  }

  /** A device reset (2.4), by the driver or the transport's bus. */
  public void resetDevice() {
    status.value = 0;
    offered.value = 0;
    queues.clear();
    late.clear();
    if (function() != null) {
      function().resetByDriver();
    }
    signals.deviceReset();
  }

  private void broken() {
    events.report("virtio-queue-broken", instance, "the driver's queue structures are malformed; the device needs a reset");
    if (legacy) {
      return; // Its driver knows no such status (2.1.2).
    }
    status.value |= NEEDS_RESET;
    if ((status.value & DRIVER_OK) != 0) {
      configChanged();
    }
  }

  /** Changes whenever the configuration may have. */
  public long generation() {
    return generation.value;
  }

  // ---- Queues

  private static boolean isQueue(long q) {
    return q >= 0 && q < QUEUES;
  }

  /** Queues that there are. */
  public int queues() {
    return function() == null ? 0 : Math.min(function().queues(), QUEUES);
  }

  /** Largest size of a queue; 0 if there is no such queue. */
  public int maximum(long q) {
    return q < 0 || q >= queues() ? 0 : function().maxQueueSize((int) q);
  }

  /** Size of a queue; 0 before the driver chose. */
  public int size(long q) {
    return isQueue(q) ? queues.size[(int) q] : 0;
  }

  /** The driver chooses the size of a queue; not while it is enabled. */
  public void size(long q, long value) {
    if (canSetUp(q)) {
      queues.size[(int) q] = (int) Math.min(value, 0x8000);
    }
  }

  private boolean canSetUp(long q) {
    return isQueue(q) && queues.ready[(int) q] == 0;
  }

  private long[] area(Area area) {
    return switch (area) {
      case DESCRIPTOR -> queues.descriptors;
      case DRIVER -> queues.driver;
      case DEVICE -> queues.device;
    };
  }

  /** Where an area of a queue is. */
  public long address(long q, Area area) {
    return isQueue(q) ? area(area)[(int) q] : 0;
  }

  /** The driver writes half of where an area of a queue is; not while it is enabled. */
  public void address(long q, Area area, boolean high, long half) {
    if (canSetUp(q)) {
      long[] addresses = area(area);
      long old = addresses[(int) q];
      addresses[(int) q] = high ? old & 0xFFFF_FFFFL | half << 32 : old & 0xFFFF_FFFF_0000_0000L | half & 0xFFFF_FFFFL;
    }
  }

  /** Whether a queue is enabled. */
  public boolean ready(long q) {
    return isQueue(q) && queues.ready[(int) q] != 0;
  }

  /** The driver enables or disables a queue. @return false if it has set it up so that it can't be used (2.7) */
  public boolean ready(long q, boolean on) {
    if (!on && isQueue(q)) {
      queues.ready[(int) q] = 0;
    } else if (on && canSetUp(q)) {
      if (!queues.wellFormed((int) q, maximum(q))) {
        return false;
      }
      queues.restart((int) q);
      queues.ready[(int) q] = 1;
    }
    return true;
  }

  /**
   * A legacy driver says where a queue of the size that it has is, which enables it, or takes it away (2.7.2): the descriptor table, the
   * available ring behind it, and the used ring at the next multiple of the alignment.
   *
   * @param address of the descriptor table; 0 to take it away
   * @param align   a power of two
   * @return false if there can't be such a queue
   */
  public boolean place(long q, long address, long align) {
    if (!isQueue(q)) {
      return false;
    }
    int index = (int) q;
    queues.ready[index] = 0;
    long ringEnd = address + 16L * queues.size[index] + 2L * (3 + queues.size[index]);
    queues.descriptors[index] = address;
    queues.driver[index] = address == 0 ? 0 : address + 16L * queues.size[index];
    queues.device[index] = address == 0 ? 0 : ringEnd + align - 1 & -align;
    return address == 0 || Long.bitCount(align) == 1 && ready(q, true);
  }

  /** The driver tells of buffers in a queue. */
  public void notified(long q) {
    if (!isInUse(q)) {
      return;
    }
    VirtioFunction function = function();
    if (function == null) {
      late.keep((int) q);
    } else if (q < function.queues()) {
      function.notified((int) q, queue[(int) q]);
    }
  }

  // ---- What the function asks

  @Override
  public @Nullable Virtqueue queue(int index) {
    return isInUse(index) ? queue[index] : null;
  }

  /** 3.1.1: before DRIVER_OK the device must not use any buffer; a legacy driver may have it used all the same. */
  private boolean isInUse(long q) {
    return ready(q) && (legacy || (status.value & DRIVER_OK) != 0);
  }

  @Override
  public boolean legacy() {
    return legacy;
  }

  @Override
  public void interrupt(int index) {
    if (queue[index].wantsInterrupt()) {
      signals.usedBuffer(index);
    }
  }

  @Override
  public void configChanged() {
    generation.value = generation.value + 1 & 0xFFFF_FFFFL;
    if ((status.value & DRIVER_OK) != 0) {
      signals.configChange();
    }
  }

  /** The function that comes is not ready yet: it may still get its state. What was missed is passed on after that. */
  @Override
  public void functionChanged() {
    if (function() != null) {
      late.passOnNow();
    }
    signals.functionChanged();
  }

  // ---- The model's life

  /** The model was reset, and its state with it. */
  public void reset() {
    late.reset();
    returning = false;
  }

  /**
   * The state was restored. Back after a removal the core looks at all queues, as if each were notified: the driver may wait for
   * what nobody heard.
   */
  public void restored() {
    if (returning) {
      returning = false;
      for (int q = 0; q < QUEUES; q++) {
        if (queues.ready[q] != 0) {
          late.keep(q);
        }
      }
      late.passOnNow();
    }
  }

  /** The model was removed. */
  public void removed() {
    port.connect(null);
  }
}
