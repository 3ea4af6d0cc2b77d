// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.CpuConfig;
import org.xenolith.a64.arch.CpuEnvironment;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;
import org.xenolith.platform.api.AddressWindow;

/**
 * CPUs with a GICv2 as far as a hypervisor's driver goes: what the manual says of enables, active states and list registers,
 * without priorities between physical interrupts. Written from the manual for these tests alone.
 */
final class SmallGicv2 {
  static final int LISTS = 4;
  static final int LINES = 96;
  static final GicHardware HARDWARE = new GicHardware(2, new AddressWindow(0x800_0000, 0x1_0000),
      new AddressWindow(0x801_0000, 0x1_0000), new AddressWindow(0x803_0000, 0x1_0000),
      new AddressWindow(0x804_0000, 0x1_0000), 0, 25);
  /** A page of RAM. */
  static final long MEMORY = 0x4000_0000L;
  private static final int PENDING = 1 << 28;
  private static final int ACTIVE = 1 << 29;

  final Ram memory = new Ram(MEMORY, 4096);
  final List<Cpu> cpus = new ArrayList<>();
  private final boolean[][] enabled;
  private final boolean[][] raised;
  private final boolean[][] active;
  private final boolean[] edge = new boolean[LINES];
  final int[] target = new int[LINES];
  /** By CPU. */
  final int[][] lists;
  final int[] hcr;
  final int[] vmcr;
  /** Interrupts deactivated by DIR or through a list register. */
  final List<Integer> deactivated = new ArrayList<>();
  private int sgiSource;

  SmallGicv2(int count) {
    enabled = new boolean[count][LINES];
    raised = new boolean[count][LINES];
    active = new boolean[count][LINES];
    lists = new int[count][LISTS];
    hcr = new int[count];
    vmcr = new int[count];
    for (int i = 0; i < count; i++) {
      cpus.add(new Cpu(i, CpuConfig.cortexA57(i).withLevels(true, false), new Environment(i)));
    }
  }

  private final class Environment implements CpuEnvironment, RamBus {
    private final int cpu;

    Environment(int cpu) {
      this.cpu = cpu;
    }

    @Override
    public RamBus bus() {
      return this;
    }

    @Override
    public List<Cpu> cpus() {
      return cpus;
    }

    @Override
    public boolean firmwareCall(Cpu caller, boolean hvc) {
      return false;
    }

    @Override
    public void wake(Cpu woken) {}

    @Override
    public EventLog events() {
      return (kind, place, text) -> {};
    }

    @Override
    public Ram ram(long address) {
      return address >= MEMORY && address < MEMORY + 4096 ? memory : null;
    }

    @Override
    public long read(long address, int size) {
      int offset = (int) address & 0xFFFF;
      return switch ((int) (address >>> 16)) {
        case 0x800 -> readDistributor(cpu, offset) & 0xFFFF_FFFFL;
        case 0x801 -> offset == 0xC ? acknowledge(cpu) : 0;
        case 0x803 -> readControl(cpu, offset) & 0xFFFF_FFFFL;
        default -> throw ExternalAbort.INSTANCE;
      };
    }

    @Override
    public void write(long address, int size, long value) {
      int offset = (int) address & 0xFFFF;
      switch ((int) (address >>> 16)) {
        case 0x800 -> writeDistributor(cpu, offset, size, (int) value);
        case 0x801 -> {
          if (offset == 0x1000) {
            deactivate(cpu, (int) value & 0x3FF);
          }
        }
        case 0x803 -> writeControl(cpu, offset, (int) value);
        default -> throw ExternalAbort.INSTANCE;
      }
    }
  }

  private int bank(int cpu, int intid) {
    return intid < 32 ? cpu : 0;
  }

  /** A device's edge. */
  void raise(int cpu, int intid) {
    raised[bank(cpu, intid)][intid] = true;
  }

  /** Whether the CPU's IRQ input is high. */
  boolean irq(int cpu) {
    return next(cpu) < 1020;
  }

  boolean enabled(int cpu, int intid) {
    return enabled[bank(cpu, intid)][intid];
  }

  boolean edge(int intid) {
    return edge[intid];
  }

  private boolean maintenance(int cpu) {
    int used = 0;
    boolean ended = false;
    for (int entry : lists[cpu]) {
      boolean live = (entry & (PENDING | ACTIVE)) != 0;
      used += live ? 1 : 0;
      ended |= !live && entry >= 0 && (entry & 1 << 19) != 0;
    }
    return (hcr[cpu] & 1) != 0 && (ended || (hcr[cpu] & 2) != 0 && used <= 1);
  }

