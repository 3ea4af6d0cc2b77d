// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.TlbEntry;
import org.xenolith.a64.isa.Fields;

/**
 * A load or store of one general register that changes nothing else, at an offset that is scaled or not, or at a register, which went to a device. Devices
 * get hardly any others, as no others have a syndrome that a hypervisor can emulate. Source: Arm ARM DDI 0487, C4.1 (loads and stores), ESR_EL1 (ISV).
 */
final class DeviceAccess {
  private static final int CLASS = 0x3F00_0000;
  private static final int SCALED = 0x3900_0000;
  private static final int OTHERS = 0x3800_0000;
  private static final int FORM = 0x0020_0C00;
  private static final int UNSCALED = 0;
  private static final int AT_REGISTER = 0x0020_0800;

  /** The way out that code was left by. */
  final int exit;
  /** Instructions that were counted and aren't done, with this one. */
  final int rest;
  /** The place of the code behind it. */
  final int place;
  /** Bytes from the page's begin to the instruction. */
  final int offset;
  private final int size;
  private final boolean stores;
  private final boolean sign;
  private final long mask;
  private final boolean zero;
  private final int word;
  /** The TLB's entry where it went last. */
  TlbEntry entry;

  /** @param exit the way out that code was left by */
  DeviceAccess(CodeExits exits, int exit, TlbEntry entry) {
    this.exit = exit;
    this.entry = entry;
    rest = exits.rest(exit);
    place = exits.place(exit) + (exits.access(exit) >>> CodeExits.LENGTH);
    offset = exits.index(exit) * 4;
    int instruction = exits.page(exit).word(exits.index(exit));
    size = 1 << Fields.size(instruction);
    stores = (instruction & 3 << 22) == 0;
    sign = (instruction & 1 << 23) != 0 && !stores;
    mask = (instruction & 1 << 22) == 0 || !sign ? -1 : 0xFFFF_FFFFL;
    int rt = GuestRegisters.orZero(Fields.rt(instruction));
    zero = rt == Cpu.ZERO;
    word = StateLayout.general(zero ? 0 : rt);
  }

  /** Whether a load or store of the set is one of these. */
  static boolean is(int instruction) {
    int kind = instruction & CLASS;
    int form = instruction & FORM;
    return kind == SCALED || kind == OTHERS && (form == UNSCALED || form == AT_REGISTER);
  }

  /** Whether an entry of the TLB says without another look that it goes to a device, which takes it as it is. */
  boolean goesTo(TlbEntry found, Cpu c, long va) {
    return found.isDevice(stores, va & -4096 | (stores ? c.writeContext : c.readContext)) && (va & size - 1) == 0;
  }

  /** The device takes it. @throws org.xenolith.a64.arch.GuestFault if the bus refuses it; that is noted */
  void execute(Cpu c, long va, NativeState state) {
    if (stores) {
      c.memory.write(entry, va, size, zero ? 0 : state.word(word));
      return;
    }
    long value = c.memory.read(entry, va, size);
    if (sign) {
      int unused = 64 - 8 * size;
      value = value << unused >> unused & mask;
    }
    if (!zero) {
      state.word(word, value);
    }
  }
}
