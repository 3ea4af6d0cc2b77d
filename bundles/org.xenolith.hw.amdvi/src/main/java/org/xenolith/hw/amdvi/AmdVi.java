// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.amdvi;

import static org.xenolith.hw.amdvi.AmdViRegister.COMMAND_BASE;
import static org.xenolith.hw.amdvi.AmdViRegister.COMMAND_TAIL;
import static org.xenolith.hw.amdvi.AmdViRegister.CONTROL;
import static org.xenolith.hw.amdvi.AmdViRegister.DEVICE_TABLE;
import static org.xenolith.hw.amdvi.AmdViRegister.EVENT_BASE;
import static org.xenolith.hw.amdvi.AmdViRegister.STATUS;

import java.util.List;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DmaPort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelException;
import org.xenolith.pci.api.PciDevice;
import org.xenolith.pci.kit.Capability;
import org.xenolith.pci.kit.ConfigTable;
import org.xenolith.pci.kit.PciEndpoint;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.RegisterFile;

/**
 * An IOMMU: a PCI function without BARs, whose registers are where firmware has put them. Its state is configuration space and
 * registers: all else lies in memory, or is kept of it until software says that it changed.
 */
final class AmdVi implements DeviceModel, MmioHandler, PciDevice {
  /** Of the node: where the registers are, address and size of 64 bits each. */
  static final String REGISTERS = "amd,registers";
  /** Bytes of the registers without performance counters (48882, 3.3). */
  static final long SIZE = 0x4000;
  private static final AccessRule WORDS = new AccessRule(4, 8, false);
  private static final int VENDOR = 0x1022;
  /** Of the IOMMU of family 15h, models 10h to 1Fh. */
  private static final int DEVICE = 0x1419;
  private static final int CLASS = 0x08_0600;
  /** Secure device (48882, 3.2). */
  private static final int CAPABILITY = 0x0F;
  private static final int CAPABILITY_BYTES = 0x14;
  /** Type IOMMU (3), revision 1, EFRSup. */
  private static final int CAPABILITY_HEADER = 3 | 1 << 3 | 1 << 11;
  /** 48 bits of physical addresses (14:8), 64 of virtual ones (21:15). */
  private static final int ADDRESS_SIZES = 48 << 8 | 64 << 15;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<AmdViRegister> registers;
  private final PciEndpoint pci;
  private final AmdViDevices devices;
  private final AmdViTlb tlb = new AmdViTlb();
  private final AmdViEvents events;
  private final AmdViCommands commands;

  AmdVi(DeviceContext context) {
    long base = base(context);
    registers = state.registers("registers", AmdViRegister.class, context.faults());
    pci = new PciEndpoint(context, state, table(base), this);
    DmaPort memory = context.memory().dma();
    Runnable interrupt = () -> pci.message(0);
    events = new AmdViEvents(registers, memory, interrupt);
    devices = new AmdViDevices(registers, memory, events);
    commands = new AmdViCommands(context.time(), registers, memory, events, interrupt, devices, tlb);
    registers.onWrite(DEVICE_TABLE, value -> devices.clear());
    registers.onWrite(COMMAND_BASE, value -> commands.restart());
    registers.onWrite(EVENT_BASE, value -> events.restart());
    registers.onWrite(COMMAND_TAIL, value -> commands.run());
    context.bus().window(new AddressWindow(base, SIZE), WORDS, this);
    AmdViInterrupts interrupts = new AmdViInterrupts(memory, context.memory().dma(0), devices, events);
    context.memory().translator(new AmdViTranslation(registers, memory, devices, tlb, events, interrupts));
  }

  private static long base(DeviceContext context) {
    FdtProperty where = context.node().property(REGISTERS).filter(each -> each.length() == 16).orElse(null);
    long base = where == null ? 0 : where.number(0, 2);
    if (where == null || where.number(2, 2) != SIZE || base % SIZE != 0 || base >>> 52 != 0) {
      throw new ModelException(context.instance() + ": " + REGISTERS
          + ": expected an address of 64 bits that is a multiple of 0x4000, and the"
          + " size 0x4000, as the board's choice iommu=amdvi has them");
    }
    return base;
  }

  private static ConfigTable table(long base) {
    return ConfigTable.endpoint(VENDOR, DEVICE, CLASS, 0)
        // It is a bus master always: drivers of IOMMUs don't ask for it.
        .field(ConfigTable.COMMAND, 2, ConfigTable.COMMAND_MASTER, ConfigTable.COMMAND_INTX_DISABLE, 0)
        .capability(new Capability(CAPABILITY, false, 0, CAPABILITY_BYTES, List.of(field(2, 2, CAPABILITY_HEADER), field(4, 4, (int) base
            | 1),
            field(8, 4, (int) (base >>> 32)), field(12, 4, 0), field(16, 4, ADDRESS_SIZES))))
        .capability(Capability.msi(0, true, false)).build();
  }

  private static Capability.Field field(int offset, int bytes, int value) {
    return new Capability.Field(offset, bytes, value, 0, 0);
  }

  @Override
  public long read(long offset, int size) {
    return size == Long.BYTES ? registers.read64(offset) : registers.read(offset);
  }

  @Override
  public void write(long offset, int size, long value) {
    long before = registers.get(CONTROL);
    if (size == Long.BYTES) {
      registers.write64(offset, value);
    } else {
      registers.write(offset, value);
    }
    long now = registers.get(CONTROL);
    if (now != before) {
      started(before, now, AmdViEvents.ENABLE, AmdViEvents.RUNS);
      started(before, now, AmdViCommands.ENABLE, AmdViCommands.RUNS);
      commands.run();
    }
  }

  /** The log and the commands run from when both they and the IOMMU are enabled (3.4.4); what stopped meanwhile needs to be enabled anew. */
  private void started(long before, long now, long enable, long runs) {
    long both = enable | AmdViTranslation.ENABLE;
    if ((now & both) != both) {
      registers.bits(STATUS, runs, false);
    } else if ((before & both) != both) {
      registers.bits(STATUS, runs, true);
    }
  }

  // ---- The PCI function has no BARs

  @Override
  public long readBar(int bar, long offset, int size) {
    return 0;
  }

  @Override
  public void writeBar(int bar, long offset, int size, long value) {}

  /** Its registers aren't the bus's. */
  @Override
  public void functionReset() {}

  // ---- Its life

  @Override
  public DeviceState state() {
    return state;
  }

  @Override
  public void reset() {
    state.reset();
    commands.reset();
    pci.reset();
    forget();
  }

  /** Memory says the same as before; what an earlier life had kept of it is gone, which hardware may do at any time. */
  @Override
  public void restored() {
    pci.restored();
    forget();
  }

  @Override
  public void removed() {
    pci.removed();
  }

  private void forget() {
    tlb.clear();
    devices.clear();
  }
}
