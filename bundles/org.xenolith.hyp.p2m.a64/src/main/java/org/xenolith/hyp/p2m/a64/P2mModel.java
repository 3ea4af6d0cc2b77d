// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.p2m.a64;

import static org.xenolith.command.api.OptionName.option;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.Granule;
import org.xenolith.a64.arch.SystemRegister;
import org.xenolith.hyp.memory.kit.DomainMaps;
import org.xenolith.hyp.memory.kit.DomainTables;
import org.xenolith.machine.api.DeviceContext;
import org.xenolith.machine.api.ModelException;

/** Stage 2 of all domains. */
final class P2mModel extends DomainMaps {
  /** VMIDs have 8 bits; 0 is nobody's. */
  private static final int VMIDS = 256;
  private static final int VMID_SHIFT = 48;
  private static final int ID_AA64MMFR0_EL1 = SystemRegister.id(3, 0, 0, 7, 0);
  private static final int PHYSICAL_SIZE = 15;

  private final TlbMaintenance maintenance;
  private final long control;

  P2mModel(DeviceContext context, int bits) {
    Cpu cpu = context.processors().cpus().getFirst().as(Cpu.class);
    if (!cpu.config.granules().contains(Granule.K4)) {
      throw new ModelException("stage 2 has pages of 4 KiB, as Xen's interface does, and the CPUs have granules of "
          + Granule.list(cpu.config.granules()) + " only: add 4k to " + option("granules"));
    }
    if (bits > cpu.config.physicalBits()) {
      throw new ModelException("stage 2 with addresses of " + bits + " bits: the CPUs have physical addresses of " + cpu.config
          .physicalBits() + " bits (their option physical-bits)");
    }
    Stage2Format format = new Stage2Format(bits);
    super(context, format, VMIDS, false);
    maintenance = new TlbMaintenance(domains, cpu);
    control = format.control((int) cpu.el2.readRegister(ID_AA64MMFR0_EL1) & PHYSICAL_SIZE);
  }

  /** VTTBR_EL2. */
  @Override
  protected long register(DomainTables tables) {
    return (long) tables.tag() << VMID_SHIFT | tables.root();
  }

  @Override
  protected void invalidate(long register) {
    maintenance.invalidate(register);
  }

  /** VTCR_EL2. */
  @Override
  public long control() {
    return control;
  }
}
