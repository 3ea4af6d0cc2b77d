// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.arm.kit.ArmVcpu;
import org.xenolith.xen.abi.GuestMap;
import org.xenolith.xen.abi.HypercallNumber;

/**
 * What a guest does with the functions that it was given, as an input has it, made into code at {@link GuestPlace#PROGRAM}. The first
 * byte says what is set up before (see {@link #prepare}). Then each step: its kind (bits 2:0), a general register 0 to 7 (bits 5:3),
 * and what the kind takes. Calls of physdev_op are Dom0's, made before the guest runs (bit 7 of the kind) or after.
 */
final class PciInput {
  private static final int MOST_STEPS = 64;
  /** Bytes of code that a step may need. */
  private static final int MOST_CODE = 160;
  private static final int MOST_CALLS = 16;
  private static final long ITS = 0x0808_0000;
  private static final long DOORBELL = ITS + 0x1_0040;
  private static final long REDISTRIBUTOR = GuestMap.GUEST_GICV3_GICR0_BASE;
  private static final long BARS = GuestMap.GUEST_VPCI_MEM_ADDR;
  /** From one function's BARs to another's. */
  private static final int SLOT = 0x1_0000;
  private static final int DEVFN_SHIFT = 15;
  private static final long VALID = 1L << 63;
  /** The ITS's queue: a page, and how many commands fit. */
  private static final long QUEUE = GuestPlace.DATA;
  private static final int COMMANDS = 127;
  private static final long PROPERTIES = GuestPlace.DATA + 0x4000;
  private static final long PENDING = GuestPlace.SHARED;
  /** The rogue endpoint's capability: behind that of power management. */
  private static final int MSIX = 0x48;
  private static final long MSIX_ENABLE = 0x8000_0000L;
  private static final int[] ITS_REGISTERS = {0, 8, 0x80, 0x88, 0x90, 0x100, 0x108, 0x110, 0xFFE8, 0x1_0040, 0x1_0000, 4, 0x84, 0x8C,
      0x104, 0x1_0044};
  private static final int[] GICR_REGISTERS = {0, 0x40, 0x48, 0x70, 0x78, 0xA0, 0xB0, 0xC0, 0x74, 0x7C, 0x14, 8, 0x10, 0x1_0080,
      0x1_0280, 0x1_0400};
  private static final int[] OPERATIONS = {1, 3, 4, 5, 8, 9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xF};
  private static final int[] PHYSDEV = {15, 16, 20, 24, 25, 26, 32, 0x8000_0016, 31, 13};

  private final InputBytes input;
  private final GuestProgram code = new GuestProgram();
  private final ByteBuffer queue = ByteBuffer.allocate(32 * (COMMANDS + 1)).order(ByteOrder.LITTLE_ENDIAN);
  private final List<Runnable> before = new ArrayList<>();
  private final List<Runnable> after = new ArrayList<>();
  private final World world;
  private int commands;

  private PciInput(World world, byte[] bytes) {
    this.world = world;
    input = new InputBytes(bytes);
  }

  /** @return the instructions that it is given */
  static long place(World world, Domain guest, byte[] bytes) {
    PciInput made = new PciInput(world, bytes);
    made.prepare(made.input.next());
    for (int left = MOST_STEPS; left > 0 && !made.input.end() && made.code.left() > MOST_CODE; left--) {
      made.step();
    }
    long instructions = made.code.place(guest);
    guest.memory().write(QUEUE, made.queue.array(), 0, made.queue.capacity());
    made.before.forEach(Runnable::run);
    world.pci.calls(made.after);
    return instructions;
  }

  /** Bit 0: BARs have places and decode, DMA is on; 1: LPIs and the ITS are on; 2: messages of the first function are mapped, MSI-X is on. */
  private void prepare(int flags) {
    if ((flags & 1) != 0) {
      for (int i = 0; i < 2; i++) {
        long function = config(i, 0);
        code.store(function + 0x10, 4, bar(i, 0));
        code.store(function + 0x18, 4, bar(i, 2));
        code.store(function + 0x20, 4, bar(i, 4));
        code.store(function + 4, 4, 6);
      }
    }
    if ((flags & 2) != 0) {
      code.store(REDISTRIBUTOR + 0x70, 8, PROPERTIES | 13);
      code.store(REDISTRIBUTOR + 0x78, 8, PENDING);
      code.store(REDISTRIBUTOR, 4, 1);
      code.store(ITS + 0x80, 8, VALID | QUEUE);
      code.store(ITS, 4, 1);
    }
    if ((flags & 4) != 0) {
      command(8, 0, 3, VALID);
      command(9, 0, 0, VALID);
      for (int i = 0; i < 4; i++) {
        command(0xA, 0, (8192L + i) << 32 | i, 0);
        code.store(bar(0, 4) + 16 * i, 8, DOORBELL);
        code.store(bar(0, 4) + 16 * i + 8, 8, i);
      }
      announce();
      code.store(config(0, MSIX), 4, MSIX_ENABLE);
    }
  }

  private static long config(int function, int register) {
    return GuestMap.GUEST_VPCI_ECAM_BASE + ((long) function << DEVFN_SHIFT) + register;
  }

  private static long bar(int function, int bar) {
    return BARS + (long) function * SLOT + bar / 2 * 0x1000L;
  }

