package org.xenolith.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.DmaTranslator;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.SmcccHandler;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.RegisterFaults;

/**
 * A device context without a machine, for unit tests of one model: lines remember their levels, time is moved by hand,
 * DMA goes to a flat RAM, CPUs remember what is done to them. Guest accesses are made with {@link #read} and
 * {@link #write}, which apply the window's access rule as the machine does.
 */
public final class FakeContext implements DeviceContext {
  private final PlatformNode node;
  private final Surroundings surroundings;
  private final Map<Integer, Window> windows = new HashMap<>();
  private final Map<AddressWindow, Window> apertures = new LinkedHashMap<>();
  private final Map<Integer, MessageInput> inlets = new HashMap<>();
  private DmaTranslator translator;
  private final Map<String, FakeClock.FakeAlarm> alarms = new LinkedHashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private final List<SmcccHandler> firmware = new ArrayList<>();
  private ModelDescription description = new ModelDescription("fake", "", "");
  private InterruptInputs inputs;
  private int initiator;
  private String suffix = "";

  /** What outlives a model: everything at its node and around it. */
  private static final class Surroundings {
    final FakeClock clock = new FakeClock();
    final FakeMemory memory = new FakeMemory();
    final FakePower power = new FakePower();
    final Map<Long, FakeLine> lines = new HashMap<>();
    final Map<String, Map<Class<?>, Object>> ports = new LinkedHashMap<>();
    final Map<InterruptSpecifier, FakeLine> specified = new HashMap<>();
    final List<PlatformNode> nodes = new ArrayList<>();
    final List<Message> messages = new ArrayList<>();
    final List<FakeCpu> cpus = new ArrayList<>();
    final List<InterruptSpecifier> incoming = new ArrayList<>();
  }

  private record Window(AccessRule rule, MmioHandler handler) { }

  /** What a requester wrote to where there is no RAM: a message-signalled interrupt. */
  public record Message(int requester, long address, int size, long value) { }

  /** A guest access that the model reported as not covered. */
  public record Fault(RegisterFaults.Kind kind, long offset, long value) { }

  /** An event that the model reported. */
  public record Event(String kind, String place, String text) { }

  private FakeContext(PlatformNode node, Surroundings surroundings) {
    this.node = node;
    this.surroundings = surroundings;
    if (surroundings.nodes.stream().noneMatch(n -> n.path().equals(node.path()))) {
      surroundings.nodes.add(node);
    }
  }

  /** A context for a model at {@code node} of a machine with one CPU. */
  public FakeContext(PlatformNode node) {
    this(node, 1);
  }

  /** A context for a model at {@code node} of a machine with {@code cpus} CPUs, the first one powered on. */
  public FakeContext(PlatformNode node, int cpus) {
    this(node, new Surroundings());
    for (int i = 0; i < cpus; i++) {
      surroundings.cpus.add(new FakeCpu(i));
    }
  }

  /** Makes a model with this context and resets it, as the machine does. */
  public DeviceModel create(DeviceModelFactory factory) {
    description = factory.description();
    DeviceModel model = factory.create(this);
    model.reset();
    return model;
  }

  /** Says whose options {@link #booleanOption} and its sisters look up; needed where no factory is used. */
  public FakeContext describedBy(ModelDescription modelDescription) {
    description = modelDescription;
    return this;
  }

  /**
   * Closes this context and makes one for the next model of the same node, in the same surroundings: lines with their levels,
   * time, memory, ports, CPUs without this model's claims. The old alarms are disarmed.
   */
  public FakeContext successor() {
    FakeContext next = new FakeContext(node, surroundings);
    next.description = description;
    next.suffix = suffix;
    alarms.values().forEach(surroundings.clock::drop);
    surroundings.cpus.forEach(FakeCpu::unclaim);
    return next;
  }

  /**
   * A context for another model of the same node, such as another subsystem of a hypervisor: its instance is the node's path
   * and the suffix, the surroundings are the same.
   */
  public FakeContext sibling(String instanceSuffix) {
    FakeContext sibling = new FakeContext(node, surroundings);
    sibling.suffix = instanceSuffix;
    return sibling;
  }

  /** A context for a model of another node in the same surroundings, such as a function on the bus of a bridge. */
  public FakeContext at(PlatformNode other) {
    return new FakeContext(other, surroundings);
  }

  /** Adds nodes to the platform that have no model here, such as an interrupt controller that is only named. */
  public FakeContext beside(PlatformNode... others) {
    surroundings.nodes.addAll(List.of(others));
    return this;
  }

