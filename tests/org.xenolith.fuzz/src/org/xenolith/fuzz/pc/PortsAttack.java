// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.pc;

import java.util.List;
import org.xenolith.fuzz.InputBytes;

/** I/O ports and device windows of a PC: UART, clock, power management, configuration space, HPET, cards. */
public final class PortsAttack extends PcAttack {
  @Override
  public String word() {
    return "ports";
  }

  @Override
  public String says() {
    return "a first byte and steps of two CPUs of a PC, which become machine code: IN, OUT and their strings at any port, loads, stores and"
        + " read-modify-writes at devices' windows, model-specific registers, waits; registers of UART, clock, power management, HPET and"
        + " configuration space";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.hw.ns16550.**", "org.xenolith.hw.cmos.**", "org.xenolith.hw.acpi.**", "org.xenolith.hw.hpet.**",
        "org.xenolith.hw.pcihost.**", "org.xenolith.pci.**", "org.xenolith.hw.virtio.**", "org.xenolith.x64.arch.**");
  }

  @Override
  PcDriver driver() {
    return new PortsDriver();
  }

  /** Knows where the registers are. */
  private static final class PortsDriver implements PcDriver {
    private static final int[] MSRS = {0x10, 0x1B, 0x3B, 0xFE, 0x17, 0x1A0, 0x174, 0x175, 0x176, 0x179, 0x17A, 0x200, 0x201, 0x250, 0x258,
        0x268, 0x277, 0x2FF, 0x400, 0x480, 0x6E0, 0x830, 0x8B, 0xCE, 0x3A, 0x48, 0x49, 0x10A, 0x1D9, 0x345, 0x38F, 0x611};
    private final long[] values = {0xFFFF_FFFFL, -1, 0xFF, 0xFFFF, 0x2000, 0x2001, 0x3C00, 0x3FFF, 6, 0x8000_0000L, 0x8000_0800L,
        0x8000_0804L, 0x8000_0810L, 0x8000_0814L, 0x8000_0840L, 0x80FF_FFFCL, PcPlace.BARS, PcPlace.BARS | 4, PcPlace.LAPIC,
        PcPlace.IO_APIC,
        PcPlace.HPET, PcPlace.ECAM, 0xFEE0_1000L, 0x1000, 0x1001, 0x83, 0x1B, 0x80, 0x26, 0x2F, 0x7A, 0xD6, 0x59, 0x31, 0x12, 0x407, 0x7FFF,
        0x8000_0000_0000_0000L, 0x7FFF_FFFF_FFFF_FFFFL, 0x10_0000, 0x3E80, 0x0106, 0x140, 0x14C, 0x44};

    @Override
    public void begin(int flags, PcScript script) {
      if ((flags & 4) != 0) {
        pins(script);
      }
      if ((flags & 8) != 0) {
        // The card's memory at its place, its decoders on.
        script.store4(PcPlace.ECAM + 0x8010, PcPlace.BARS);
        script.store4(PcPlace.ECAM + 0x8014, PcPlace.BARS + 0x1_0000);
        script.store4(PcPlace.ECAM + 0x8020, PcPlace.BARS + 0x2_0000);
        script.store(PcPlace.ECAM + 0x8004, 2, 0x407);
      }
    }

    @Override
    public int msr(InputBytes input) {
      int which = input.next();
      return which < 0x80 ? MSRS[which % MSRS.length] : which < 0xC0 ? 0x800 + (which & 63) : which < 0xE0 ? 0xC000_0080 + (which & 31)
          : (int) PcValues.next(input, values);
    }

    @Override
    public long[] values() {
      return values;
    }

    @Override
    public void step(int kind, int more, InputBytes input, PcScript script) {
      switch (kind) {
        case 0 -> {
          // The clock: index, then data.
          script.out(0x70, 1, input.next());
          if ((more & 1) == 0) {
            script.out(0x71, 1, input.next());
          } else {
            script.in(0x71, 1);
          }
        }
        case 1 -> {
          script.out(0xCF8, 4, 0x8000_0000L | (input.next() & 15) << 8 | input.next() & 0xFC | ((more & 4) == 0 ? 0 : input.next() << 16));
          int port = 0xCFC + (input.next() & 3);
          if ((more & 3) == 3) {
            script.in(port, 4);
          } else {
            script.out(port, size(more & 3), PcValues.next(input, values));
          }
        }
        case 2 -> script.out(0x3F8 + more, 1, input.next());
        default -> {
          switch (more) {
            case 0 -> script.out(0x604, 2, 0x2000 | input.next() << 7 & 0x1C00);
            case 1 -> script.out(0x60C, 1, input.next());
            case 2 -> script.out(0x600, 4, input.next(4));
            case 3 -> script.in(0x608, 4);
            default -> {
              // A timer of the HPET: configuration, or what it compares with.
              long at = PcPlace.HPET + 0x100 + 0x20 * (input.next() % 3) + ((more & 1) == 0 ? 0 : 8);
              script.store(at, (more & 2) == 0 ? 4 : 8, PcValues.next(input, values));
              script.store4(PcPlace.HPET + 0x10, 1);
            }
          }
        }
      }
    }
  }

  /** All pins of the I/O APIC to the first CPU, each with a vector of its own: the first 16 by their edges, the others by their levels. */
  static void pins(PcScript script) {
    for (int pin = 0; pin < 24; pin++) {
      script.store4(PcPlace.IO_APIC, 0x10 + 2 * pin);
      script.store4(PcPlace.IO_APIC + 0x10, 0x50 + pin | (pin < 16 ? 0 : 0x8000));
    }
  }
}
