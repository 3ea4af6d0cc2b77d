package org.xenolith.pci.api;

import java.util.List;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaGate;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.pci.api.ConfigTable.Bar;
import org.xenolith.pci.api.ConfigTable.BarKind;
import org.xenolith.regs.DeviceState;

/**
 * An endpoint: everything that any function with a type 0 header does. A model makes one with its table, and uses it for DMA and
 * interrupts. Its state is the model's; the model calls {@link #reset}, {@link #restored} and {@link #removed} from its own.
 */
public final class PciEndpoint implements PciTarget {
  private static final int POWER_STATE = 3;
  private static final int POWER_CONTROL = 4;
  private static final int NO_SOFT_RESET = 8;
  private static final int DEVICE_CONTROL = 8;
  private static final int FUNCTION_LEVEL_RESET = 1 << 15;

  private final PciSlot slot;
  private final ConfigSpace config;
  private final PciDevice device;
  private final List<Bar> bars;
  private final int power;
  private final int express;
  private final Msi msi;
  private final MsixTable msix;
  private final Master master = new Master();
  private DmaPort memory;
  private boolean level;

  /**
   * Plugs an endpoint into the bus that its node is on.
   *
   * @param state  the model's state, of which this becomes a part
   * @param table  what it is
   * @param device what answers its BARs
   */
  public PciEndpoint(DeviceContext context, DeviceState state, ConfigTable table, PciDevice device) {
    this.device = device;
    slot = PciSlot.of(context);
    config = new ConfigSpace(state, "config", table);
    bars = table.bars();
    power = table.capability(Capability.POWER_MANAGEMENT);
    express = table.capability(Capability.EXPRESS);
    msi = table.capability(Capability.MSI) == 0 ? null : new Msi(config, table.capability(Capability.MSI), master);
    msix = table.capability(Capability.MSIX) == 0 ? null
        : new MsixTable(config, table.capability(Capability.MSIX), state, master);
    slot.bus().plug(slot.devfn(), this);
  }

  /** Its configuration space. */
  public ConfigSpace config() {
    return config;
  }

  /** Memory as this function reaches it: nowhere while it isn't a bus master or isn't in D0. */
  public DmaPort dma() {
    return master;
  }

  // ---- Interrupts

  /** Whether messages are to be sent, so that {@link #message} does anything. */
  public boolean sendsMessages() {
    return msix != null && msix.enabled() || msi != null && msi.enabled();
  }

  /** Sends a message: by MSI-X, else by MSI, if one of them is on. @param vector from 0; MSI has what it was granted */
  public void message(int vector) {
    if (msix != null && msix.enabled()) {
      msix.send(vector);
    } else if (msi != null && msi.enabled()) {
      msi.send(vector);
    }
  }

  /** Drives the interrupt pin, which is quiet while it is disabled or messages are on. */
  public void pin(boolean newLevel) {
    level = newLevel;
    config.set(ConfigTable.STATUS, ConfigTable.STATUS_INTERRUPT, newLevel);
    drive();
  }

  private void drive() {
    int pin = config.read(ConfigTable.INTERRUPT_LINE + 1, 1);
    if (pin >= 1 && pin <= 4) {
      slot.bus().interrupt(slot.devfn(), pin, level && !sendsMessages() && (command() & ConfigTable.COMMAND_INTX_DISABLE) == 0);
    }
  }

  // ---- The bus

  private int command() {
    return config.read(ConfigTable.COMMAND, 2);
  }

  private boolean awake() {
    return power == 0 || (config.read(power + POWER_CONTROL, 2) & POWER_STATE) == 0;
  }

  @Override public int readConfig(int offset, int size) {
    return slot.bus().withHeaderType(slot.devfn(), offset, size, config.read(offset, size));
  }

