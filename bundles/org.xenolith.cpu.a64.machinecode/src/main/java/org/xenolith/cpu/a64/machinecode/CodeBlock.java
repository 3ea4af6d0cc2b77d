// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.NativePage;

/** The block that is being translated: instructions that are counted when it begins. */
final class CodeBlock {
  /** What comes behind an instruction. */
  enum End {
    /** The next instruction, in the same block. */
    NONE,
    /** The block ends, and the next instruction may follow. */
    MAYBE,
    /** The block ends, and the next instruction doesn't follow. */
    ALWAYS
  }

  private final X64 code;
  private final SideExits leaving;
  private final Thunks thunks;
  private NativePage page;
  private int first;
  private int counted;
  private End end;
  private boolean vectors;
  private boolean numbers;
  /** Where it is said how many instructions were counted and aren't done, and at which. */
  private final int[] rests = new int[CodeTranslator.LONGEST];
  private final int[] restsOf = new int[CodeTranslator.LONGEST];
  private int restCount;

  CodeBlock(X64 code, SideExits leaving, Thunks thunks) {
    this.code = code;
    this.leaving = leaving;
    this.thunks = thunks;
  }

  /** A block begins. */
  void begin(NativePage of, int index) {
    page = of;
    first = index;
    end = End.NONE;
    vectors = false;
    numbers = false;
    restCount = 0;
    leaving.begin(of, index);
    leaving.at(index);
  }

  /** Its instructions are counted here, once it is known how many they are. */
  void count() {
    counted = code.subtractLater(X64.R15);
    leaving.budgetIf(X64.S);
  }

  /** Subtracts from a register what was counted, from an instruction on, once it is known how many they are. */
  void subtractRest(int from, int index) {
    restsOf[restCount] = index;
    rests[restCount++] = code.subtractLater(from);
  }

  /** It ends before an instruction: nothing leaves it that isn't emitted yet. */
  void ends(int before) {
    code.patchByte(counted, before - first);
    for (int i = 0; i < restCount; i++) {
      code.patchByte(rests[i], before - restsOf[i]);
    }
    leaving.end(before - first);
  }

  /** It ends with a branch. */
  void ends(int at, End how) {
    end = how;
    ends(at + 1);
  }

  /** Whether an instruction of the block had the vector registers fetched. */
  boolean hasVectors() {
    return vectors;
  }

  void takesVectors() {
    vectors = true;
  }

  /** Whether one of them had the host's floating point prepared. */
  boolean hasNumbers() {
    return numbers;
  }

  void takesNumbers() {
    vectors = true;
    numbers = true;
  }

  End end() {
    return end;
  }

  NativePage page() {
    return page;
  }

  /** Has an address relative to the page's in a register. Flags stay. */
  void address(int to, long distance) {
    if (distance == (int) distance) {
      code.load(true, to, X64.RBP, StateLayout.PAGE);
      if (distance != 0) {
        code.address(true, to, to, (int) distance);
      }
    } else {
      code.constant(to, distance);
      code.arithmeticMemory(X64.ADD, true, to, X64.RBP, StateLayout.PAGE);
    }
  }

  /** Goes to an instruction of the page or, by a look-up, of another one. */
  void to(int target) {
    if (!here(target)) {
      away(target);
    } else if (page.entry(target) != 0) {
      code.jumpTo(page.entry(target));
    } else {
      leaving.chain(code.jump(), target);
    }
  }

  /** Goes there if a condition of the host's holds. */
  void toIf(int condition, int target) {
    if (!here(target)) {
      int not = code.jumpShortIf(condition ^ 1);
      away(target);
      code.patchShort(not);
    } else if (page.entry(target) != 0) {
      code.jumpIfTo(condition, page.entry(target));
    } else {
      leaving.chain(code.jumpIf(condition), target);
    }
  }

  private static boolean here(int target) {
    return target >= 0 && target < NativePage.WORDS;
  }

  private void away(int target) {
    address(X64.RAX, target * 4L);
    code.jumpTo(thunks.direct());
  }

  /** Goes to the address in RAX. */
  void branch() {
    code.jumpTo(thunks.branch());
  }
}
