// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.xenolith.a64.arch.SystemRegister.id;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.arm.api.ArmCpu;
import org.xenolith.arm.api.SystemRegisterHandler;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.testkit.a64.BareMachine;

/**
 * CPUs with a GICv3 as far as a hypervisor's driver goes, without priorities between physical interrupts. Written from the
 * manual for these tests alone; registers that only remember are in a map.
 */
final class SmallGicv3 implements SystemRegisterHandler {
  static final int LISTS = 4;
  static final int LINES = 96;
  static final GicHardware HARDWARE = new GicHardware(3, new AddressWindow(0x800_0000, 0x1_0000),
      new AddressWindow(0x80A_0000, 0x4_0000), null, null, 0x2_0000, 25);
  private static final long PENDING = 1L << 62;
  private static final long ACTIVE = 1L << 63;
  private static final long HARDWARE_BIT = 1L << 61;
  private static final long TELL = 1L << 41;
  private static final int IAR1 = id(3, 0, 12, 12, 0);
  private static final int DIR = id(3, 0, 12, 11, 1);
  private static final int SGI1R = id(3, 0, 12, 11, 5);
  private static final int HCR = id(3, 4, 12, 11, 0);
  private static final int VTR = id(3, 4, 12, 11, 1);
  private static final int VMCR = id(3, 4, 12, 11, 7);
  private static final int LR0 = id(3, 4, 12, 12, 0);

  private final Environment environment = new Environment();
  final List<Cpu> cpus = environment.cpus();
  final long[][] lists;
  private final boolean[][] enabled;
  private final boolean[][] raised;
  private final boolean[][] active;
  private final boolean[] awake;
  /** RAM behind the frames; null for none. */
  RamBus memory;
  /** Whether redistributors have LPIs. */
  boolean lpis;
  /** By CPU and offset of the word: registers of the RD frame that come with LPIs. */
  final int[][] lpiRegisters;
  /** A physical LPI that is pending; 0 for none. */
  private final int[] lpi;
  final long[] routes = new long[LINES];
  private final List<Map<Integer, Long>> registers = new ArrayList<>();
  /** Interrupts deactivated by DIR or through a list register. */
  final List<Integer> deactivated = new ArrayList<>();

  SmallGicv3(int count) {
    lists = new long[count][LISTS];
    enabled = new boolean[count][LINES];
    raised = new boolean[count][LINES];
    active = new boolean[count][LINES];
    awake = new boolean[count];
    lpiRegisters = new int[count][0x80];
    lpi = new int[count];
    for (int i = 0; i < count; i++) {
      // In another order than their numbers: affinities are what counts.
      Cpu cpu = environment.add(CpuConfig.cortexA57(count - 1 - i).withLevels(true, false));
      registers.add(new HashMap<>());
      cpu.claim(this, id(3, 0, 4, 6, 0), DIR, SGI1R, IAR1, id(3, 0, 12, 12, 1), id(3, 0, 12, 12, 3), id(3, 0, 12, 12, 4),
          id(3, 0, 12, 12, 7), id(3, 4, 12, 9, 5), id(3, 4, 12, 8, 0), id(3, 4, 12, 9, 0), HCR, VTR, VMCR, LR0, LR0 + 1, LR0 + 2,
          LR0 + 3);
    }
  }

  private final class Environment extends BareMachine {
    @Override
    public boolean firmwareCall(Cpu caller, boolean hvc) {
      return false;
    }

    @Override
    public Ram ram(long address) {
      return memory == null ? null : memory.ram(address);
    }

    @Override
    public long read(long address, int size) {
      int offset = (int) (address - 0x80A_0000);
      if (address >= 0x800_0000 && address < 0x801_0000) {
        return (address & 0xFFFF) == 4 ? LINES / 32 - 1 : 0;
      }
      if (size != 4 || offset < 0 || offset >= cpus().size() * 0x2_0000) {
        throw ExternalAbort.INSTANCE;
      }
      // The frames are in the order of affinities.
      int frame = offset / 0x2_0000;
      return switch (offset % 0x2_0000) {
        case 0xC -> frame;
        case 0x8 -> (frame == cpus().size() - 1 ? 0x10 : 0) | (lpis ? 1 : 0);
        case 0 -> lpiRegisters[cpus().size() - 1 - frame][0];
        case 0x14 -> awake[cpus().size() - 1 - frame] ? 0 : 6;
        default -> 0;
      };
    }

    @Override
    public void write(long address, int size, long value) {
      if (size != 4) {
        throw ExternalAbort.INSTANCE;
      }
      if (address >= 0x800_0000 && address < 0x801_0000) {
        int offset = (int) address & 0xFFFF;
        if (offset >= 0x6000 && offset < 0x6000 + LINES * 8 && (offset & 4) == 0) {
          routes[(offset - 0x6000) / 8] = value;
        }
        enables(0, offset, (int) value);
        return;
      }
      int offset = (int) (address - 0x80A_0000);
      int cpu = cpus().size() - 1 - offset / 0x2_0000;
      int at = offset % 0x2_0000;
      if (at == 0x14) {
        awake[cpu] = (value & 2) == 0;
      } else if (lpis && at < 0x80) {
        lpiRegisters[cpu][at] = (int) value;
      } else if (at >= 0x1_0000) {
        enables(cpu, at - 0x1_0000, (int) value);
      }
    }
  }

