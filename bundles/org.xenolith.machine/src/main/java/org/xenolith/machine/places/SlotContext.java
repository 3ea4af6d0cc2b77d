// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.places;

import java.util.List;
import java.util.Locale;
import org.xenolith.machine.Hardware;
import org.xenolith.machine.api.DeviceBus;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceLines;
import org.xenolith.machine.api.DeviceMemory;
import org.xenolith.machine.api.DeviceOptions;
import org.xenolith.machine.api.DeviceOrigin;
import org.xenolith.machine.api.DeviceProcessors;
import org.xenolith.machine.api.DeviceTime;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.api.PowerPort;
import org.xenolith.machine.places.KeptState.ArmedAlarm;
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
  private final NodeOptions options;
  private final SlotBus bus;
  private final SlotLines lines;
  private final SlotTime time;
  private final SlotMemory memory;
  private final SlotProcessors processors;
  private DeviceOrigin origin;
  private boolean closed;

  /** @param origin where the state comes from that the model will begin with */
  SlotContext(DeviceSlot slot, Hardware hardware, ModelDescription description, DeviceOrigin origin) {
    this.slot = slot;
    this.hardware = hardware;
    this.origin = origin;
    Entries entries = new Entries(slot, description.name());
    options = new NodeOptions(slot.node(), slot.instance(), description);
    bus = new SlotBus(slot, hardware.initiator, entries, this::threw);
    lines = new SlotLines(slot, hardware, entries, this::threw);
    time = new SlotTime(slot.instance(), slot.node().path(), hardware, () -> closed, this::threw);
    memory = new SlotMemory(slot, hardware, this::threw);
    processors = new SlotProcessors(slot, hardware, this::threw);
  }

  /**
   * Puts all claims into effect.
   *
   * @throws ModelException if a claim collides with another device's
   */
  void commit() {
    bus.commit();
    processors.commit();
    lines.commit(!origin.fromRecord());
    memory.commit();
  }

  /** Undoes everything. */
  void close() {
    if (!closed) {
      closed = true;
      slot.vanish();
      bus.close();
      time.close();
      processors.close();
      lines.close();
      memory.close();
    }
  }

  boolean isController() { return lines.isController(); }

  List<ArmedAlarm> armedAlarms() { return time.armed(); }

  /**
   * Arms alarms as a record says.
   *
   * @throws ModelException if the model has no alarm of that name
   */
  void restoreAlarms(List<ArmedAlarm> armed) {
    time.restore(armed);
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
  public DeviceOrigin origin() {
    return origin;
  }

  /** The model is about to be given another state, from there. */
  void begin(DeviceOrigin from) {
    origin = from;
  }

  @Override
  public DeviceOptions options() {
    return options;
  }

  @Override
  public DeviceBus bus() {
    return bus;
  }

  @Override
  public DeviceLines lines() {
    return lines;
  }

  @Override
  public DeviceTime time() {
    return time;
  }

  @Override
  public DeviceMemory memory() {
    return memory;
  }

  @Override
  public DeviceProcessors processors() {
    return processors;
  }

  @Override
  public PowerPort power() {
    return hardware.power.port(instance());
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
      String name = kind.name().toLowerCase(Locale.ROOT).replace('_', '-');
      hardware.events.report(name, instance(), "offset 0x" + Long.toHexString(offset) + ", value 0x" + Long.toHexString(value));
    };
  }

  @Override
  public EventLog events() {
    return hardware.events;
  }
}