  private void step() {
    int kind = input.next();
    int register = kind >> 3 & 7;
    switch (kind & 7) {
      case 0 -> configuration(register);
      case 1 -> window(register);
      case 2 -> rogue();
      case 3 -> {
        int which = input.next();
        access(register, ITS + ((which & 0x80) != 0 ? input.next(2) << 1 : ITS_REGISTERS[which & 15]));
      }
      case 4 -> {
        int which = input.next();
        command(which < 0x80 ? OPERATIONS[which % OPERATIONS.length] : which, value(), value(), value());
        announce();
      }
      case 5 -> {
        int which = input.next();
        access(register, REDISTRIBUTOR + ((which & 0x40) != 0 ? 0x2_0000 : 0)
            + ((which & 0x80) != 0 ? input.next(2) << 1 : GICR_REGISTERS[which & 15]));
      }
      case 6 -> code.set(register, value());
      default -> physdev(kind);
    }
  }

  private long value() {
    return GuestValues.of(input.next(), input, GuestPlace.DATA);
  }

  /** Selector: function 1:0 (two given, one absent, another bus), 2 extended space, 3 a value follows; then the register and the form. */
  private void configuration(int register) {
    int which = input.next();
    int offset = input.next() << ((which & 4) != 0 ? 4 : 0);
    long address = switch (which & 3) {
      case 0, 1 -> config(which & 1, offset);
      case 2 -> config(which >> 4, offset);
      default -> GuestMap.GUEST_VPCI_ECAM_BASE + (input.next(3) << 4) + offset;
    };
    if ((which & 8) != 0) {
      code.set(register, value());
    }
    access(register, address);
  }

  /** A page of a function's BARs, or beyond. */
  private void window(int register) {
    int which = input.next();
    long base = (which & 0x80) != 0 ? GuestMap.GUEST_VPCI_PREFETCH_MEM_ADDR : BARS;
    if ((which & 8) != 0) {
      code.set(register, value());
    }
    access(register, base + (which & 1) * SLOT + (which >> 1 & 3) * 0x1000L + (input.next() << ((which >> 4 & 7) == 7 ? 4 : 0)));
  }

  private void access(int register, long address) {
    int form = input.next();
    code.access((form & 0x80) == 0 ? form & 7 : form, register, address);
  }

  /** Has a rogue endpoint read, write or send: bit 0 which, 4:1 where to, then the command (more often a good one). */
  private void rogue() {
    int which = input.next();
    long to = target(which >> 1 & 15);
    long data = value();
    int what = input.next();
    long registers = bar(which & 1, 0);
    code.store(registers, 8, to);
    code.store(registers + 8, 8, data);
    code.store(registers + 0x10, 4, (what & 0x80) != 0 ? input.next(2) : (what & 3) == 3 ? (what >> 2 & 7) << 8 | 3
        : (1 << (what >> 2 & 3)) << 8 | 1 + (what & 1));
  }

  private long target(int which) {
    return switch (which) {
      case 0 -> GuestPlace.DATA + (input.next(2) << 3 & 0xFFF8);
      case 1 -> GuestPlace.RAM + input.next(3);
      case 2 -> world.p2m.translate(world.witness, GuestPlace.SHARED, false) + input.next();
      case 3 -> ArmVcpu.of(world.dom0.vcpu(0)).context().pc() + input.next(2);
      case 4 -> world.machine.platform().memory().getFirst().base() + (input.next(3) << 1);
      case 5 -> DOORBELL;
      case 6 -> ITS + input.next(2) * 2;
      case 7 -> GuestMap.GUEST_GICV3_GICD_BASE + input.next(2);
      case 8 -> 0x0900_0000 + input.next(2);
      case 9 -> bar(input.next() & 1, 0) + 0x10;
      case 10 -> 0x1010_0000L + (input.next(2) & 0x3FFF);
      case 11 -> 0x40_1000_0000L + (input.next(2) << 2);
      case 12 -> config(input.next() & 1, input.next());
      case 13 -> GuestPlace.MAGIC + input.next(2);
      case 14 -> 0x0905_0000 + input.next(2);
      default -> input.next(8);
    };
  }

  private void command(long operation, long device, long second, long third) {
    if (commands < COMMANDS) {
      queue.position(32 * commands++);
      queue.putLong(operation & 0xFF | device << 32).putLong(second).putLong(third).putLong(operation >>> 8);
    }
  }

  private void announce() {
    code.store(ITS + 0x88, 8, 32L * commands);
  }

  /** Sub-operation, then the bytes of its structure. */
  private void physdev(int kind) {
    int which = input.next();
    int operation = which < 0x80 ? PHYSDEV[which % PHYSDEV.length] : (int) input.next(4);
    ByteBuffer structure = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    int length = input.next() & 31;
    for (int i = 0; i < length; i++) {
      structure.put((byte) input.next());
    }
    // Others would have the SMMU's driver keep tables for more and more buses.
    int bus = which < 0x80 && PHYSDEV[which % PHYSDEV.length] < 24 ? 0 : 2;
    structure.put(bus, (byte) (structure.get(bus) & PciBoard.BUSES - 1));
    // The witness is none if Dom0 has it taken away.
    if (structure.get(bus) == 0 && structure.get(bus + 1) == PciBoard.DOM0S) {
      structure.put(bus + 1, (byte) (PciBoard.DOM0S + 1));
    }
    byte[] bytes = java.util.Arrays.copyOf(structure.array(), (which & 0x40) != 0 ? length : 32);
    List<Runnable> calls = (kind & 0x80) != 0 ? before : after;
    if (calls.size() < MOST_CALLS) {
      calls.add(() -> Dom0Call.make(world, HypercallNumber.__HYPERVISOR_physdev_op, operation, bytes));
    }
  }
}
