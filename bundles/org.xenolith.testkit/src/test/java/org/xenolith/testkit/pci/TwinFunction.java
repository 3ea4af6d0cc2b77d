// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.pci;

import java.util.Set;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.pci.api.PciAperture;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.api.PciSlot;
import org.xenolith.pci.api.PciTarget;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.Capability.Field;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.ConfigTable.BarKind;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.regs.DeviceState;
import org.xenolith.testkit.pci.PciEndpointContract.Feature;

/**
 * A correct endpoint with the features that are asked for, and twins of it with one defect each. Of BAR 0, what is written at 0 is an
 * address, a write at 8 goes there, and bit 0 of 16 interrupts. BAR 1 has the table of MSI-X.
 */
final class TwinFunction implements DeviceModel, PciDevice, PciTarget {
  enum Defect {
    NONE, NO_NAME, ENDLESS_CHAIN, BYTE_READS, WIDE_WRITES, IDS_CAN_BE_WRITTEN, IGNORES_THE_BUS, THROWS, RESET_FORGETS, HIDDEN_STATE,
    RESTORE_FORGETS_PIN, STAYS_PLUGGED_IN, BAR_SIZE, DECODES_ALWAYS, NO_MASTER, NO_FUNCTION_RESET, AWAKE, STUCK_PIN, PIN_AND_MESSAGE,
    WRONG_DATA, LINK_ON_THE_ROOT_BUS
  }

  private static final int BAR = 4096;
  private static final Capability EXPRESS = Capability.express(Capability.Express.ENDPOINT);
  /** Device capabilities don't offer it (28), device control doesn't start it (15). */
  private static final Capability WITHOUT_RESET = new Capability(EXPRESS.id(), false, 0, EXPRESS.length(), EXPRESS.fields().stream()
      .map(f -> new Field(f.offset(), f.bytes(), f.offset() == 4 ? f.value() & ~(1 << 28) : f.value(),
          f.offset() == 8 ? f.rw() & ~(1 << 15) : f.rw(), f.clearedBy1())).toList());
  private final DeviceState state = new DeviceState();
  private final long[] registers = state.longs("registers", 3);
  private final PciSlot slot;
  private final PciEndpoint pci;
  private final Set<Feature> features;
  private final Defect defect;
  private final DmaPort memory;
  private int accesses;

  private TwinFunction(DeviceContext context, Set<Feature> features, Defect defect) {
    this.features = features;
    this.defect = defect;
    slot = PciSlot.of(context);
    pci = new PciEndpoint(context, state, table(features), this);
    memory = context.memory().dma(FakePciHost.DEVFN);
    slot.bus().plug(slot.devfn(), this);
  }

  private static ConfigTable table(Set<Feature> features) {
    ConfigTable.Builder table = ConfigTable.endpoint(0x1B36, 0xF2, 0xFF_0000, 1).bar(0, BarKind.MEMORY32, BAR)
        .bar(1, BarKind.MEMORY32, BAR);
    if (features.contains(Feature.INTERRUPT_PIN)) {
      table.pin(1);
    }
    if (features.contains(Feature.POWER_STATES)) {
      table.capability(Capability.powerManagement(false));
    }
    if (features.contains(Feature.MSI)) {
      table.capability(Capability.msi(0));
    }
    if (features.contains(Feature.MSIX)) {
      table.capability(Capability.msix(1, 1, 0, BAR / 2));
    }
    return table.capability(features.contains(Feature.FUNCTION_RESET) ? EXPRESS : WITHOUT_RESET).build();
  }

  static DeviceModelFactory factory(Set<Feature> features, Defect defect) {
    return new DeviceModelFactory() {
      @Override
      public ModelDescription description() {
        return new ModelDescription(defect == Defect.NO_NAME ? "" : "twin", "An endpoint", "none");
      }

      @Override
      public DeviceModel create(DeviceContext context) {
        return new TwinFunction(context, features, defect);
      }
    };
  }

  // ---- Configuration space

