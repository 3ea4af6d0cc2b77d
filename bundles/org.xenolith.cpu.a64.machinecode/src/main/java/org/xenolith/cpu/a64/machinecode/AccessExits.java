// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.arch.GuestFault;
import org.xenolith.a64.arch.TlbEntry;
import org.xenolith.hostcode.kit.pages.Translations;

/** What is done where code was left for a load or store. */
final class AccessExits {
  private static final int NO_EXIT = -1;
  /** Bytes of the largest access that is done again: that of two vector registers. DC ZVA reports the address as given, which code has no longer. */
  private static final int LARGEST = 32;

  private final MachineCodeEngine engine;
  private final NativeState state;
  private final CodeExits exits;
  /** The access that code was left for last, and what was left then. */
  private int last = NO_EXIT;
  private long lastLeft;

  AccessExits(MachineCodeEngine engine) {
    this.engine = engine;
    state = engine.state;
    exits = engine.exits;
  }

  /** One that went to a device has that, most likely, do it again. Gives the place as {@link #access} does. */
  int device(Cpu c, DeviceAccess known) {
    long va = state.word(StateLayout.ACCESS);
    if (!known.goesTo(known.entry, c, va)) {
      TlbEntry entry = c.data[Cpu.tlbIndex(va)];
      if (!known.goesTo(entry, c, va)) {
        return access(c, known.exit);
      }
      known.entry = entry;
    }
    c.pc = state.word(StateLayout.PAGE) + known.offset;
    c.left = state.word(StateLayout.LEFT) + known.rest;
    return execute(c, known, va);
  }

  /** It has its page looked up, or goes to a device. Gives the place where code goes on, or {@link Translations#NO_CODE} once it was left. */
  int access(Cpu c, int exit) {
    engine.note(c, exit);
    // The tables of the walk may lie in a device, too.
    state.spillSystem();
    long noted = c.left;
    TlbEntry entry;
    try {
      // Who comes twice without having done anything would come for ever.
      entry = exit != last || noted != lastLeft ? entry(c, exit) : null;
    } catch (GuestFault fault) {
      return engine.faulted(c);
    }
    if (entry == null || !tagged(c, exit, entry) || c.left != noted) {
      last = NO_EXIT;
      if (entry != null && c.left == noted && DeviceAccess.is(exits.page(exit).word(exits.index(exit)))) {
        DeviceAccess access = new DeviceAccess(exits, exit, entry);
        long va = state.word(StateLayout.ACCESS);
        if (access.goesTo(entry, c, va)) {
          exits.note(exit, access);
          return execute(c, access, va);
        }
      }
      return engine.interpret(c, exit);
    }
    last = exit;
    lastLeft = noted;
    return exits.place(exit);
  }

  /**
   * A load or store of one general register is a device's: code keeps all registers, and goes on behind it. A device has the CPU come to a stop, or
   * asserts an interrupt; it changes nothing else of it.
   */
  private int execute(Cpu c, DeviceAccess access, long va) {
    state.spillSystem();
    long noted = c.left;
    try {
      access.execute(c, va, state);
    } catch (GuestFault fault) {
      return engine.faulted(c);
    }
    c.pc += 4;
    return engine.behind(c, noted, access.place);
  }

  /**
   * The data TLB's entry for an access; null if it isn't one that code could do.
   *
   * @throws GuestFault if it faults; that is noted
   */
  private TlbEntry entry(Cpu c, int exit) {
    int how = exits.access(exit);
    int bytes = how & CodeExits.BYTES;
    long va = state.word(StateLayout.ACCESS);
    int element = 1 << (how >> CodeExits.ELEMENT & CodeExits.ELEMENT_MASK);
    if (bytes > LARGEST || (va & element - 1) != 0 || (va & 0xFFF) + bytes > 4096) {
      return null;
    }
    return c.mmu.data(va, (how & CodeExits.STORE) != 0, (how & CodeExits.USER) != 0);
  }

  /** Whether code can do an access now. */
  private boolean tagged(Cpu c, int exit, TlbEntry entry) {
    int how = exits.access(exit);
    boolean user = (how & CodeExits.USER) != 0;
    long va = state.word(StateLayout.ACCESS);
    if ((how & CodeExits.STORE) == 0) {
      return entry.read == (va & -4096 | (user ? c.userReadContext : c.readContext));
    }
    long tag = va & -4096 | (user ? c.userWriteContext : c.writeContext);
    return entry.write == tag || entry.isBesideWatched(tag, va, how & CodeExits.BYTES);
  }
}
