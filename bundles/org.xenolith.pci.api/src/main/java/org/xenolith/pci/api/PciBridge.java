package org.xenolith.pci.api;

import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DmaGate;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.regs.DeviceState;

/**
 * A PCI-to-PCI bridge, such as a root port: everything that any function with a type 1 header does (PCI-to-PCI Bridge Architecture
 * 1.2). The bus behind it is the port {@link PciBus} of its own node. The model calls {@link #reset}, {@link #restored} and
 * {@link #removed} from its own methods.
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
  private static final int CONTROL = 0x3E;
  private static final int SECONDARY_RESET = 1 << 6;
  private static final int PINS = 4;

  private final PciSlot slot;
  private final ConfigSpace config;
  private final PciBus below;
  /** How many of the devices below drive each of our pins. */
  private final int[] high = new int[PINS + 1];

  /**
   * Plugs a bridge into the bus that its node is on.
   *
   * @param state the model's state, of which this becomes a part
   * @param table a table of {@link ConfigTable#bridge}
   */
  public PciBridge(DeviceContext context, DeviceState state, ConfigTable table) {
    this(PciSlot.of(context), context.port(PciBus.class), state, table);
  }

  /** Plugs a bridge into a bus, above another one: where a bridge has no node of its own, such as a root port within its host bridge. */
  public PciBridge(PciSlot slot, PciBus below, DeviceState state, ConfigTable table) {
    this.slot = slot;
    this.below = below;
    config = new ConfigSpace(state, "config", table);
    slot.bus().plug(slot.devfn(), this);
    below.connect(this);
  }

  /** Its configuration space. */
  public ConfigSpace config() {
    return config;
  }

  /** Where it is plugged in. */
  public PciSlot slot() {
    return slot;
  }

  @Override public PciBus secondary() {
    return below;
  }

  /** Whether a configuration access to a bus passes it. */
  boolean leadsTo(int bus) {
    int secondary = config.read(SECONDARY, 1);
    return secondary != 0 && !inReset() && bus >= secondary && bus <= config.read(SUBORDINATE, 1);
  }

  @Override public int readConfig(int offset, int size) {
    return slot.bus().withHeaderType(slot.devfn(), offset, size, config.read(offset, size));
  }

  @Override public void writeConfig(int offset, int size, int value) {
    boolean wasReset = inReset();
    config.write(offset, size, value);
    if (inReset() && !wasReset) {
      below.hotReset();
    }
    below.number(config.read(SECONDARY, 1));
    slot.bus().decodeChanged();
  }

  private boolean inReset() {
    return (config.read(CONTROL, 2) & SECONDARY_RESET) != 0;
  }

  private int command() {
    return config.read(ConfigTable.COMMAND, 2);
  }

  @Override public PciAperture decode(boolean io, long address) {
    return (command() & (io ? ConfigTable.COMMAND_IO : ConfigTable.COMMAND_MEMORY)) != 0 && !inReset() && passes(io, address, address)
        ? below.decode(io, address) : null;
  }

  @Override public boolean decodesIn(boolean io, long base, long size) {
    return (command() & (io ? ConfigTable.COMMAND_IO : ConfigTable.COMMAND_MEMORY)) != 0 && !inReset()
        && passes(io, base, base + size - 1) && below.decodesIn(io, base, size);
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

  @Override public DmaPort requester(int requester) {
    return new Forwarded(requester);
  }

  /** Requests from below pass while the bridge is a bus master. Whoever is below asks again when what is above has changed. */
  private final class Forwarded extends DmaGate {
    private final DmaPort above;

    Forwarded(int requester) {
      above = slot.bus().forward(requester);
    }

    @Override protected DmaPort port() {
      if ((command() & ConfigTable.COMMAND_MASTER) == 0 || inReset()) {
        throw ExternalAbort.INSTANCE;
      }
      return above;
    }
  }

  /** Pins rotate by device number on their way up (PCI-to-PCI Bridge 1.2, table 9-1). */
  @Override public void interrupt(int devfn, int pin, boolean level) {
    int up = (pin - 1 + (devfn >> 3)) % PINS + 1;
    high[up] += level ? 1 : -1;
    slot.bus().interrupt(slot.devfn(), up, high[up] > 0);
  }

  @Override public void overlap(String which) {
    slot.bus().overlap(which);
  }

  @Override public void decodeChanged() {
    slot.bus().decodeChanged();
  }

  @Override public void hotReset() {
    config.reset();
    below.hotReset();
    below.number(0);
    slot.bus().decodeChanged();
  }

  @Override public void moved() {
    below.moved();
  }

  /** Everything of it gets its reset values. */
  public void reset() {
    config.reset();
    below.number(0);
    slot.bus().decodeChanged();
  }

  /** The state was restored. */
  public void restored() {
    below.number(config.read(SECONDARY, 1));
    slot.bus().decodeChanged();
  }

  /** The model was removed: nothing passes any more. */
  public void removed() {
    below.connect(null);
    slot.bus().unplug(slot.devfn(), this);
  }
}
