// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import java.util.List;
import org.xenolith.efi.boot.api.EfiAccess;
import org.xenolith.efi.boot.kit.TreeDevice;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/**
 * How the timer's interrupt is let through to the boot CPU: the generic timer's by a GICv2 (Arm IHI 0048, 4.3 and 4.4) or a GICv3 (Arm IHI 0069, 12.9 and
 * 12.11); the local APIC's own.
 *
 * @param routine      whether the program's routine is called, too
 * @param acknowledged what the program reads: address of a GICv2's CPU interface, or of a local APIC; 1 of a GIC with system registers
 * @param accesses     what is to be done before
 */
record TimerInterrupt(boolean routine, long acknowledged, List<EfiAccess> accesses) {
  private static final long SYSTEM_REGISTERS = 1;
  private static final int PPIS = 16;
  private static final int PRIORITY = 0x80;
  private static final int CELLS = 3;
  /** Which of the timer's interrupts: that of the non-secure physical timer, or of the virtual one. */
  private static final int PHYSICAL = 1;
  private static final int VIRTUAL = 2;
  private static final int SGI_FRAME = 0x1_0000;
  private static final int WAKER = 0x14;
  private static final int CHILDREN_ASLEEP = 4;
  /** Affinity routing; groups 0 and 1. */
  private static final int ROUTED = 0x13;
  private static final long REGISTER_WRITE_PENDING = 1L << 31;

  /** Of a machine's tree; null if it has none that is known. @param hypervisor whether the firmware runs at EL2 */
  static TimerInterrupt of(Fdt tree, boolean hypervisor) {
    int id = timer(tree, hypervisor ? PHYSICAL : VIRTUAL);
    if (id < 0) {
      return null;
    }
    for (String compatible : List.of("arm,cortex-a15-gic", "arm,gic-400")) {
      for (TreeDevice gic : TreeDevice.of(tree, compatible)) {
        return version2(gic.base(), second(tree, gic), id);
      }
    }
    for (TreeDevice gic : TreeDevice.of(tree, "arm,gic-v3")) {
      return version3(gic.base(), second(tree, gic), id);
    }
    return null;
  }

  /** INTID of one of the timer's interrupts; -1 if the tree doesn't say. */
  private static int timer(Fdt tree, int which) {
    for (FdtNode node : tree.root().children()) {
      boolean timer = node.property("compatible").map(FdtProperty::strings).orElse(List.of()).contains("arm,armv8-timer");
      FdtProperty interrupts = node.property("interrupts").orElse(null);
      if (timer && interrupts != null && interrupts.cellCount() >= CELLS * (which + 1) && interrupts.cell(CELLS * which) == 1) {
        int id = PPIS + interrupts.cell(CELLS * which + 1);
        return id >= PPIS && id < 2 * PPIS ? id : -1;
      }
    }
    return -1;
  }

  /** The second window: CPU interface or redistributors. */
  private static long second(Fdt tree, TreeDevice gic) {
    FdtProperty reg = gic.node().property("reg").orElseThrow();
    int half = reg.cellCount() >= 8 ? 4 : reg.cellCount() / 2;
    return reg.number(half, half / 2);
  }

  private static TimerInterrupt version2(long distributor, long cpu, int id) {
    return new TimerInterrupt(false, cpu, List.of(EfiAccess.write(4, distributor + 0x100, 1L << id), EfiAccess.write(1, distributor + 0x400
        + id,
        PRIORITY),
        EfiAccess.write(4, distributor, 1), EfiAccess.write(4, cpu + 4, 0xFF), EfiAccess.write(4, cpu, 1)));
  }

  /** The boot CPU's redistributor is the first one. */
  private static TimerInterrupt version3(long distributor, long redistributor, int id) {
    long frame = redistributor + SGI_FRAME;
    return new TimerInterrupt(true, SYSTEM_REGISTERS, List.of(EfiAccess.write(4, distributor, ROUTED), EfiAccess.untilClear(4, distributor,
        REGISTER_WRITE_PENDING),
        EfiAccess.write(4, redistributor + WAKER, 0), EfiAccess.untilClear(4, redistributor + WAKER, CHILDREN_ASLEEP), EfiAccess.write(4,
            frame
                + 0x80,
            0xFFFF_FFFFL), EfiAccess.write(1, frame + 0x400 + id, PRIORITY), EfiAccess.write(4, frame + 0x100, 1L << id)));
  }
}
