// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xenolith.arm.api.SmcccHandler;
import org.xenolith.machine.api.DeviceBus;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceLines;
import org.xenolith.machine.api.DeviceMemory;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.machine.api.DeviceProcessors;
import org.xenolith.machine.api.DeviceTime;
import org.xenolith.machine.api.DmaTranslator;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.RegisterFaults;
import org.xenolith.regs.StateRecord;

/**
 * A device context without a machine, for unit tests of one model: lines remember their levels, time is moved by hand,
 * DMA goes to a flat RAM, CPUs remember what is done to them. Guest accesses are made with {@link #read} and
 * {@link #write}, which apply the window's access rule as the machine does.
 */
public final class FakeContext implements DeviceContext {
  private final PlatformNode node;
  private final String suffix;
  private final Environment environment;
  private final FakeWindows windows;
  private final FakeAlarms alarms;
  private final FakeFacets facets;
  private final List<Fault> faults = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private ModelDescription description = new ModelDescription("fake", "", "");
  private @Nullable Supplier<FakeContext> takeover;
  private int untilTakeover;
  private @Nullable FakeContext heir;
  private DeviceOrigin origin = DeviceOrigin.POWER_ON;

  /** What a requester wrote to where there is no RAM: a message-signalled interrupt. */
  public record Message(int requester, long address, int size, long value) {}

  /** A guest access that the model reported as not covered. */
  public record Fault(RegisterFaults.Kind kind, long offset, long value) {}

  /** An event that the model reported. */
  public record Event(String kind, String place, String text) {}

  private FakeContext(PlatformNode node, String suffix, Environment environment) {
    this.node = node;
    this.suffix = suffix;
    this.environment = environment;
    windows = new FakeWindows(instance(), node.windows());
    alarms = new FakeAlarms(instance(), environment.clock);
    facets = new FakeFacets(this, environment, windows, alarms);
    environment.add(node);
  }

  /** A context for a model at {@code node} of a machine with one CPU. */
  public FakeContext(PlatformNode node) {
    this(node, 1);
  }

  /** A context for a model at {@code node} of a machine with {@code cpus} CPUs, the first one powered on. */
  public FakeContext(PlatformNode node, int cpus) {
    this(node, "", new Environment());
    for (int i = 0; i < cpus; i++) {
      environment.cpus.add(new FakeCpu(i));
    }
  }

  /** Makes a model with this context and resets it, as the machine does: at power-on, or where another one was before. */
  public DeviceModel create(DeviceModelFactory factory) {
    description = factory.description();
    DeviceModel model = factory.create(this);
    model.reset();
    return model;
  }

  /**
   * Makes a model with this context that goes on from a record, as the machine does: it isn't reset.
   *
   * @param from whether it takes over or comes back
   * @param old  the context of the model before, whose alarms are armed again
   */
  public DeviceModel create(DeviceModelFactory factory, DeviceOrigin from, StateRecord record, FakeContext old) {
    description = factory.description();
    origin = from;
    DeviceModel model = factory.create(this);
    model.state().restore(record);
    takeAlarms(old);
    model.restored();
    return model;
  }

  /** Puts a snapshot's record into a model that was made with this context; its alarms are the test's. */
  public void restore(DeviceModel model, StateRecord record) {
    origin = DeviceOrigin.SNAPSHOT;
    model.state().restore(record);
    model.restored();
  }

  /** Says whose options {@link #options} look up; needed where no factory is used. */
  public FakeContext describedBy(ModelDescription modelDescription) {
    description = modelDescription;
    return this;
  }

  /**
   * Closes this context and makes one for the next model of the same node, in the same environment: lines with their levels,
   * time, memory, ports, CPUs without this model's claims. The old alarms are disarmed.
   */
  public FakeContext successor() {
    FakeContext next = new FakeContext(node, suffix, environment);
    next.description = description;
    next.origin = DeviceOrigin.ADDED;
    alarms.drop();
    environment.cpus.forEach(FakeCpu::unclaim);
    return next;
  }

  /**
   * A context for another model of the same node, such as another subsystem of a hypervisor: its instance is the node's path
   * and the suffix, the environment are the same.
   */
  public FakeContext sibling(String instanceSuffix) {
    return new FakeContext(node, instanceSuffix, environment);
  }

