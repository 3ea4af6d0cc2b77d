// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DmaGate;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciBar;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.api.PciError;
import org.xenolith.pci.api.PciErrorMessage;
import org.xenolith.pci.api.PciSlot;
import org.xenolith.pci.kit.ConfigTable.Bar;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.regs.DeviceState;

/** What functions with either header have alike: BARs, power states, messages, requests, reports of errors. */
final class CommonFunction {
  private static final int POWER_STATE = 3;
  private static final int POWER_CONTROL = 4;
  private static final int NO_SOFT_RESET = 8;
  private static final int WAKE_ENABLE = 1 << 8;
  private static final int WAKE_STATUS = 1 << 15;
  private static final int DEVICE_CONTROL = 8;
  private static final int FUNCTION_LEVEL_RESET = 1 << 15;
  private static final int HEADER = 0x40;

  private final PciSlot slot;
  private final ConfigSpace config;
  private final PciDevice device;
  private final List<Bar> bars;
  private final int power;
  private final int express;
  private final @Nullable Msi msi;
  private final @Nullable MsixTable msix;
  private final ErrorReport errors;
  /** Null if it isn't made as an endpoint. */
  private final IntegratedView integrated;
  private final Master master = new Master();
  private @Nullable DmaPort memory;

  CommonFunction(PciSlot slot, DeviceState state, ConfigTable table, PciDevice device) {
    this.slot = slot;
    this.device = device;
    config = new ConfigSpace(state, "config", table);
    bars = table.bars();
    power = table.capability(Capability.POWER_MANAGEMENT);
    express = table.capability(Capability.EXPRESS);
    msi = table.capability(Capability.MSI) == 0 ? null : new Msi(config, table.capability(Capability.MSI), master);
    msix = table.capability(Capability.MSIX) == 0 ? null
        : new MsixTable(config, table.capability(Capability.MSIX), state, master);
    errors = new ErrorReport(config);
    integrated = IntegratedView.of(slot.bus(), table);
  }

  ConfigSpace config() {
    return config;
  }

  DmaPort dma() {
    return master;
  }

  int command() {
    return config.read(ConfigTable.COMMAND, 2);
  }

  /** Whether it is in D0. */
  boolean awake() {
    return power == 0 || (config.read(power + POWER_CONTROL, 2) & POWER_STATE) == 0;
  }

  // ---- Interrupts

  boolean sendsMessages() {
    return msix != null && msix.enabled() || msi != null && msi.enabled();
  }

  void message(int vector) {
    if (msix != null && msix.enabled()) {
      msix.send(vector);
    } else if (msi != null && msi.enabled()) {
      msi.send(vector);
    }
  }

  /** How many messages MSI may send, if it is on; else 32, the most there are. */
  int granted() {
    return msi != null && msi.enabled() && (msix == null || !msix.enabled()) ? msi.granted() : 32;
  }

  /** Which pin it drives; 0 if it has none. */
  int pin() {
    int pin = config.read(ConfigTable.INTERRUPT_LINE + 1, 1);
    return pin <= 4 ? pin : 0;
  }

  /** Whether its pin is driven if it wants to interrupt. */
  boolean drivesPin() {
    return !sendsMessages() && (command() & ConfigTable.COMMAND_INTX_DISABLE) == 0;
  }

  /** Notes a power management event. @return whether it is to be told upstream: each is, once, while software wants it */
  boolean wake() {
    if (power == 0 || config.table().clearable[power + POWER_CONTROL + 1] == 0) {
      return false;
    }
    int control = config.read(power + POWER_CONTROL, 2);
    config.set(power + POWER_CONTROL, 2, control | WAKE_STATUS);
    return (control & (WAKE_ENABLE | WAKE_STATUS)) == WAKE_ENABLE;
  }

  /** Notes an error. @return what is to be told upstream; null for nothing */
  PciErrorMessage error(PciError error, int... header) {
    return errors.note(error, header);
  }

  // ---- The bus

