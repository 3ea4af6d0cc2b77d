// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.machine.EventQueue.QueuedAlarm;
import org.xenolith.machine.KeptState.ArmedAlarm;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.Alarm;
import org.xenolith.machine.api.Clock;
import org.xenolith.machine.api.CpuPort;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DirectWindow;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.DmaTranslator;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.InterruptInputs;
import org.xenolith.machine.api.InterruptLine;
import org.xenolith.machine.api.MessageInput;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.machine.api.RamExhausted;
import org.xenolith.machine.api.SmcccHandler;
import org.xenolith.machine.watch.ExitKind;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.regs.RegisterFaults;

/**
 * What one model is given for one life. Claims are collected while the factory works and take effect together in
 * {@link #commit}, so that a model that can't be made leaves no trace; {@link #close} undoes them.
 */
final class SlotContext implements DeviceContext {
  private final DeviceSlot slot;
  private final Hardware hardware;
  private final ModelDescription description;
  private final Map<Integer, Window> windows = new LinkedHashMap<>();
  private final Map<AddressWindow, Window> apertures = new LinkedHashMap<>();
  private final Map<Integer, MessageInput> messages = new LinkedHashMap<>();
  private final Map<String, QueuedAlarm> alarms = new LinkedHashMap<>();
  private final List<SmcccHandler> firmware = new ArrayList<>();
  private final List<ClaimedCpu> cpus = new ArrayList<>();
  private InterruptInputs inputs;
  private DmaTranslator translator;
  private boolean closed;

  private final Map<Integer, ClaimedMemory> memories = new LinkedHashMap<>();

  private record Window(AccessRule rule, MmioHandler handler) {}

  SlotContext(DeviceSlot slot, Hardware hardware, ModelDescription description) {
    this.slot = slot;
    this.hardware = hardware;
    this.description = description;
    hardware.cpus.forEach(cpu -> cpus.add(new ClaimedCpu(cpu, slot.instance(), hardware, this::threw)));
  }

  /**
   * Puts all claims into effect.
   *
   * @param fresh whether the device starts from reset, not from a record
   * @throws ModelException if a claim collides with another device's
   */
  void commit(boolean fresh) {
    List<ClaimedWindow> claims = new ArrayList<>();
    windows.forEach((index, window) -> claims.add(new ClaimedWindow(node().windows().get(index), index, window.rule, window.handler,
        messages.get(index))));
    apertures.forEach((range, window) -> claims.add(new ClaimedWindow(range, -1, window.rule, window.handler, null)));
    claims.stream().flatMap(claim -> claim.without(claims).stream()).forEach(this::attach);
    memories.forEach((index, memory) -> memory.attach(slot.memory(node().windows().get(index), index, memory.blank())));
    cpus.forEach(ClaimedCpu::commit);
    firmware.forEach(handler -> hardware.firmware.add(slot.order(), instance(), handler, this::threw));
    if (inputs != null) {
      hardware.fabric.attach(node().path(), inputs, this::threw, fresh);
    }
    if (translator != null) {
      hardware.requesters.attach(node().path(), translator, this::threw);
    }
  }

  private void attach(ClaimedWindow claim) {
    BusWindow window = slot.window(claim.range(), claim.index());
    window.attach(claim.rule(), claim.handler(), this::threw);
    if (claim.messages() != null) {
      window.attach(claim.messages());
    }
  }

  /** Undoes everything. */
  void close() {
    if (!closed) {
      closed = true;
      slot.vanish();
      memories.values().forEach(memory -> memory.attach(null));
      alarms.values().forEach(QueuedAlarm::cancel);
      cpus.forEach(ClaimedCpu::close);
      firmware.forEach(hardware.firmware::remove);
      if (inputs != null) {
        hardware.fabric.detach(node().path());
      }
      if (translator != null) {
        hardware.requesters.detach(node().path());
      }
    }
  }

  boolean isController() { return inputs != null; }

  List<ArmedAlarm> armedAlarms() {
    return alarms.values().stream().filter(Alarm::armed)
        .map(a -> new ArmedAlarm(a.name(), a.deadline(), a.order())).toList();
  }

  /**
   * Arms alarms as a record says.
   *
   * @throws ModelException if the model has no alarm of that name
   */
  void restoreAlarms(List<ArmedAlarm> armed) {
    alarms.values().forEach(QueuedAlarm::cancel);
    for (ArmedAlarm kept : armed) {
      QueuedAlarm alarm = alarms.get(kept.name());
      if (alarm == null) {
        throw new ModelException(instance() + ": the record has an alarm " + kept.name() + ", the model has " + alarms.keySet());
      }
      alarm.restore(kept.deadline(), kept.order());
    }
  }

  @Override
  public void failed(Throwable bug) {
    if (!closed) {
      slot.failed(bug);
    }
  }

  private void threw(Throwable bug) {
    if (!closed) {
      slot.threw(bug);
    }
  }

  @Override
  public PlatformNode node() {
    return slot.node();
  }

  @Override
  public Platform platform() {
    return hardware.platform;
  }

  @Override
  public String instance() {
    return slot.instance();
  }

