// SPDX-License-Identifier: EPL-2.0
package org.xenolith.pci.kit;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaGate;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciBar;
import org.xenolith.pci.api.PciBusPort;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.api.PciError;
import org.xenolith.pci.api.PciErrorMessage;
import org.xenolith.pci.api.PciSlot;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.api.PciUpstream;
import org.xenolith.regs.DeviceState;

/**
 * A PCI-to-PCI bridge, such as a root port: everything that any function with a type 1 header does (PCI-to-PCI Bridge Architecture
 * 1.2). What its table has works as in an endpoint: BARs, of which a bridge has two registers, MSI and MSI-X, its pin, power states,
 * reports of errors. A root port (by its PCI Express capability) takes power management events and errors, its own and those from
 * below, and interrupts for them. The bus behind it is the port {@link PciBusPort} of its own node. The model calls {@link #reset},
 * {@link #restored} and {@link #removed} from its own methods.
 */
public final class PciBridge implements PciTarget, PciUpstream {
  private static final int SECONDARY = 0x19;
  private static final int SUBORDINATE = 0x1A;
  private static final int IO_BASE = 0x1C;
  private static final int IO_LIMIT = 0x1D;
  private static final int MEMORY_BASE = 0x20;
  private static final int MEMORY_LIMIT = 0x22;
  private static final int PREFETCHABLE_BASE = 0x24;
  private static final int PREFETCHABLE_LIMIT = 0x26;
  private static final int FORWARDS_ERRORS = 1 << 1;
  private static final int SECONDARY_RESET = 1 << 6;
  private static final int RECEIVED_SYSTEM_ERROR = 1 << 14;
  private static final int PINS = 4;
  /** What configuration space keeps: whether the model drives the pin. */
  private static final int LEVEL = 0;

  private final PciSlot slot;
  private final CommonFunction function;
  private final PciDevice device;
  private final ConfigSpace config;
  private final PciBusPort below;
  /** Null if it is no root port. */
  private final @Nullable RootEvents events;
  /** How many of the devices below, and of us, drive each of our pins. */
  private final int[] high = new int[PINS + 1];
  private boolean ownHigh;
  private boolean powerHigh;
  private boolean errorHigh;

  /**
   * Plugs a bridge into the bus that its node is on.
   *
   * @param state the model's state, of which this becomes a part
   * @param table a table of {@link ConfigTable#bridge}; of its BARs only what is MSI-X's answers
   */
  public PciBridge(DeviceContext context, DeviceState state, ConfigTable table) {
    this(context, state, table, NOTHING);
  }

  /**
   * Plugs a bridge with BARs of its own into the bus that its node is on.
   *
   * @param state  the model's state, of which this becomes a part
   * @param table  a table of {@link ConfigTable#bridge}
   * @param device what answers its BARs, but for MSI-X's table and pending bits
   */
  public PciBridge(DeviceContext context, DeviceState state, ConfigTable table, PciDevice device) {
    this(PciSlot.of(context), context.port(PciBusPort.class), state, table, new GuardedDevice(context, device));
  }

  /** Plugs a bridge into a bus, above another one: where a bridge has no node of its own, such as a root port within its host bridge. */
  public PciBridge(PciSlot slot, PciBusPort below, DeviceState state, ConfigTable table) {
    this(slot, below, state, table, NOTHING);
  }

  /** Plugs a bridge with BARs of its own into a bus, above another one. @param device what answers its BARs */
  public PciBridge(PciSlot slot, PciBusPort below, DeviceState state, ConfigTable table, PciDevice device) {
    this.slot = slot;
    this.below = below;
    this.device = device;
    function = new CommonFunction(slot, state, table, device);
    config = function.config();
    events = RootEvents.in(table) ? new RootEvents(config) : null;
    slot.bus().plug(slot.devfn(), this);
    below.connect(this);
  }

  /** A BAR that has nothing but MSI-X's in it. */
  private static final PciDevice NOTHING = new PciDevice() {
    @Override
    public long readBar(int bar, long offset, int size) {
      return 0;
    }

    @Override
    public void writeBar(int bar, long offset, int size, long value) {}

    @Override
    public void functionReset() {}
  };

  /** Its configuration space. */
  public ConfigSpace config() {
    return config;
  }

  @Override
  public PciSlot slot() {
    return slot;
  }

  /** Memory as the bridge itself reaches it: nowhere while it isn't a bus master or isn't in D0. */
  public DmaPort dma() {
    return function.dma();
  }

  /** Where a BAR is now, whether it is decoded or not. */
  public long base(ConfigTable.Bar bar) {
    return function.base(bar);
  }

