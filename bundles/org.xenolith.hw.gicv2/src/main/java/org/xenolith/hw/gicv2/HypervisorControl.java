// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hw.gicv2;

import java.util.OptionalLong;
import java.util.function.IntSupplier;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterFaults;

/** The virtual interface control window (GICH), banked by the accessing CPU. Source: Arm IHI 0048B, 5.3. */
final class HypervisorControl implements MmioHandler {
  /** Five priority bits, five of them for preemption. */
  private static final int TYPE = 4 << 29 | 4 << 26 | ListRegisters.COUNT - 1;

  private final ListRegisters lists;
  private final IntSupplier accessor;
  private final RegisterFaults faults;

  HypervisorControl(ListRegisters lists, IntSupplier accessor, RegisterFaults faults) {
    this.lists = lists;
    this.accessor = accessor;
    this.faults = faults;
  }

  @Override
  public long read(long offset, int size) {
    GichRegister register = GichRegister.at(offset);
    if (register == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_READ, offset, 0);
      return 0;
    }
    return value(register, (int) (offset - register.offset) / 4, accessor.getAsInt()) & 0xFFFF_FFFFL;
  }

  /** What a CPU would read. */
  OptionalLong shown(Register word, int cpu) {
    GichRegister register = GichRegister.at(word.spec().offset());
    return OptionalLong.of(value(register, (word.spec().offset() - register.offset) / 4, cpu) & 0xFFFF_FFFFL);
  }

  private int value(GichRegister register, int at, int cpu) {
    return switch (register) {
      case GICH_HCR -> lists.control(cpu);
      case GICH_VTR -> TYPE;
      case GICH_VMCR -> lists.guest[cpu];
      case GICH_MISR -> lists.reasons(cpu);
      // The second words are for list registers from 32 on.
      case GICH_EISR -> at == 0 ? lists.ended(cpu) : 0;
      case GICH_ELRSR -> at == 0 ? lists.free(cpu) : 0;
      case GICH_APR -> lists.active(cpu);
      case GICH_LR -> (int) lists.list(cpu, at);
    };
  }

  @Override
  public void write(long offset, int size, long written) {
    GichRegister register = GichRegister.at(offset);
    if (register == null) {
      faults.report(RegisterFaults.Kind.UNKNOWN_WRITE, offset, written);
      return;
    }
    int cpu = accessor.getAsInt();
    int value = (int) written;
    switch (register) {
      case GICH_HCR -> lists.setControl(cpu, value);
      case GICH_VMCR -> lists.setGuest(cpu, value);
      case GICH_APR -> lists.setActive(cpu, value);
      case GICH_LR -> lists.setList(cpu, (int) (offset - register.offset) / 4, value);
      case GICH_VTR, GICH_MISR, GICH_EISR, GICH_ELRSR -> {
        return;
      }
    }
    lists.update(cpu);
  }
}
