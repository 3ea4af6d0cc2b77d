// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hostcode.kit.X64;

/** The ways out of what is translated at once: conditional jumps to code behind it, which says where it came from. */
final class X64WaysOut {
  private static final int NOBODY = -1;
  /** More bytes than a way out has. */
  private static final int LONGEST = 32;

  private final X64 code;
  private final X64Thunks thunks;
  /** All that there are, by their numbers. */
  private final List<X64WayOut> all = new ArrayList<>();
  /** Jumps whose code is yet to come, their ways out, and the register with an access's address. */
  private final List<Pending> pending = new ArrayList<>();
  /** From here on they are of the block that is being translated. */
  private int block;
  private X64NativePage page;
  private int first;
  private int done;
  private int offset;

  /** @param jump where the jump's distance is; negative for code in the middle of the block */
  private record Pending(int jump, int number, int address, int done) {}

  X64WaysOut(X64 code, X64Thunks thunks) {
    this.code = code;
    this.thunks = thunks;
  }

  /** The number of a new way out. */
  int add(X64WayOut out) {
    all.add(out);
    return all.size() - 1;
  }

  X64WayOut get(int number) {
    return all.get(number);
  }

  /** Those from a number on are none any more. */
  void clear(int from) {
    all.subList(from, all.size()).clear();
  }

  int count() {
    return all.size();
  }

  /** A block begins. */
  void begin(X64NativePage of, int at) {
    page = of;
    first = at;
    block = pending.size();
    done = 0;
    offset = at;
  }

  /** An instruction of the block is translated, which comes behind so many others. */
  void at(int instruction, int before) {
    offset = instruction;
    done = before;
  }

  private X64WayOut jump(int place, X64WayOut.Kind kind, int at, int address) {
    X64WayOut out = new X64WayOut(kind, page, at);
    pending.add(new Pending(place, add(out), address, done));
    return out;
  }

  /** The block has its end: ways out of it know how many instructions were counted too much. */
  void end(int instructions) {
    for (; block < pending.size(); block++) {
      Pending each = pending.get(block);
      X64WayOut out = all.get(each.number);
      out.rest = out.kind == X64WayOut.Kind.CHAIN || out.kind == X64WayOut.Kind.NEXT ? 0 : out.kind == X64WayOut.Kind.BUDGET ? instructions
          : instructions - each.done;
    }
  }

  /** The instruction is the interpreter's under a condition of the host's. */
  void interpretIf(int condition) {
    jump(code.jumpIf(condition), X64WayOut.Kind.INTERPRET, offset, NOBODY);
  }

  /** The instruction is the interpreter's. */
  void interpret() {
    jump(code.jump(), X64WayOut.Kind.INTERPRET, offset, NOBODY);
  }

  /** An access has no tag unless a condition holds. */
  void accessUnless(int condition, int address, int again, int size, boolean loads, boolean stores) {
    X64WayOut out = jump(code.jumpIf(condition ^ 1), X64WayOut.Kind.ACCESS, offset, address);
    out.place = again;
    out.size = size;
    out.loads = loads;
    out.stores = stores;
  }

  /** XMM registers aren't at hand under a condition; with them, code goes on at a place. */
  void vectorsIf(int condition, int again, boolean numbers) {
    X64WayOut out = jump(code.jumpIf(condition), X64WayOut.Kind.VECTORS, offset, NOBODY);
    out.place = again;
    out.numbers = numbers;
  }

  /** More instructions are counted than are left. */
  void budgetIf(int condition) {
    jump(code.jumpIf(condition), X64WayOut.Kind.BUDGET, first, NOBODY);
  }

  /** The next page is reached straight on, and nothing is left. */
  void nextIf(int condition, int behind) {
    jump(code.jumpIf(condition), X64WayOut.Kind.NEXT, behind, NOBODY);
  }

  /** A jump, which was just emitted, leads to an instruction of the page once there is code of it. */
  void chain(int jump, int target) {
    jump(jump, X64WayOut.Kind.CHAIN, target, NOBODY).place = jump;
  }

  /** Emits what the jumps lead to. */
  void flush() {
    code.room(pending.size() * LONGEST + LONGEST);
    for (Pending each : pending) {
      X64WayOut out = all.get(each.number);
      if (out.kind == X64WayOut.Kind.CHAIN && page.entry(out.offset) != 0) {
        code.patchJump(each.jump, page.entry(out.offset));
        continue;
      }
      code.patchJump(each.jump, code.at());
      if (each.address != NOBODY) {
        code.store(true, each.address, X64.RBP, X64StateLayout.ACCESS);
      }
      code.constant(X64.RAX, each.number);
      code.jumpTo(thunks.leave());
    }
    pending.clear();
    block = 0;
  }
}