  private int next(int cpu) {
    for (int id = 0; id < LINES; id++) {
      int bank = bank(cpu, id);
      boolean high = raised[bank][id] || id == 25 && maintenance(cpu);
      if (high && enabled[bank][id] && !active[bank][id]) {
        return id;
      }
    }
    return 1023;
  }

  private int acknowledge(int cpu) {
    int id = next(cpu);
    if (id < 1020) {
      active[bank(cpu, id)][id] = true;
      raised[bank(cpu, id)][id] = false;
    }
    return id < 16 ? id | sgiSource << 10 : id;
  }

  private void deactivate(int cpu, int intid) {
    active[bank(cpu, intid)][intid] = false;
    deactivated.add(intid);
  }

  private int readDistributor(int cpu, int offset) {
    return offset == 4 ? LINES / 32 - 1 | cpus.size() - 1 << 5 : 0;
  }

  private void writeDistributor(int cpu, int offset, int size, int value) {
    if (offset >= 0x100 && offset < 0x200) {
      int first = (offset & 0x7F) * 8;
      for (int i = 0; i < 32 && first + i < LINES; i++) {
        if ((value >> i & 1) != 0) {
          enabled[bank(cpu, first + i)][first + i] = offset < 0x180;
        }
      }
    } else if (offset >= 0x800 && offset < 0x800 + LINES) {
      for (int i = 0; i < size; i++) {
        target[offset - 0x800 + i] = value >> i * 8 & 0xFF;
      }
    } else if (offset >= 0xC00 && offset < 0xC00 + LINES / 4) {
      for (int i = 0; i < 16; i++) {
        edge[(offset - 0xC00) * 4 + i] = (value >> i * 2 + 1 & 1) != 0;
      }
    } else if (offset == 0xF00 && value >>> 24 == 2) {
      sgiSource = cpu;
      raise(cpu, value & 15);
    }
  }

  private int readControl(int cpu, int offset) {
    return switch (offset) {
      case 0 -> hcr[cpu];
      case 4 -> LISTS - 1;
      case 8 -> vmcr[cpu];
      default -> offset >= 0x100 && offset < 0x100 + LISTS * 4 ? lists[cpu][(offset - 0x100) / 4] : 0;
    };
  }

  private void writeControl(int cpu, int offset, int value) {
    if (offset == 0) {
      hcr[cpu] = value;
    } else if (offset == 8) {
      vmcr[cpu] = value;
    } else if (offset >= 0x100 && offset < 0x100 + LISTS * 4) {
      lists[cpu][(offset - 0x100) / 4] = value;
    }
  }

  // ---- The guest on a CPU

  /** The guest turns its CPU interface on: group 0, no priority masked. */
  void guestOn(int cpu) {
    vmcr[cpu] = 31 << 27 | 1;
  }

  /** What GICV_IAR gives the guest: number, for an SGI with its source in bits 12:10. */
  int guestAcknowledges(int cpu) {
    int best = -1;
    for (int i = 0; i < LISTS; i++) {
      int entry = lists[cpu][i];
      if ((entry & (PENDING | ACTIVE)) == PENDING && (best < 0 || (entry >> 23 & 31) < (lists[cpu][best] >> 23 & 31))) {
        best = i;
      }
    }
    if (best < 0 || (hcr[cpu] & 1) == 0) {
      return 1023;
    }
    int entry = lists[cpu][best];
    lists[cpu][best] = entry & ~PENDING | ACTIVE;
    return (entry & 0x3FF) < 16 ? entry & 0x1FFF : entry & 0x3FF;
  }

  /** The guest writes GICV_EOIR. */
  void guestEnds(int cpu, int number) {
    for (int i = 0; i < LISTS; i++) {
      int entry = lists[cpu][i];
      int own = (entry & 0x3FF) < 16 ? entry & 0x1FFF : entry & 0x3FF;
      if ((entry & ACTIVE) != 0 && own == number) {
        lists[cpu][i] = entry & ~ACTIVE;
        if (entry < 0) {
          deactivate(cpu, entry >> 10 & 0x3FF);
        }
        return;
      }
    }
    throw new AssertionError("the guest ends " + number + ", which isn't active");
  }
}
