// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.HostCode;
import org.xenolith.hostcode.kit.X64;

/** What the host leaves in AF behind AND, OR, XOR and TEST, which the manual doesn't define (Intel SDM volume 1, appendix A). */
final class HostLogic {
  private static final int[] OPERATIONS = {X64.AND, X64.OR, X64.XOR};
  /** AF where LAHF has it, in AX. */
  private static final int ADJUST = 0x1000;

  private HostLogic() {}

  /**
   * Whether it is always 0, as the interpreter has it, and all processors known.
   *
   * @param memory whose first bytes are overwritten
   */
  static boolean clearsAdjust(HostCode memory) {
    X64 code = new X64(false);
    code.begin(0);
    code.constant(X64.RDX, 0);
    for (int i = 0; i <= OPERATIONS.length; i++) {
      // 0 less 1 borrows out of the lowest four bits.
      code.constant(X64.RCX, 0);
      code.arithmeticConstant(X64.SUB, false, X64.RCX, 1);
      if (i < OPERATIONS.length) {
        code.arithmetic(OPERATIONS[i], false, X64.RCX, X64.RCX);
      } else {
        code.test(false, X64.RCX, X64.RCX);
      }
      code.flagsIntoAx();
      code.arithmetic(X64.OR, false, X64.RDX, X64.RAX);
    }
    code.move(false, X64.RAX, X64.RDX);
    code.returnToCaller();
    code.write(memory);
    return (memory.call(0, 0, 0) & ADJUST) == 0;
  }
}