  @Override
  public boolean booleanOption(String name) {
    String value = stringOption(name);
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ModelException(instance() + ": option " + name + ": expected true or false, got " + value);
    };
  }

  @Override
  public long integerOption(String name) {
    String value = stringOption(name);
    try {
      return Long.decode(value);
    } catch (NumberFormatException e) {
      throw new ModelException(instance() + ": option " + name + ": expected a decimal or 0x number, got " + value);
    }
  }

  @Override
  public String stringOption(String name) {
    ModelDescription.Option option = description.options().stream().filter(o -> o.name().equals(name)).findFirst()
        .orElseThrow(() -> new ModelException(description.name() + ": asks for option " + name
            + ", which is not in its description"));
    return node().options().getOrDefault(name, option.initial());
  }

  @Override
  public void window(int index, AccessRule rule, MmioHandler handler) {
    entry("reg", index, windows());
    if (windows.putIfAbsent(index, new Window(rule, handler)) != null) {
      throw new ModelException(instance() + ": window " + index + " is claimed twice");
    }
  }

  @Override
  public DirectWindow directWindow(int index, int blank, AccessRule rule, MmioHandler handler) {
    window(index, rule, handler);
    ClaimedMemory memory = new ClaimedMemory(instance(), node().windows().get(index), blank);
    memories.put(index, memory);
    return memory;
  }

  @Override
  public int windows() {
    return node().windows().size();
  }

  @Override
  public void window(AddressWindow range, AccessRule rule, MmioHandler handler) {
    if (apertures.putIfAbsent(range, new Window(rule, handler)) != null || node().windows().contains(range)) {
      throw new ModelException(instance() + ": window " + range + " is claimed twice");
    }
  }

  @Override
  public void messages(int index, MessageInput input) {
    if (!windows.containsKey(index)) {
      throw new ModelException(instance() + ": takes messages at window " + index + ", which it hasn't claimed");
    }
    messages.put(index, input);
  }

  @Override
  public void translator(DmaTranslator newTranslator) {
    translator = newTranslator;
  }

  @Override
  public InterruptLine line(InterruptSpecifier specifier) {
    return hardware.fabric.wire(node().path() + " line " + specifier, specifier, -1);
  }

  @Override
  public InterruptLine interrupt(int index) {
    return interrupt(index, -1);
  }

  @Override
  public int interrupts() {
    return node().interrupts().size();
  }

  @Override
  public InterruptLine interrupt(int index, int cpu) {
    entry("interrupts", index, interrupts());
    InterruptSpecifier specifier = node().interrupts().get(index);
    String name = node().path() + " interrupt " + index + (cpu < 0 ? "" : " cpu " + cpu);
    return hardware.fabric.wire(name, specifier, cpu);
  }

  @Override
  public List<InterruptSpecifier> incoming() {
    String here = node().path();
    return hardware.platform.nodes().stream().flatMap(n -> n.interrupts().stream())
        .filter(specifier -> specifier.controller().equals(here)).toList();
  }

  private void entry(String property, int index, int entries) {
    if (index < 0 || index >= entries) {
      throw new ModelException(instance() + ": " + property + ": " + description.name() + " needs entry " + index
          + ", the node has " + entries);
    }
  }

  @Override
  public void interruptController(InterruptInputs newInputs) {
    inputs = newInputs;
  }

  @Override
  public Clock clock() {
    return hardware.clock;
  }

  @Override
  public Alarm alarm(String name, Runnable action) {
    QueuedAlarm alarm = hardware.queue.alarm(name, () -> {
      try {
        fire(action);
      } catch (RamExhausted e) {
        throw e;
      } catch (Throwable bug) {
        threw(bug);
      }
      if (closed) {
        hardware.requireOwner();
      }
    }, this::threw);
    if (alarms.putIfAbsent(name, alarm) != null) {
      throw new ModelException(instance() + ": alarm " + name + " is made twice");
    }
    return alarm;
  }

  private void fire(Runnable action) {
    hardware.entered.device = instance();
    if (!hardware.exits.wanted()) {
      action.run();
      return;
    }
    hardware.exits.begin(ExitKind.ALARM, instance());
    try {
      action.run();
    } finally {
      hardware.exits.end();
    }
  }

  @Override
  public DmaPort dma() {
    return hardware.busMaster;
  }

  @Override
  public DmaPort dma(int requester) {
    return hardware.requesters.port(node(), requester);
  }

  @Override
  public List<? extends CpuPort> cpus() {
    return cpus;
  }

  @Override
  public int initiator() {
    return hardware.initiator.cpu;
  }

  @Override
  public void firmware(SmcccHandler handler) {
    firmware.add(handler);
  }

  @Override
  public PowerPort power() {
    return hardware.power;
  }

  @Override
  public <T> T port(Class<T> type) {
    return hardware.ports.port(node().path(), type);
  }

  @Override
  public <T> T port(String path, Class<T> type) {
    if (hardware.platform.node(path).isEmpty()) {
      throw new ModelException(instance() + ": there is no node " + path);
    }
    return hardware.ports.port(path, type);
  }

  @Override
  public RegisterFaults faults() {
    return (kind, offset, value) -> {
      String name = kind.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
      hardware.events.report(name, instance(), "offset 0x" + Long.toHexString(offset) + ", value 0x" + Long.toHexString(value));
    };
  }

  @Override
  public EventLog events() {
    return hardware.events;
  }
}