  private void enables(int cpu, int offset, int value) {
    if (offset >= 0x100 && offset < 0x200) {
      int first = (offset & 0x7F) * 8;
      for (int i = 0; i < 32 && first + i < LINES; i++) {
        if ((value >> i & 1) != 0) {
          enabled[cpu][first + i] = offset < 0x180;
        }
      }
    }
  }

  private static int bank(int cpu, int intid) {
    return intid < 32 ? cpu : 0;
  }

  boolean enabled(int cpu, int intid) {
    return enabled[bank(cpu, intid)][intid];
  }

  /** A device's edge. */
  void raise(int cpu, int intid) {
    raised[bank(cpu, intid)][intid] = true;
  }

  /** An ITS makes an LPI pending. */
  void raiseLpi(int cpu, int intid) {
    lpi[cpu] = intid;
  }

  /** Whether the CPU's IRQ input is high. */
  boolean irq(int cpu) {
    return next(cpu) != 1023;
  }

  private boolean maintenance(int cpu) {
    int used = 0;
    boolean ended = false;
    for (long entry : lists[cpu]) {
      boolean live = (entry & (PENDING | ACTIVE)) != 0;
      used += live ? 1 : 0;
      ended |= !live && (entry & (HARDWARE_BIT | TELL)) == TELL;
    }
    long hcr = registers.get(cpu).getOrDefault(HCR, 0L);
    return (hcr & 1) != 0 && (ended || (hcr & 2) != 0 && used <= 1);
  }

  private int next(int cpu) {
    for (int intid = 0; awake[cpu] && intid < LINES; intid++) {
      int bank = bank(cpu, intid);
      boolean high = raised[bank][intid] || intid == 25 && maintenance(cpu);
      if (high && enabled[bank][intid] && !active[bank][intid]) {
        return intid;
      }
    }
    return lpi[cpu] != 0 && lpiRegisters[cpu][0] == 1 ? lpi[cpu] : 1023;
  }

  @Override
  public long read(ArmCpu port, int register) {
    int cpu = port.index();
    if (register == IAR1) {
      int intid = next(cpu);
      if (intid >= 8192) {
        lpi[cpu] = 0;
      }
      if (intid < 1020) {
        active[bank(cpu, intid)][intid] = true;
        raised[bank(cpu, intid)][intid] = false;
      }
      return intid;
    }
    if (register == VTR) {
      return 4L << 26 | LISTS - 1;
    }
    return register >= LR0 && register < LR0 + LISTS ? lists[cpu][register - LR0] : registers.get(cpu).getOrDefault(register, 0L);
  }

  @Override
  public void write(ArmCpu port, int register, long value) {
    int cpu = port.index();
    if (register == DIR) {
      deactivate(cpu, (int) value);
    } else if (register == SGI1R) {
      for (Cpu to : cpus) {
        if ((value >> to.affinity() & 1) != 0) {
          raise(to.index(), (int) (value >> 24) & 15);
        }
      }
    } else if (register >= LR0 && register < LR0 + LISTS) {
      lists[cpu][register - LR0] = value;
    } else {
      registers.get(cpu).put(register, value);
    }
  }

  private void deactivate(int cpu, int intid) {
    active[bank(cpu, intid)][intid] = false;
    deactivated.add(intid);
  }

  // ---- The guest on a CPU

  /** The guest turns its CPU interface on: group 1, no priority masked. */
  void guestOn(int cpu) {
    registers.get(cpu).put(VMCR, 0xF8L << 24 | 2);
  }

  /** What ICV_IAR1_EL1 gives the guest. */
  int guestAcknowledges(int cpu) {
    int best = -1;
    for (int i = 0; i < LISTS; i++) {
      long entry = lists[cpu][i];
      boolean candidate = (entry & (PENDING | ACTIVE)) == PENDING && (entry >> 60 & 1) == 1;
      if (candidate && (best < 0 || (entry >> 48 & 0xFF) < (lists[cpu][best] >> 48 & 0xFF))) {
        best = i;
      }
    }
    if (best < 0) {
      return 1023;
    }
    lists[cpu][best] = lists[cpu][best] & ~PENDING | ACTIVE;
    return (int) lists[cpu][best];
  }

  /** The guest writes ICV_EOIR1_EL1. */
  void guestEnds(int cpu, int number) {
    for (int i = 0; i < LISTS; i++) {
      long entry = lists[cpu][i];
      if ((entry & ACTIVE) != 0 && (int) entry == number) {
        lists[cpu][i] = entry & ~ACTIVE;
        if ((entry & HARDWARE_BIT) != 0) {
          deactivate(cpu, (int) (entry >> 32) & 0x1FFF);
        }
        return;
      }
    }
    if (number >= 8192) {
      // Its active state may have been taken from the list register: then the end is only counted.
      return;
    }
    throw new AssertionError("the guest ends " + number + ", which isn't active");
  }
}