  @Override public void writeConfig(int offset, int size, int value) {
    boolean asleep = !awake();
    config.write(offset, size, value);
    if (offset < 0x40) {
      drive();
      slot.bus().decodeChanged();
    }
    if (asleep && awake() && (config.read(power + POWER_CONTROL, 2) & NO_SOFT_RESET) == 0) {
      functionReset();
    } else if (asleep == awake()) {
      slot.bus().decodeChanged();
    }
    if (express != 0 && (config.read(express + DEVICE_CONTROL, 2) & FUNCTION_LEVEL_RESET) != 0) {
      functionReset();
    }
    if (msi != null && msi.holds(offset)) {
      msi.changed();
      drive();
    }
    if (msix != null && msix.holds(offset)) {
      msix.changed();
      drive();
    }
  }

  @Override public PciAperture decode(boolean io, long address) {
    if ((command() & (io ? ConfigTable.COMMAND_IO : ConfigTable.COMMAND_MEMORY)) == 0 || !awake()) {
      return null;
    }
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      if (bar.kind() == BarKind.IO == io) {
        long base = base(bar);
        if (base != 0 && Long.compareUnsigned(address - base, bar.size()) < 0) {
          return new PciAperture(base, bar.size(), access, bar.index());
        }
      }
    }
    return null;
  }

  @Override public boolean decodesIn(boolean io, long from, long size) {
    if ((command() & (io ? ConfigTable.COMMAND_IO : ConfigTable.COMMAND_MEMORY)) == 0 || !awake()) {
      return false;
    }
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      long base = base(bar);
      if (bar.kind() == BarKind.IO == io && base != 0 && (Long.compareUnsigned(from - base, bar.size()) < 0
          || Long.compareUnsigned(base - from, size) < 0)) {
        return true;
      }
    }
    return false;
  }

  /** Where a BAR is now, whether it is decoded or not. */
  public long base(Bar bar) {
    int at = ConfigTable.BAR0 + 4 * bar.index();
    return switch (bar.kind()) {
      case IO -> config.read(at, 4) & 0xFFFF_FFFCL;
      case MEMORY32 -> config.read(at, 4) & 0xFFFF_FFF0L;
      case MEMORY64, PREFETCHABLE64 -> config.readLong(at) & ~15L;
    };
  }

  /** MSI-X's table and pending bits are in a BAR of the function's, but not the model's. */
  private final PciDevice access = new PciDevice() {
    @Override public long readBar(int bar, long offset, int size) {
      return msix != null && msix.covers(bar, offset) ? msix.read(offset, size) : device.readBar(bar, offset, size);
    }

    @Override public void writeBar(int bar, long offset, int size, long value) {
      if (msix != null && msix.covers(bar, offset)) {
        msix.write(offset, size, value);
      } else {
        device.writeBar(bar, offset, size, value);
      }
    }

    @Override public void functionReset() {
      device.functionReset();
    }
  };

  @Override public void hotReset() {
    functionReset();
  }

  private void functionReset() {
    reset();
    device.functionReset();
  }

  // ---- The model's life

  /** Everything of it gets its reset values. */
  public void reset() {
    config.reset();
    if (msix != null) {
      msix.reset();
    }
    level = false;
    drive();
    slot.bus().decodeChanged();
  }

  /** The state was restored: drives what follows from it. */
  public void restored() {
    level = (config.read(ConfigTable.STATUS, 2) & ConfigTable.STATUS_INTERRUPT) != 0;
    drive();
    slot.bus().decodeChanged();
  }

  /** The model was removed. */
  public void removed() {
    slot.bus().unplug(slot.devfn(), this);
  }

  @Override public void moved() {
    memory = null;
  }

  /** Memory, if it is a bus master. */
  private final class Master extends DmaGate {
    @Override protected DmaPort port() {
      if ((command() & ConfigTable.COMMAND_MASTER) == 0 || !awake()) {
        throw ExternalAbort.INSTANCE;
      }
      if (memory == null) {
        memory = slot.bus().requester(slot.devfn());
      }
      return memory;
    }
  }
}