  /** Arms the alarms of this context as those of {@code old} were, in the same order, and no others. */
  public void takeAlarms(FakeContext old) {
    alarms.values().forEach(Alarm::cancel);
    old.alarms.values().stream().filter(Alarm::armed).sorted((a, b) -> Long.compare(a.order(), b.order()))
        .forEach(a -> alarms.get(a.name).at(a.deadline()));
  }

  /** Names and deadlines of all alarms, {@link Long#MAX_VALUE} for disarmed ones. */
  public Map<String, Long> deadlines() {
    Map<String, Long> deadlines = new LinkedHashMap<>();
    alarms.forEach((name, alarm) -> deadlines.put(name, alarm.deadline()));
    return deadlines;
  }

  /** A guest's read of {@code size} bytes at {@code offset} of a window. */
  public long read(int window, long offset, int size) {
    Window at = at(window);
    return at.rule.read(at.handler, offset, size);
  }

  /** A guest's write of {@code size} bytes at {@code offset} of a window. */
  public void write(int window, long offset, int size, long value) {
    Window at = at(window);
    at.rule.write(at.handler, offset, size, value);
  }

  /** A guest's read at an address of a window that isn't in {@code reg}. */
  public long readAt(long address, int size) {
    Map.Entry<AddressWindow, Window> at = around(address);
    return at.getValue().rule.read(at.getValue().handler, address - at.getKey().base(), size);
  }

  /** A guest's write at an address of a window that isn't in {@code reg}. */
  public void writeAt(long address, int size, long value) {
    Map.Entry<AddressWindow, Window> at = around(address);
    at.getValue().rule.write(at.getValue().handler, address - at.getKey().base(), size, value);
  }

  private Map.Entry<AddressWindow, Window> around(long address) {
    return apertures.entrySet().stream().filter(e -> Long.compareUnsigned(address - e.getKey().base(), e.getKey().size()) < 0)
        .findFirst().orElseThrow(() -> new AssertionError(instance() + ": no window at 0x" + Long.toHexString(address)));
  }

  /** A bus master's write to a window that takes messages. */
  public void message(int window, long device, long offset, long value) {
    MessageInput input = inlets.get(window);
    if (input == null) {
      throw new AssertionError(instance() + ": window " + window + " takes no messages");
    }
    input.message(device, offset, 4, value);
  }

  /** What requesters have sent, of all contexts of the surroundings; the list may be cleared. */
  public List<Message> sentMessages() {
    return surroundings.messages;
  }

  /** The translator that the model is. */
  public DmaTranslator translator() {
    if (translator == null) {
      throw new AssertionError(instance() + ": translates nothing");
    }
    return translator;
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
    return windows.containsKey(index);
  }

  private Window at(int window) {
    Window at = windows.get(window);
    if (at == null) {
      throw new AssertionError(instance() + ": window " + window + " was not claimed");
    }
    return at;
  }

  @Override public PlatformNode node() {
    return node;
  }

  /** A platform with a root, this node and those that were added. */
  @Override public Platform platform() {
    List<PlatformNode> nodes = new ArrayList<>();
    nodes.add(new PlatformNode("/", "", "", List.of(), List.of(), true, List.of(), List.of(), Map.of()));
    nodes.addAll(surroundings.nodes);
    return new Platform("fake", Fdt.of(new FdtNode("", List.of(), List.of())), nodes, Platform.Timing.STANDARD);
  }

  @Override public String instance() {
    return node.path() + suffix;
  }

  @Override public boolean booleanOption(String name) {
    return Boolean.parseBoolean(stringOption(name));
  }

  @Override public long integerOption(String name) {
    return Long.decode(stringOption(name));
  }

  @Override public String stringOption(String name) {
    String set = node.options().get(name);
    return set != null ? set : description.options().stream().filter(o -> o.name().equals(name)).findFirst()
        .orElseThrow(() -> new AssertionError("option " + name + " is not in the model's description")).initial();
  }

  @Override public void window(int index, AccessRule rule, MmioHandler handler) {
    if (index < 0 || index >= node.windows().size()) {
      throw new ModelException(instance() + ": reg has no entry " + index);
    }
    if (windows.putIfAbsent(index, new Window(rule, handler)) != null) {
      throw new AssertionError(instance() + ": window " + index + " is claimed twice");
    }
  }

