// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.PendingExits;

/** The ways out of what is translated at once: conditional jumps to code behind it, which says where it came from. */
final class SideExits {
  private static final int NOBODY = PendingExits.NOBODY;

  private final X64 code;
  private final ExitKinds exits;
  private final Thunks thunks;
  /** Their rest is, until the block has its end, how many of its instructions come before. */
  private final PendingExits pending;
  /** From here on they are of the block that is being translated. */
  private int block;
  private NativePage page;
  private int first;
  private int done;
  private int offset;

  SideExits(X64 code, ExitKinds exits, Thunks thunks) {
    this.code = code;
    this.exits = exits;
    this.thunks = thunks;
    pending = new PendingExits(code, exits);
  }

  /** A block begins. */
  void begin(NativePage of, int at) {
    page = of;
    first = at;
    block = pending.count();
    done = 0;
    offset = at;
  }

  /** An instruction of the block is translated, which comes behind so many others. */
  void at(int instruction, int before) {
    offset = instruction;
    done = before;
  }

  private int jump(int place, byte kind, int at) {
    return jump(place, kind, at, NOBODY, PendingExits.NOTHING);
  }

  private int jump(int place, byte kind, int at, int address, int stored) {
    int number = exits.add(kind, page, at);
    exits.rest(number, done);
    pending.add(place, number, address, stored);
    return number;
  }

  /** The block has its end: ways out of it know how many instructions were counted too much. */
  void end(int instructions) {
    for (; block < pending.count(); block++) {
      int number = pending.number(block);
      exits.rest(number, switch (exits.kind(number)) {
        case ExitKinds.CHAIN, ExitKinds.NEXT -> 0;
        case ExitKinds.BUDGET -> instructions;
        default -> instructions - exits.rest(number);
      });
    }
  }

  /** The instruction is the interpreter's under a condition of the host's. */
  void interpretIf(int condition) {
    jump(code.jumpIf(condition), ExitKinds.INTERPRET, offset);
  }

  /** The instruction is the interpreter's. */
  void interpret() {
    jump(code.jump(), ExitKinds.INTERPRET, offset);
  }

  /**
   * An access has no tag unless a condition holds.
   *
   * @param beside whether a store that touches no watched byte of a page that has some is made all the same
   */
  void accessUnless(int condition, int address, int again, int size, boolean loads, boolean stores, boolean beside) {
    int number = jump(code.jumpIf(condition ^ 1), ExitKinds.ACCESS, offset, address, stores && beside ? size : PendingExits.NOTHING);
    exits.place(number, again);
    exits.access(number, size | (loads ? ExitKinds.LOADS : 0) | (stores ? ExitKinds.STORES : 0) | (beside ? ExitKinds.BESIDE : 0));
  }

  /** XMM registers aren't at hand under a condition; with them, code goes on at a place. */
  void vectorsIf(int condition, int again, boolean numbers) {
    int number = jump(code.jumpIf(condition), ExitKinds.VECTORS, offset);
    exits.place(number, again);
    exits.access(number, numbers ? ExitKinds.NUMBERS : 0);
  }

  /** More instructions are counted than are left. */
  void budgetIf(int condition) {
    jump(code.jumpIf(condition), ExitKinds.BUDGET, first);
  }

  /** The next page is reached straight on, and nothing is left. */
  void nextIf(int condition, int behind) {
    exits.rest(jump(code.jumpIf(condition), ExitKinds.NEXT, behind), 0);
  }

  /** A jump, which was just emitted, leads to an instruction of the page once there is code of it. */
  void chain(int jump, int target) {
    int number = jump(jump, ExitKinds.CHAIN, target);
    exits.rest(number, 0);
    exits.place(number, jump);
  }

  /** Emits what the jumps lead to. */
  void flush() {
    pending.flush(page, StateLayout.ACCESS, thunks.watched(), thunks.leave());
    block = 0;
  }
}