  @Override
  public int readConfig(int offset, int size) {
    if (defect == Defect.THROWS && offset == 0xF0) {
      throw new IllegalStateException("no such register");
    }
    if (defect == Defect.HIDDEN_STATE && ++accesses % 7 == 0) {
      return 0;
    }
    if (defect == Defect.BYTE_READS) {
      return pci.readConfig(offset & ~3, 4);
    }
    if (defect == Defect.ENDLESS_CHAIN && offset == 0x41 && size == 1) {
      return 0x40;
    }
    if (defect == Defect.BAR_SIZE && offset == 0x10 && size == 4) {
      return pci.readConfig(0x10, 4) & 0xFFFF_D000;
    }
    return defect == Defect.LINK_ON_THE_ROOT_BUS ? pci.config().read(offset, size) : pci.readConfig(offset, size);
  }

  @Override
  public void writeConfig(int offset, int size, int value) {
    int control = pci.config().table().capability(Capability.EXPRESS) + 8;
    int power = pci.config().table().capability(Capability.POWER_MANAGEMENT) + 4;
    if (defect == Defect.NO_FUNCTION_RESET && offset == control) {
      return;
    }
    if (defect == Defect.AWAKE && offset == power) {
      return;
    }
    if (defect == Defect.IDS_CAN_BE_WRITTEN && offset == 0 && size == 4) {
      pci.config().set(0, 4, value);
    }
    if (defect == Defect.WIDE_WRITES && size < 4) {
      pci.writeConfig(offset & ~3, 4, value << 8 * (offset & 3));
    } else {
      pci.writeConfig(offset, size, value);
    }
    stick();
  }

  private void stick() {
    boolean up = defect == Defect.STUCK_PIN || defect == Defect.PIN_AND_MESSAGE && pci.sendsMessages();
    if (up && (registers[2] & 1) != 0) {
      slot.bus().interrupt(slot.devfn(), 1, true);
    }
  }

  @Override
  public PciAperture decode(boolean io, long address) {
    long base = pci.base(pci.config().table().bars().getFirst());
    return defect == Defect.DECODES_ALWAYS && !io && address >= base && address < base + BAR
        ? new PciAperture(base, BAR, this, 0) : pci.decode(io, address);
  }

  @Override
  public void hotReset() {
    if (defect != Defect.IGNORES_THE_BUS) {
      pci.hotReset();
    }
  }

  @Override
  public void moved() {
    pci.moved();
  }

  // ---- BAR 0

  @Override
  public long readBar(int bar, long offset, int size) {
    return bar == 0 && offset < 24 ? registers[(int) offset >> 3] >>> 8 * (offset & 7) & -1L >>> 64 - 8 * size : 0;
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {
    if (bar != 0 || offset >= 24) {
      return;
    }
    int register = (int) offset >> 3;
    registers[register] = value;
    try {
      if (register == 1 && features.contains(Feature.MEMORY_WRITES)) {
        (defect == Defect.NO_MASTER ? memory : pci.dma()).write(registers[0], 4, value);
      }
    } catch (ExternalAbort refused) {
      registers[1] = -1;
    }
    if (register == 2) {
      pci.pin((value & 1) != 0 && features.contains(Feature.INTERRUPT_PIN));
      if (pci.sendsMessages() && (value & 1) != 0 && defect == Defect.WRONG_DATA) {
        pci.dma().write(0x800_0040L, 4, 0);
      } else if ((value & 1) != 0) {
        pci.message(0);
      }
      stick();
    }
  }

  @Override
  public void functionReset() {
    registers[2] = 0;
  }

  // ---- The model's life

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    if (defect == Defect.RESET_FORGETS) {
      registers[2] = 0;
      pci.reset();
      return;
    }
    state.reset();
    pci.reset();
  }

  @Override
  public void restored() {
    if (defect != Defect.RESTORE_FORGETS_PIN) {
      pci.restored();
      stick();
    }
  }

  @Override
  public void removed() {
    if (defect != Defect.STAYS_PLUGGED_IN) {
      slot.bus().unplug(slot.devfn(), this);
    }
  }
}
