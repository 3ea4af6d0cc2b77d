// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.processors;

import java.util.List;
import java.util.function.Consumer;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.kit.Exits;
import org.xenolith.machine.kit.Processor;
import org.xenolith.machine.kit.ProcessorContext;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.machine.offers.Offers;
import org.xenolith.machine.offers.ProcessorOffer;
import org.xenolith.machine.places.NodeOptions;
import org.xenolith.machine.time.NodeClock;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** One CPU node's place in the machine: makes its processor, and is what that is given of the machine. */
public final class ProcessorSlot implements ProcessorContext {
  private final Hardware hardware;
  private final PlatformNode node;
  private final int index;
  private final RamBus bus;
  private final Consumer<Processor> scheduler;
  private final NodeClock clock;
  private DeviceOptions options;
  private Processor processor;

  /** @param scheduler told of a processor that became able to run */
  public ProcessorSlot(Hardware hardware, PlatformNode node, int index, RamBus bus, Consumer<Processor> scheduler) {
    this.hardware = hardware;
    this.node = node;
    this.index = index;
    this.bus = bus;
    this.scheduler = scheduler;
    clock = hardware.clocks.of(node.path());
  }

  /**
   * Makes the processor.
   *
   * @throws ModelException if nobody makes one for the node, or who does can't
   */
  public Processor make(Offers offers) {
    ProcessorOffer offer = offers.forCpu(node);
    if (offer == null) {
      throw new ModelException(node.path() + ": no bundle makes a CPU that is compatible with " + (node.compatible().isEmpty()
          ? "nothing; say what it is, such as compatible = \"arm,armv8\"" : node.compatible()
              + "; install one, or add what it is besides, such as"
              + " \"arm,armv8\""));
    }
    try {
      ModelDescription description = offer.factory().description();
      NodeOptions.check(node, description.options().stream().map(ModelDescription.Option::name).toList());
      options = new NodeOptions(node, node.path(), description);
      processor = offer.factory().create(this);
    } catch (ModelException | RamExhausted refused) {
      throw refused;
    } catch (Throwable bug) {
      ModelException named = new ModelException(node.path() + ": " + offer.provider() + " can't make the CPU: " + bug);
      named.initCause(bug);
      throw named;
    }
    return processor;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public PlatformNode node() {
    return node;
  }

  @Override
  public Platform platform() {
    return hardware.platform;
  }

  @Override
  public DeviceOptions options() {
    return options;
  }

  @Override
  public RamBus bus() {
    return bus;
  }

  @Override
  public List<? extends Processor> processors() {
    return hardware.cpus;
  }

  @Override
  public void wake() {
    scheduler.accept(processor);
  }

  @Override
  public long nanoseconds() {
    return hardware.clock.nanosecondEach() && hardware.clocks.steady() ? clock.now() : -1;
  }

  @Override
  public long now() {
    return clock.now();
  }

  @Override
  public long due(long nanoseconds) {
    return clock.due(nanoseconds);
  }

  @Override
  public void clockMoves(Runnable listener) {
    clock.onFault(listener);
  }

  @Override
  public Exits exits() {
    return hardware.exits;
  }

  @Override
  public EventLog events() {
    return hardware.events;
  }
}