  /** A context for a model of another node in the same environment, such as a function on the bus of a bridge. */
  public FakeContext at(PlatformNode other) {
    return new FakeContext(other, "", environment);
  }

  /**
   * Lets another model of the node take over between two of a guest's accesses: this one and those after it go there, though whoever
   * makes them has this context.
   *
   * @param accesses how many are made before
   * @param takeover gives the context of the model that takes over, see {@link #successor}
   */
  public void afterAccesses(int accesses, Supplier<FakeContext> takeover) {
    untilTakeover = accesses;
    this.takeover = takeover;
    heir = null;
  }

  /** Whether what {@link #afterAccesses} announced has come. */
  public boolean takenOver() {
    return heir != null;
  }

  private FakeContext at() {
    if (takeover != null && untilTakeover-- == 0) {
      Supplier<FakeContext> now = takeover;
      takeover = null;
      heir = now.get();
    }
    return heir == null ? this : heir.at();
  }

  /** Where the windows are that the model has claimed: those of {@code reg} and others. */
  public List<AddressWindow> claims() {
    return windows.ranges();
  }

  /** Adds nodes to the platform that have no model here, such as an interrupt controller that is only named. */
  public FakeContext beside(PlatformNode... others) {
    environment.nodes.addAll(List.of(others));
    return this;
  }

  /** Arms the alarms of this context as those of {@code old} were, in the same order, and no others. */
  public void takeAlarms(FakeContext old) {
    alarms.take(old.alarms);
  }

  /** Names and deadlines of all alarms, {@link Long#MAX_VALUE} for disarmed ones. */
  public Map<String, Long> deadlines() {
    return alarms.deadlines();
  }

  /** A guest's read of {@code size} bytes at {@code offset} of a window; one that leaves the window fails the test. */
  public long read(int window, long offset, int size) {
    FakeContext at = at();
    return environment.access.answer(() -> at.windows.read(window, offset, size));
  }

  /** A guest's write of {@code size} bytes at {@code offset} of a window; one that leaves the window fails the test. */
  public void write(int window, long offset, int size, long value) {
    FakeContext at = at();
    environment.access.answer(() -> {
      at.windows.write(window, offset, size, value);
      return 0;
    });
  }

  /** A guest's read at an address of any window that the model has claimed. */
  public long readAt(long address, int size) {
    FakeContext at = at();
    return environment.access.answer(() -> at.windows.readAt(address, size));
  }

  /** A guest's write at an address of any window that the model has claimed. */
  public void writeAt(long address, int size, long value) {
    FakeContext at = at();
    environment.access.answer(() -> {
      at.windows.writeAt(address, size, value);
      return 0;
    });
  }

  /** A bus master's write to a window that takes messages. */
  public void message(int window, long device, long offset, long value) {
    environment.access.message(device, () -> windows.message(window, device, offset, value));
  }

  /** What requesters have sent, of all contexts of the environment; the list may be cleared. */
  public List<Message> sentMessages() {
    return environment.messages;
  }

  /** The translator that the model is. */
  public DmaTranslator translator() {
    if (facets.translator == null) {
      throw new AssertionError(instance() + ": translates nothing");
    }
    return facets.translator;
  }

  /** A guest's 32-bit read in window 0. */
  public long read(long offset) {
    return read(0, offset, 4);
  }

  /** A guest's 32-bit write in window 0. */
  public void write(long offset, long value) {
    write(0, offset, 4, value);
  }

  /** Whether the model claimed window {@code index}. */
  public boolean claimed(int index) {
    return windows.claimed(index);
  }

  @Override
  public PlatformNode node() {
    return node;
  }

  /** A platform with a root, this node and those that were added. */
  @Override
  public Platform platform() {
    return environment.platform();
  }

  @Override
  public String instance() {
    return node.path() + suffix;
  }

  @Override
  public DeviceOrigin origin() {
    return origin;
  }

  @Override
  public DeviceOptions options() {
    return facets;
  }

  @Override
  public DeviceBus bus() {
    return facets;
  }

  @Override
  public DeviceLines lines() {
    return facets;
  }

