// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.CodeFrontEnd;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.x64.isa.X64Decoder;

/** What makes code of 64-bit instructions of x86-64. */
final class X64FrontEnd implements CodeFrontEnd {
  private final X64Decoder decoder;
  private final X64Exits exits;
  private X64CodeTranslator translator;

  /** @param decoder of the CPU's features */
  X64FrontEnd(X64Decoder decoder, X64Exits exits) {
    this.decoder = decoder;
    this.exits = exits;
  }

  @Override
  public Beginning begin(X64 code, HostFeatures features, long executed) {
    X64HeldRegisters registers = new X64HeldRegisters(code);
    X64Thunks thunks = new X64Thunks();
    thunks.emit(code, registers, executed, exits.add(X64Exits.LOOKUP, null, 0));
    translator = new X64CodeTranslator(code, new X64WaysOut(code, exits, thunks), thunks, registers, decoder);
    return new Beginning(thunks.enter(), thunks.miss(), thunks.end());
  }

  /** What makes code of instructions. */
  X64CodeTranslator translator() {
    return translator;
  }

  @Override
  public void translate(NativePage page, int index) {
    translator.translate(page, index);
  }
}
