// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.util.List;
import org.xenolith.fuzz.InputBytes;

/** Local APICs of two CPUs, in memory and as model-specific registers. */
public final class LapicAttack extends PcAttack {
  @Override
  public String word() {
    return "lapic";
  }

  @Override
  public String says() {
    return "a first byte and steps of two CPUs of a PC, which become machine code: registers of local APICs in memory and in x2APIC mode,"
        + " timers, interrupts between the CPUs, INIT and start-up, changes of mode";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.lapic.**", "org.xenolith.lapic.kit.**", "org.xenolith.x64.arch.**");
  }

  @Override
  PcDriver driver() {
    return new LapicDriver();
  }

  /** Knows the registers (SDM volume 3, table 12-1). */
  private static final class LapicDriver implements PcDriver {
    private static final int[] REGISTERS = {0x20, 0x30, 0x80, 0x90, 0xA0, 0xB0, 0xD0, 0xE0, 0xF0, 0x100, 0x120, 0x180, 0x200, 0x220, 0x280,
        0x2F0, 0x300, 0x310, 0x320, 0x330, 0x340, 0x350, 0x360, 0x370, 0x380, 0x390, 0x3E0, 0x3F0, 0x270, 0x170, 0x1F0, 0xC0};
    private static final int APIC_BASE = 0x1B;
    private static final int SELF_IPI = 0x83F;
    private final long[] values = {0xFFFF_FFFFL, -1, 0x1FF, 0xFF, 0x1_FF, 0x11FF, 0x1_0000, 0x2_0040, 0x4_0040, 0x6_0040, 0x3_00EF, 0x40,
        0x400, 0x500, 0x600, 0x700, 0x8000, 0xA700, 0xB, 0x8, 0xFEE0_0000L, 0xFEE0_0800L, 0xFEE0_0900L, 0xFEE0_0C00L, 0xFEE0_0D00L,
        0xFEE0_0400L, 0x1_FEE0_0800L, 0x0100_0000, 0xFF00_0000L, 0xF000_0000L, 0x0FFF_FFFF, 0x1_0000_0040L, 0xFFFF_FFFF_0000_0040L,
        0x8_4040, 0x4_4040, 0xC_4040, 0x1_0000_4500L, 0x1_0000_4601L, 0xC_4500, 0xC_4601, 0x8_4400, 0x4_0200, 0x7FFF_FFFF, 0xEFF, 0xF,
        0x10, 0x1F};

    @Override
    public void begin(int flags, PcScript script) {
      if ((flags & 4) != 0) {
        script.writeMsr(APIC_BASE, PcPlace.LAPIC | 0xC00);
      }
      if ((flags & 8) != 0) {
        // A timer's interrupts, again and again.
        script.store4(PcPlace.LAPIC + 0x320, 0x2_0041);
        script.store4(PcPlace.LAPIC + 0x380, 20_000);
      }
    }

    @Override
    public long register(InputBytes input) {
      int which = input.next();
      return (which & 0x80) == 0 ? PcPlace.LAPIC + REGISTERS[which & 31] + ((which & 0x60) == 0x60 ? input.next() & 15 : 0) : PcValues
          .address(input);
    }

    @Override
    public int msr(InputBytes input) {
      int which = input.next();
      return which < 0x80 ? 0x800 + (REGISTERS[which & 31] >> 4) : which < 0xC0 ? 0x800 + (which & 63) : new int[] {APIC_BASE, 0x6E0, 0x10,
          0x3B, SELF_IPI, 0x840, 0x7FF, 0x6E1}[which & 7];
    }

    @Override
    public long[] values() {
      return values;
    }

    @Override
    public void step(int kind, int more, InputBytes input, PcScript script) {
      switch (kind) {
        case 0 -> {
          // Vector, delivery mode 10:8, logical 11, assert 14, level 15, shorthand 19:18.
          int how = input.next();
          int low = input.next() | (how & 7) << 8 | (how & 8) << 8 | (how & 0x30) << 10 | (how & 0xC0) << 12;
          long to = input.next();
          if ((more & 1) == 0) {
            script.store4(PcPlace.LAPIC + 0x310, to << 24);
            script.store4(PcPlace.LAPIC + 0x300, low);
          } else {
            script.writeMsr(0x830, to << 32 | low);
          }
        }
        case 1 -> {
          int which = 0x32 + more % 6;
          int low = input.next() | input.next() << 8 & 0xA700 | input.next() << 16 & 0x7_0000;
          long count = PcValues.next(input, values);
          if (input.next() % 2 == 0) {
            script.store4(PcPlace.LAPIC + 16 * which, low);
            script.store4(PcPlace.LAPIC + 0x380, count);
          } else {
            script.writeMsr(0x800 + which, low);
            script.writeMsr(0x838, count & 0xFFFF_FFFFL);
          }
        }
        case 2 -> script.writeMsr(APIC_BASE, PcPlace.LAPIC | (more & 3) << 10 | (more & 4) << 6);
        default -> {
          switch (more) {
            case 0 -> {
              script.store4(PcPlace.LAPIC + 0x300, 0xC_4500);
              script.store4(PcPlace.LAPIC + 0x300, 0xC_4600 | input.next() & 3);
            }
            case 1, 2 -> {
              script.store4(PcPlace.LAPIC + 0x320, 0x4_0042);
              script.deadline(input.next() << 6);
            }
            case 3 -> script.writeMsr(SELF_IPI, input.next());
            case 4 -> script.store4(PcPlace.LAPIC + 0xB0, 0);
            case 5 -> script.writeMsr(0x80B, 0);
            case 6 -> script.store4(PcPlace.LAPIC + 0x80, input.next());
            default -> script.store4(PcPlace.LAPIC + 0xF0, 0x100 | input.next() | (input.next() & 1) << 12);
          }
        }
      }
    }
  }
}