  @Override
  public List<PciBar> bars() {
    return function.facts();
  }

  @Override
  public PciBusPort secondary() {
    return below;
  }

  @Override
  public boolean leadsTo(int bus) {
    int secondary = config.read(SECONDARY, 1);
    return secondary != 0 && open() && bus >= secondary && bus <= config.read(SUBORDINATE, 1);
  }

  @Override
  public int readConfig(int offset, int size) {
    return function.readConfig(offset, size);
  }

  @Override
  public void writeConfig(int offset, int size, int value) {
    boolean wasReset = inReset();
    if (function.writeConfig(offset, size, value)) {
      functionReset();
    }
    if (inReset() && !wasReset) {
      below.hotReset();
    }
    below.number(config.read(SECONDARY, 1));
    slot.bus().decodeChanged();
    function.written(offset);
    if (events != null) {
      events.written(function.granted());
    }
    signal();
  }

  private boolean inReset() {
    return (config.read(ConfigTable.BRIDGE_CONTROL, 2) & SECONDARY_RESET) != 0;
  }

  /** Whether anything passes: not in D3hot (PCI Bus Power Management 1.2, 4.7), nor while the bus below is reset. */
  private boolean open() {
    return function.awake() && !inReset();
  }

  // ---- What it decodes

  /** Its own BARs, and what is below behind its windows. Where a BAR of its own is in a window neither answers, as on any bus. */
  @Override
  public @Nullable PciAperture decode(boolean io, long address) {
    PciAperture own = function.decode(io, address);
    PciAperture found = own;
    if (own == null && forwards(io) && passes(io, address, address)) {
      found = BusRouting.decode(below, io, address);
    }
    if (found == null) {
      return null;
    }
    boolean both = own == null ? function.decodesIn(io, found.base(), found.size()) : behind(io, own.base(), own.size());
    if (both) {
      BusRouting.overlap(slot.bus(), BusRouting.place(slot.bus(), slot.devfn()) + " and what is behind it" + (io ? " at port 0x" : " at 0x")
          + Long.toHexString(address));
    }
    return both ? null : found;
  }

  @Override
  public boolean decodesIn(boolean io, long base, long size) {
    return function.decodesIn(io, base, size) || behind(io, base, size);
  }

  private boolean behind(boolean io, long base, long size) {
    return forwards(io) && passes(io, base, base + size - 1) && BusRouting.decodesIn(below, io, base, size);
  }

  private boolean forwards(boolean io) {
    return function.decodes(io) && !inReset();
  }

  /** Whether some of the addresses from one to another is in one of the windows; limits are inclusive. */
  private boolean passes(boolean io, long from, long to) {
    if (io) {
      int wide = config.read(IO_BASE, 1) & 1;
      long base = (config.read(IO_BASE, 1) & 0xF0L) << 8 | (wide == 0 ? 0 : config.read(0x30, 2) << 16);
      long limit = (config.read(IO_LIMIT, 1) & 0xF0L) << 8 | 0xFFF | (wide == 0 ? 0 : config.read(0x32, 2) << 16);
      return to >= base && from <= limit && base <= limit;
    }
    if (meet(from, to, (config.read(MEMORY_BASE, 2) & 0xFFF0L) << 16, (config.read(MEMORY_LIMIT, 2) & 0xFFF0L) << 16 | 0xF_FFFF)) {
      return true;
    }
    long upperBase = (config.read(0x28, 4) & 0xFFFF_FFFFL) << 32;
    long upperLimit = (config.read(0x2C, 4) & 0xFFFF_FFFFL) << 32;
    return meet(from, to, upperBase | (config.read(PREFETCHABLE_BASE, 2) & 0xFFF0L) << 16,
        upperLimit | (config.read(PREFETCHABLE_LIMIT, 2) & 0xFFF0L) << 16 | 0xF_FFFF);
  }

  private static boolean meet(long from, long to, long base, long limit) {
    return Long.compareUnsigned(base, limit) <= 0 && Long.compareUnsigned(to, base) >= 0 && Long.compareUnsigned(from, limit) <= 0;
  }

  // ---- What comes from below

  @Override
  public DmaPort requester(int requester) {
    return new Forwarded(requester);
  }

  /** Requests from below pass while the bridge is a bus master. Whoever is below asks again when what is above has changed. */
  private final class Forwarded implements DmaGate {
    private final DmaPort above;

    Forwarded(int requester) {
      above = slot.bus().forward(requester);
    }

    @Override
    public DmaPort port() {
      if ((function.command() & ConfigTable.COMMAND_MASTER) == 0 || !open()) {
        throw ExternalAbort.INSTANCE;
      }
      return above;
    }
  }