  int readConfig(int offset, int size) {
    int made = config.read(offset, size);
    int value = integrated == null ? made : integrated.read(offset, size, made);
    return BusRouting.withHeaderType(slot.bus(), slot.devfn(), offset, size, value);
  }

  /** A write from the bus. @return whether it resets the function, which is for the caller to do */
  boolean writeConfig(int offset, int size, int value) {
    boolean asleep = !awake();
    // From D1 and D2 it comes back as it was (PCI Bus Power Management 1.2, 5.4.1).
    boolean deep = power != 0 && (config.read(power + POWER_CONTROL, 2) & POWER_STATE) == POWER_STATE;
    config.write(offset, size, value);
    if (offset < HEADER || asleep == awake()) {
      slot.bus().decodeChanged();
    }
    return deep && awake() && (config.read(power + POWER_CONTROL, 2) & NO_SOFT_RESET) == 0
        || express != 0 && (config.read(express + DEVICE_CONTROL, 2) & FUNCTION_LEVEL_RESET) != 0;
  }

  /** After a write, and what it brought about: messages that were held back go. */
  void written(int offset) {
    if (msi != null && msi.holds(offset)) {
      msi.changed();
    }
    if (msix != null && msix.holds(offset)) {
      msix.changed();
    }
  }

  boolean decodes(boolean io) {
    return (command() & (io ? ConfigTable.COMMAND_IO : ConfigTable.COMMAND_MEMORY)) != 0 && awake();
  }

  @Nullable
  PciAperture decode(boolean io, long address) {
    if (!decodes(io)) {
      return null;
    }
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      if (bar.kind() == BarKind.IO == io) {
        long base = base(bar);
        if (placed(bar, base) && Long.compareUnsigned(address - base, bar.size()) < 0) {
          return new PciAperture(base, bar.size(), access, bar.index());
        }
      }
    }
    return null;
  }

  /** Memory isn't placed at 0; I/O may be: edk2 begins there. */
  private static boolean placed(Bar bar, long base) {
    return base != 0 || bar.kind() == BarKind.IO;
  }

  boolean decodesIn(boolean io, long from, long size) {
    if (!decodes(io)) {
      return false;
    }
    for (int i = 0; i < bars.size(); i++) {
      Bar bar = bars.get(i);
      long base = base(bar);
      if (bar.kind() == BarKind.IO == io && placed(bar, base) && (Long.compareUnsigned(from - base, bar.size()) < 0
          || Long.compareUnsigned(base - from, size) < 0)) {
        return true;
      }
    }
    return false;
  }

  long base(Bar bar) {
    int at = ConfigTable.BAR0 + 4 * bar.index();
    return switch (bar.kind()) {
      case IO -> config.read(at, 4) & 0xFFFF_FFFCL;
      case MEMORY32 -> config.read(at, 4) & 0xFFFF_FFF0L;
      case MEMORY64, PREFETCHABLE64 -> config.readLong(at) & ~15L;
    };
  }

  /** The BARs as they are now. */
  List<PciBar> facts() {
    return bars.stream().map(bar -> new PciBar(bar.index(), PciBar.Kind.valueOf(bar.kind().name()), base(bar), bar.size())).toList();
  }

  /** MSI-X's table and pending bits are in a BAR of the function's, but not the model's. */
  private final PciDevice access = new PciDevice() {
    @Override
    public long readBar(int bar, long offset, int size) {
      return msix != null && msix.covers(bar, offset) ? msix.read(offset, size) : device.readBar(bar, offset, size);
    }

    @Override
    public void writeBar(int bar, long offset, int size, long value) {
      if (msix != null && msix.covers(bar, offset)) {
        msix.write(offset, size, value);
      } else {
        device.writeBar(bar, offset, size, value);
      }
    }

    @Override
    public void functionReset() {
      device.functionReset();
    }
  };

  // ---- The model's life

  void reset() {
    config.reset();
    if (msix != null) {
      msix.reset();
    }
  }

  void moved() {
    memory = null;
  }

  /** Memory, if it is a bus master. */
  private final class Master implements DmaGate {
    @Override
    public DmaPort port() {
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
