// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.util.List;
import org.xenolith.fuzz.InputBytes;

/** The I/O APIC, whose pins UART, clock, HPET, power management and cards drive. */
public final class IoApicAttack extends PcAttack {
  private static final int REGISTER = 0x10;
  private static final int EOI = 0x40;

  @Override
  public String word() {
    return "ioapic";
  }

  @Override
  public String says() {
    return "a first byte and steps of two CPUs of a PC, which become machine code: redirection entries of the I/O APIC, by edge and by level,"
        + " ends of interrupts, while UART, clock, HPET and a virtio device drive its pins";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.ioapic.**", "org.xenolith.hw.lapic.**", "org.xenolith.lapic.kit.**", "org.xenolith.hw.hpet.**");
  }

  @Override
  PcDriver driver() {
    return new IoApicDriver();
  }

  /** Knows the registers (Intel 82093AA, 3.2) and what interrupts. */
  private static final class IoApicDriver implements PcDriver {
    private final long[] values = {0xFFFF_FFFFL, -1, 0x1_0000, 0x8000, 0x8050, 0x8051, 0xA050, 0x50, 0x150, 0x250, 0x400, 0x500, 0x700,
        0x850, 0x8950, 0x1_8050, 0x0100_0000, 0x0200_0000, 0x0300_0000, 0xFF00_0000L, 0x5000, 0x4000, 0xEF, 0xF, 0x10, 0x3F, 0x20, 0x40,
        0x1_0400, 0x2042, 0x2E, 0x104, 0x108, 0x10C, 0x14C, 0x4000_0000_0000_0000L};

    @Override
    public void begin(int flags, PcScript script) {
      if ((flags & 4) != 0) {
        PortsAttack.pins(script);
      }
      if ((flags & 8) != 0) {
        // The clock ticks 1,024 times a second, the UART says that it is empty, the HPET runs.
        script.out(0x70, 1, 0xB);
        script.out(0x71, 1, 0x42);
        script.out(0x3F9, 1, 2);
        script.store4(PcPlace.HPET + 0x10, 1);
      }
    }

    @Override
    public long register(InputBytes input) {
      int which = input.next();
      return (which & 0x80) == 0 ? PcPlace.IO_APIC + new int[] {0, REGISTER, 0x20, EOI}[which & 3] + (which >> 2 & 3) : PcValues.address(
          input);
    }

    @Override
    public int msr(InputBytes input) {
      int which = input.next();
      return which < 0x40 ? 0x800 + which : 0x1B;
    }

    @Override
    public long[] values() {
      return values;
    }

    @Override
    public void step(int kind, int more, InputBytes input, PcScript script) {
      switch (kind) {
        case 0 -> {
          // An entry: vector, what bits 15:8 say, masked by bit 7 of the pin's byte; to whom.
          int pin = input.next();
          script.store4(PcPlace.IO_APIC, 0x10 + 2 * (pin & 31) + ((more & 1) == 0 ? 0 : 1));
          script.store4(PcPlace.IO_APIC + REGISTER, (more & 1) == 0 ? input.next() | input.next() << 8 | (pin & 0x80) << 9 : (long) input
              .next() << 24);
        }
        case 1 -> interrupt(more, input, script);
        case 2 -> {
          if ((more & 1) == 0) {
            script.store4(PcPlace.IO_APIC + EOI, input.next());
          } else {
            script.store4(PcPlace.LAPIC + 0xB0, 0);
          }
        }
        default -> {
          script.store4(PcPlace.IO_APIC, input.next());
          if ((more & 1) == 0) {
            script.store(PcPlace.IO_APIC + REGISTER, size(more >> 1), PcValues.next(input, values));
          } else {
            script.load(PcPlace.IO_APIC + REGISTER, 4);
          }
        }
      }
    }

    /** Has a device drive its pin, or not any more. */
    private void interrupt(int more, InputBytes input, PcScript script) {
      switch (more) {
        case 0 -> script.out(0x3F9, 1, input.next() & 15);
        case 1 -> script.in(0x3FA, 1);
        case 2 -> {
          script.out(0x70, 1, 0xA + (input.next() & 1));
          script.out(0x71, 1, input.next());
        }
        case 3 -> {
          script.out(0x70, 1, 0xC);
          script.in(0x71, 1);
        }
        case 4, 5 -> {
          long timer = PcPlace.HPET + 0x100 + 0x20 * (input.next() % 3);
          int how = input.next();
          // Level 1, on 2, periodic 3, sets its accumulator 6, pin 13:9.
          script.store4(timer, how & 0x4E | (how & 0x30) << 5 | (how & 0x80) << 6 | (how & 1) << 12);
          script.store4(timer + 8, input.next() << 2 * (how >> 4 & 7));
          script.store4(PcPlace.HPET + 0x10, 1 | how & 2 & ~more);
        }
        case 6 -> script.store4(PcPlace.HPET + 0x20, input.next());
        default -> {
          script.out(0x600, 4, input.next() << 16 | input.next() << 8);
          script.store4(PcPlace.VIRTIO + 0x50, input.next() & 3);
        }
      }
    }
  }
}