  @Override public void window(AddressWindow range, AccessRule rule, MmioHandler handler) {
    if (apertures.putIfAbsent(range, new Window(rule, handler)) != null) {
      throw new AssertionError(instance() + ": window " + range + " is claimed twice");
    }
  }

  @Override public void messages(int index, MessageInput input) {
    if (!windows.containsKey(index)) {
      throw new AssertionError(instance() + ": takes messages at window " + index + ", which it hasn't claimed");
    }
    inlets.put(index, input);
  }

  @Override public void translator(DmaTranslator newTranslator) {
    translator = newTranslator;
  }

  @Override public FakeLine line(InterruptSpecifier specifier) {
    return surroundings.specified.computeIfAbsent(specifier, s -> new FakeLine());
  }

  @Override public int windows() {
    return node.windows().size();
  }

  @Override public FakeLine interrupt(int index) {
    return interrupt(index, -1);
  }

  @Override public int interrupts() {
    return node.interrupts().size();
  }

  @Override public FakeLine interrupt(int index, int cpu) {
    if (index < 0 || index >= node.interrupts().size()) {
      throw new ModelException(instance() + ": interrupts has no entry " + index);
    }
    return surroundings.lines.computeIfAbsent((long) index << 32 | cpu + 1, k -> new FakeLine());
  }

  @Override public List<InterruptSpecifier> incoming() {
    return List.copyOf(surroundings.incoming);
  }

  /** Lets the platform have a node whose interrupt is {@code cells} of this controller; before the model is made. */
  public FakeContext incoming(int... cells) {
    surroundings.incoming.add(new InterruptSpecifier(node.path(), cells));
    return this;
  }

  @Override public void interruptController(InterruptInputs newInputs) {
    inputs = newInputs;
  }

  /** The inputs of the interrupt controller that the model is. */
  public InterruptInputs inputs() {
    if (inputs == null) {
      throw new AssertionError(instance() + ": not an interrupt controller");
    }
    return inputs;
  }

  @Override public FakeClock clock() {
    return surroundings.clock;
  }

  @Override public Alarm alarm(String name, Runnable action) {
    FakeClock.FakeAlarm alarm = surroundings.clock.alarm(name, action);
    if (alarms.putIfAbsent(name, alarm) != null) {
      throw new AssertionError(instance() + ": alarm " + name + " is made twice");
    }
    return alarm;
  }

  @Override public FakeMemory dma() {
    return surroundings.memory;
  }

  @Override public DmaPort dma(int requester) {
    return new FakeRequester(surroundings.memory,
        (address, size, value) -> surroundings.messages.add(new Message(requester, address, size, value)));
  }

  @Override public List<FakeCpu> cpus() {
    return surroundings.cpus;
  }

  @Override public int initiator() {
    return initiator;
  }

  /** Sets which CPU the following accesses come from, 0 at first. */
  public void initiator(int cpu) {
    initiator = cpu;
  }

  @Override public void firmware(SmcccHandler handler) {
    firmware.add(handler);
  }

  /**
   * A firmware call of a CPU through this model's handlers; x0 is -1 (NOT_SUPPORTED) if none answers.
   *
   * @param arguments x0 (the function identifier) and what follows
   */
  public FakeCall call(int cpu, boolean hvc, long... arguments) {
    FakeCall call = new FakeCall(cpus().get(cpu), hvc, arguments);
    for (SmcccHandler handler : firmware) {
      if (handler.answers((int) call.argument(0))) {
        handler.call(call);
        return call;
      }
    }
    call.result(0, -1);
    return call;
  }

  @Override public FakePower power() {
    return surroundings.power;
  }

  @Override public <T> T port(Class<T> type) {
    return port(node.path(), type);
  }

  @Override public <T> T port(String path, Class<T> type) {
    return type.cast(surroundings.ports.computeIfAbsent(path, p -> new LinkedHashMap<>()).computeIfAbsent(type, t -> {
      try {
        return t.getConstructor().newInstance();
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(t.getName() + ": a port needs a public no-argument constructor", e);
      }
    }));
  }

  @Override public RegisterFaults faults() {
    return (kind, offset, value) -> faults.add(new Fault(kind, offset, value));
  }

  /** Faults reported so far; the list may be cleared. */
  public List<Fault> reportedFaults() {
    return faults;
  }

  @Override public EventLog events() {
    return (kind, place, text) -> events.add(new Event(kind, place, text));
  }

  /** Events reported so far; the list may be cleared. */
  public List<Event> reportedEvents() {
    return events;
  }
}