  @Override
  public DeviceTime time() {
    return facets;
  }

  @Override
  public DeviceMemory memory() {
    return facets;
  }

  @Override
  public DeviceProcessors processors() {
    return facets;
  }

  /** The line to an interrupt that isn't in the node's {@code interrupts}. */
  public FakeLine line(InterruptSpecifier specifier) {
    return environment.line(specifier);
  }

  /** All lines of the environment that were asked for so far. */
  List<FakeLine> allLines() {
    return environment.lines();
  }

  /** The line of the node's {@code interrupts} entry {@code index}. */
  public FakeLine interrupt(int index) {
    return interrupt(index, -1);
  }

  /** The line of entry {@code index} at CPU {@code cpu}'s private input. */
  public FakeLine interrupt(int index, int cpu) {
    if (index < 0 || index >= node.interrupts().size()) {
      throw new ModelException(instance() + ": interrupts has no entry " + index);
    }
    return environment.line(index, cpu);
  }

  /** Lets the platform have a node whose interrupt is {@code cells} of this controller; before the model is made. */
  public FakeContext incoming(int... cells) {
    environment.incoming.add(new InterruptSpecifier(node.path(), cells));
    return this;
  }

  /** The inputs of the interrupt controller that the model is. */
  public InterruptInputs inputs() {
    if (facets.inputs == null) {
      throw new AssertionError(instance() + ": not an interrupt controller");
    }
    return facets.inputs;
  }

  /** Virtual time, which the test moves. */
  public FakeClock clock() {
    return environment.clock;
  }

  /** The RAM behind the device's DMA. */
  public FakeMemory dma() {
    return environment.memory;
  }

  /** The CPUs, which remember what is done to them. */
  public List<FakeCpu> cpus() {
    return environment.cpus;
  }

  /** Says what software on a CPU sees as the physical address space; the RAM behind DMA if nothing is said. */
  public void physical(IntFunction<PhysicalBus> busOfCpu) {
    environment.physical = busOfCpu;
  }

  /** Sets which CPU the following accesses come from, 0 at first. */
  public void initiator(int cpu) {
    environment.access.cpu = cpu;
  }

  /**
   * Sets how the following accesses are made; non-secure and privileged at first.
   *
   * @param secure     whether they are made in the secure physical address space
   * @param privileged whether the CPU is at a level above that of applications, and doesn't ask for an unprivileged access
   * @return whether they were secure before
   */
  public boolean protection(boolean secure, boolean privileged) {
    boolean before = environment.access.secure;
    environment.access.secure = secure;
    environment.access.privileged = privileged;
    return before;
  }

  /**
   * A firmware call of a CPU through this model's handlers; x0 is -1 (NOT_SUPPORTED) if none answers.
   *
   * @param arguments x0 (the function identifier) and what follows
   */
  public FakeCall call(int cpu, boolean hvc, long... arguments) {
    FakeCall call = new FakeCall(cpus().get(cpu), hvc, arguments);
    for (SmcccHandler handler : cpus().get(cpu).firmware()) {
      if (handler.answers((int) call.argument(0))) {
        handler.call(call);
        return call;
      }
    }
    call.result(0, -1);
    return call;
  }

  @Override
  public FakePower power() {
    return environment.power;
  }

  @Override
  public <T> T port(Class<T> type) {
    return port(node.path(), type);
  }

  @Override
  public <T> T port(String path, Class<T> type) {
    return environment.port(path, type);
  }

  @Override
  public RegisterFaults faults() {
    return (kind, offset, value) -> faults.add(new Fault(kind, offset, value));
  }

  /** Faults reported so far; the list may be cleared. */
  public List<Fault> reportedFaults() {
    return faults;
  }

  @Override
  public EventLog events() {
    return (kind, place, text) -> events.add(new Event(kind, place, text));
  }

  /** Events reported so far; the list may be cleared. */
  public List<Event> reportedEvents() {
    return events;
  }

  /** What the model gave to a port failed: the test does. */
  @Override
  public void failed(Throwable bug) {
    throw new ModelException(instance() + ": " + bug);
  }

  ModelDescription description() {
    return description;
  }
}