  /** Pins rotate by device number on their way up (PCI-to-PCI Bridge 1.2, table 9-1). */
  @Override
  public void interrupt(int devfn, int pin, boolean level) {
    count((pin - 1 + (devfn >> 3)) % PINS + 1, level);
  }

  private void count(int pin, boolean level) {
    high[pin] += level ? 1 : -1;
    slot.bus().interrupt(slot.devfn(), pin, high[pin] > 0);
  }

  @Override
  public void wake(int requester) {
    if (events == null) {
      BusRouting.wake(slot.bus(), requester);
    } else {
      events.wake(requester);
      signal();
    }
  }

  /** Errors from below pass while bridge control says so (PCI Express Base 4.0, 7.5.1.3.13). */
  @Override
  public void error(int requester, PciErrorMessage message) {
    if (message != PciErrorMessage.CORRECTABLE) {
      config.set(ConfigTable.SECONDARY_STATUS, RECEIVED_SYSTEM_ERROR, true);
    }
    if ((config.read(ConfigTable.BRIDGE_CONTROL, 2) & FORWARDS_ERRORS) != 0) {
      tell(requester, message);
    }
  }

  private void tell(int requester, PciErrorMessage message) {
    if (events == null) {
      BusRouting.error(slot.bus(), requester, message);
    } else {
      events.error(requester, message);
      signal();
    }
  }

  @Override
  public void overlap(String which) {
    BusRouting.overlap(slot.bus(), which);
  }

  @Override
  public void decodeChanged() {
    slot.bus().decodeChanged();
  }

  // ---- What is its own

  private int requester() {
    return slot.bus().number() << 8 | slot.devfn();
  }

  /** Whether messages are to be sent, so that {@link #message} does anything. */
  public boolean sendsMessages() {
    return function.sendsMessages();
  }

  /** Sends a message: by MSI-X, else by MSI, if one of them is on. @param vector from 0; MSI has what it was granted */
  public void message(int vector) {
    function.message(vector);
  }

  /** Drives its interrupt pin for something of the model's own; the pin is quiet while it is disabled or messages are on. */
  public void pin(boolean level) {
    config.keep(LEVEL, level ? 1 : 0);
    signal();
  }

  /** A power management event (PME) of the bridge's own, if its table has them and software wants it. */
  public void wake() {
    if (function.wake()) {
      if (events == null) {
        slot.bus().wake(slot.devfn());
      } else {
        wake(requester());
      }
    }
  }

  /**
   * The bridge itself has found an error: it is in the registers of PCI Express and of advanced error reporting, as far as the table
   * has them, and the root port hears of it if software wants it.
   *
   * @param header words of the packet that it was found in, at most four; none if there is none
   */
  public void error(PciError error, int... header) {
    PciErrorMessage message = function.error(error, header);
    if (message != null) {
      tell(requester(), message);
    }
  }

  /** Something that the bridge interrupts for may have changed: what is new is told by messages, what holds by the pin. */
  private void signal() {
    boolean power = events != null && events.powerInterrupt();
    boolean error = events != null && events.errorInterrupt();
    boolean newPower = power && !powerHigh;
    boolean newError = error && !errorHigh;
    powerHigh = power;
    errorHigh = error;
    if (newPower) {
      function.message(events.powerMessage());
    }
    if (newError) {
      function.message(events.errorMessage());
    }
    drive();
  }

  private void drive() {
    boolean wants = powerHigh || errorHigh || config.kept(LEVEL) != 0;
    config.set(ConfigTable.STATUS, ConfigTable.STATUS_INTERRUPT, wants);
    boolean level = wants && function.pin() != 0 && function.drivesPin();
    if (level != ownHigh) {
      ownHigh = level;
      count(function.pin(), level);
    }
  }

  @Override
  public void hotReset() {
    functionReset();
    below.hotReset();
  }

  @Override
  public void moved() {
    function.moved();
    below.moved();
  }

  private void functionReset() {
    reset();
    device.functionReset();
  }

  // ---- The model's life

  /** Everything of it gets its reset values. */
  public void reset() {
    function.reset();
    below.number(0);
    slot.bus().decodeChanged();
    signal();
  }

  /** The state was restored: drives what follows from it. Messages were sent before. */
  public void restored() {
    below.number(config.read(SECONDARY, 1));
    slot.bus().decodeChanged();
    powerHigh = events != null && events.powerInterrupt();
    errorHigh = events != null && events.errorInterrupt();
    drive();
  }

  /** The model was removed: nothing passes any more. */
  public void removed() {
    below.connect(null);
    slot.bus().unplug(slot.devfn(), this);
  }
}
