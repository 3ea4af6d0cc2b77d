// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.xenolith.regs.RegisterSpec.at;

import org.xenolith.machine.api.AccessRule;
import org.xenolith.machine.api.BusAccess;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.machine.api.DeviceModelFactory;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.regs.DeviceState;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFile;
import org.xenolith.regs.RegisterSpec;

/**
 * A TrustZone protection controller (BP147; Arm DTO 0015A), a device for software in Secure state: a non-secure access is refused by the bus, and changes nothing. Its
 * outputs, which would open slaves to the other world, lead nowhere, and it has no identification registers.
 */
final class ProtectionController implements DeviceModel, MmioHandler {
  enum Table implements Register {
    R0SIZE(at(0x000, "3.2").rw(0x3FF).reset(0x200)),
    DECPROT0STAT(at(0x800, "3.3")),
    DECPROT0SET(at(0x804, "3.4")),
    DECPROT0CLR(at(0x808, "3.5"));

    private final RegisterSpec spec;

    Table(RegisterSpec spec) {
      this.spec = spec;
    }

    @Override
    public RegisterSpec spec() {
      return spec;
    }
  }

  /** Makes it. */
  static final class Factory implements DeviceModelFactory {
    @Override
    public ModelDescription description() {
      return new ModelDescription("BP147", "TrustZone protection controller", "Arm DTO 0015A");
    }

    @Override
    public DeviceModel create(DeviceContext context) {
      return new ProtectionController(context);
    }
  }

  private static final long DECODED = 0xFF;

  private final DeviceState state = new DeviceState();
  private final RegisterFile<Table> registers;
  private final BusAccess access;

  private ProtectionController(DeviceContext context) {
    access = context.bus().access();
    registers = state.registers("registers", Table.class, context.faults())
        .onWrite(Table.DECPROT0SET, bits -> registers().bits(Table.DECPROT0STAT, bits & DECODED, true))
        .onWrite(Table.DECPROT0CLR, bits -> registers().bits(Table.DECPROT0STAT, bits & DECODED, false));
    context.bus().window(0, AccessRule.WORD, this);
  }

  private RegisterFile<Table> registers() {
    return registers;
  }

  private void require() {
    if (!access.secure()) {
      throw ExternalAbort.INSTANCE;
    }
  }

  @Override
  public long read(long offset, int size) {
    require();
    return registers.read(offset);
  }

  @Override
  public void write(long offset, int size, long value) {
    require();
    registers.write(offset, value);
  }

  @Override
  public DeviceState state() {
    return state;
  }
}
