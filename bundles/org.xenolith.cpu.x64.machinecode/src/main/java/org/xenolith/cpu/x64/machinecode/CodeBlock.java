// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.NativePage;

/** The block that is being translated: it counts its instructions when it begins, and has one end. */
final class CodeBlock {
  private final X64 code;
  private final SideExits leaving;
  private final Thunks thunks;
  private NativePage page;
  private int counted;

  CodeBlock(X64 code, SideExits leaving, Thunks thunks) {
    this.code = code;
    this.leaving = leaving;
    this.thunks = thunks;
  }

  /** A block begins. */
  void begin(NativePage of, int at) {
    page = of;
    leaving.begin(of, at);
    counted = code.subtractLater(X64.R15);
    leaving.budgetIf(X64.S);
  }

  /** It has so many instructions, and no way out that isn't emitted yet but those to others. */
  void ends(int instructions) {
    code.patchByte(counted, instructions);
    leaving.end(instructions);
  }

  /** Goes to an offset in the page, or beyond it by a look-up. */
  void to(long target) {
    if (!here(target)) {
      away(target);
    } else if (page.entry((int) target) != 0) {
      code.jumpTo(page.entry((int) target));
    } else {
      leaving.chain(code.jump(), (int) target);
    }
  }

  /** Goes there if a condition of the host's holds. */
  void toIf(int condition, long target) {
    if (!here(target)) {
      int not = code.jumpShortIf(condition ^ 1);
      away(target);
      code.patchShort(not);
    } else if (page.entry((int) target) != 0) {
      code.jumpIfTo(condition, page.entry((int) target));
    } else {
      leaving.chain(code.jumpIf(condition), (int) target);
    }
  }

  private static boolean here(long target) {
    return target >= 0 && target < NativePage.BYTES;
  }

  private void away(long target) {
    address(X64.RAX, target);
    branch();
  }

  /** Has the linear address of an offset from the page in a register. Flags stay. */
  void address(int to, long target) {
    code.load(true, to, X64.RBP, StateLayout.PAGE);
    code.farAddress(to, to, target);
  }

  /** Goes to the linear address in RAX, which is canonical. */
  void branch() {
    code.jumpTo(thunks.branch());
  }
}
