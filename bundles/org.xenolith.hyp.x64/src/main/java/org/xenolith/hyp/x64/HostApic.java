// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64;

import org.xenolith.hyp.x64.api.HostVectorsPort;
import org.xenolith.x64.api.MsrFault;
import org.xenolith.x64.arch.Core;

/** A physical CPU's own local APIC as the hypervisor drives it: in x2APIC mode, by registers (Intel SDM volume 3, 12.12). */
final class HostApic {
  private static final int BASE = 0x1B;
  private static final long ENABLED = 1 << 11;
  private static final long X2APIC = 1 << 10;
  private static final int TASK_PRIORITY = 0x808;
  private static final int END_OF_INTERRUPT = 0x80B;
  private static final int SPURIOUS = 0x80F;
  private static final int SELF_IPI = 0x83F;
  private static final int SPURIOUS_VECTOR = 0xFF;
  private static final long SOFTWARE_ENABLED = 1 << 8;
  /** The interrupt that only makes a CPU leave its guest. */
  private static final int KICK = 0xF0;

  private final Core cpu;

  HostApic(Core cpu) {
    this.cpu = cpu;
  }

  /** Has it deliver interrupts. */
  void enable() {
    try {
      long base = cpu.msrs.hostRead(BASE);
      cpu.msrs.hostWrite(BASE, base | ENABLED);
      cpu.msrs.hostWrite(BASE, base | ENABLED | X2APIC);
      cpu.msrs.hostWrite(SPURIOUS, SOFTWARE_ENABLED | SPURIOUS_VECTOR);
      cpu.msrs.hostWrite(TASK_PRIORITY, 0);
    } catch (MsrFault absent) {
      // Without one the CPU stands still until there is one.
    }
  }

  /** Takes the interrupt that it has. It ends once it was served, so that a level may be masked first. */
  void serve(HostVectorsPort vectors) {
    int vector = cpu.host.acknowledge();
    if (vector >= 0 && vector != SPURIOUS_VECTOR) {
      if (vector != KICK) {
        vectors.serve(cpu, vector);
      }
      write(END_OF_INTERRUPT, 0);
    }
  }

  /** Interrupts its CPU. */
  void kick() {
    write(SELF_IPI, KICK);
  }

  private void write(int register, long value) {
    try {
      cpu.msrs.hostWrite(register, value);
    } catch (MsrFault absent) {
      // It was taken away: nothing is to be done for one that isn't there.
    }
  }
}
