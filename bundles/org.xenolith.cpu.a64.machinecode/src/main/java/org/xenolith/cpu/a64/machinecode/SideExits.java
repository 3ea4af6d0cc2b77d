// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.PendingExits;

/** The ways out of a block that is being translated: conditional jumps to code behind it, which says where it came from. */
final class SideExits {
  private static final int NOBODY = PendingExits.NOBODY;

  private final X64 code;
  private final CodeExits exits;
  private final Thunks thunks;
  private NativePage page;
  private int first;
  private int index;
  /** The last way out of the instruction's code for an access; {@link #NOBODY} if there is none. */
  private int access;
  /** The same for a counter. */
  private int counter;
  private final PendingExits pending;
  /** From here on they belong to the block that is being translated. */
  private int block;

  SideExits(X64 code, CodeExits exits, Thunks thunks) {
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
  }

  /** An instruction is translated. */
  void at(int instruction) {
    index = instruction;
    access = NOBODY;
    counter = NOBODY;
  }

  /** Its code is complete. */
  void behind() {
    if (access != NOBODY) {
      exits.access(access, exits.access(access) | code.at() - exits.place(access) << CodeExits.LENGTH);
    }
    if (counter != NOBODY) {
      exits.place(counter, code.at());
    }
  }

  /** The block has its end: ways out of it know how many instructions were counted too much. */
  void end(int instructions) {
    for (int i = block; i < pending.count(); i++) {
      int number = pending.number(i);
      if (exits.kind(number) == CodeExits.BUDGET) {
        exits.rest(number, instructions);
      } else if (exits.kind(number) != CodeExits.CHAIN && exits.kind(number) != CodeExits.COPY) {
        exits.rest(number, instructions - (exits.index(number) - first));
      }
    }
    block = pending.count();
  }

  /** The instruction is the interpreter's under a condition of the host's. */
  void interpretIf(int condition) {
    pending.add(code.jumpIf(condition), exits.add(CodeExits.INTERPRET, page, index), NOBODY);
  }

  /** The instruction is the interpreter's, and the block ends before it. */
  void interpret() {
    leave(exits.add(CodeExits.INTERPRET, page, index));
  }

  /** The CPU does the instruction, and code goes on behind it. */
  void system(int word) {
    int number = exits.add(CodeExits.SYSTEM, page, index);
    exits.access(number, word);
    pending.add(PendingExits.HERE, number, NOBODY);
    leave(number);
    exits.place(number, code.at());
  }

  /** The CPU reads a counter under a condition of the host's, and code goes on behind it. */
  void counterIf(int condition, int word) {
    counter = exits.add(CodeExits.COUNTER, page, index);
    exits.access(counter, word);
    pending.add(code.jumpIf(condition), counter, NOBODY);
  }

  /** The CPU writes a register that translation depends on, and looks up where code goes on. */
  void context(int word) {
    away(CodeExits.CONTEXT, word);
  }

  /** The CPU takes an exception or returns from one, and looks up where code goes on. */
  void transfer(int word) {
    away(CodeExits.TRANSFER, word);
  }

  private void away(byte kind, int word) {
    int number = exits.add(kind, page, index);
    exits.access(number, word);
    pending.add(PendingExits.HERE, number, NOBODY);
    leave(number);
  }

  /** The next page comes next. */
  void next() {
    leave(exits.add(CodeExits.NEXT, page, index));
  }

  /** An access has no tag unless a condition holds. */
  void accessUnless(int condition, int address, int again, int how) {
    int number = exits.add(CodeExits.ACCESS, page, index);
    exits.place(number, again);
    exits.access(number, how);
    access = number;
    boolean stores = (how & CodeExits.STORE) != 0;
    pending.add(code.jumpIf(condition ^ 1), number, address, stores ? how & CodeExits.BYTES : PendingExits.NOTHING);
  }

  /** Vector registers aren't at hand under a condition; with them, code goes on at a place. */
  void vectorsIf(int condition, int again) {
    int number = exits.add(CodeExits.VECTORS, page, index);
    exits.place(number, again);
    pending.add(code.jumpIf(condition), number, NOBODY);
  }

  /** The same for arithmetic of floating point. */
  void numbersIf(int condition, int again) {
    int number = exits.add(CodeExits.NUMBERS, page, index);
    exits.place(number, again);
    pending.add(code.jumpIf(condition), number, NOBODY);
  }

  /** More instructions are counted than are left. */
  void budgetIf(int condition) {
    pending.add(code.jumpIf(condition), exits.add(CodeExits.BUDGET, page, first), NOBODY);
  }

  /** Under a condition of the host's, rounds of a loop that begins here are done at once; code goes on behind the jump. */
  void copyIf(int condition, int loop) {
    int number = exits.add(CodeExits.COPY, page, index);
    exits.access(number, loop);
    pending.add(code.jumpIf(condition), number, NOBODY);
    exits.place(number, code.at());
  }

  /** A jump, which was just emitted, leads to an instruction of the page once there is code of it. */
  void chain(int jump, int target) {
    int number = exits.add(CodeExits.CHAIN, page, target);
    exits.place(number, jump);
    pending.add(jump, number, NOBODY);
  }

  /** Emits what the jumps lead to. */
  void flush() {
    pending.flush(page, StateLayout.ACCESS, thunks.watched(), thunks.leave());
    block = 0;
  }

  private void leave(int number) {
    pending.leave(number, thunks.leave());
  }
}
