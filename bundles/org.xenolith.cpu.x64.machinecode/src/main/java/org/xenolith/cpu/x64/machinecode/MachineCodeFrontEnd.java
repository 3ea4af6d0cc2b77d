// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.CodeFrontEnd;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.x64.isa.Decoder;

/** What makes code of 64-bit instructions of x86-64. */
final class MachineCodeFrontEnd implements CodeFrontEnd {
  private final Decoder decoder;
  private final ExitKinds exits;
  private CodeTranslator translator;

  /** @param decoder of the CPU's features */
  MachineCodeFrontEnd(Decoder decoder, ExitKinds exits) {
    this.decoder = decoder;
    this.exits = exits;
  }

  @Override
  public Beginning begin(X64 code, HostFeatures features, long executed) {
    RegisterCache registers = new RegisterCache(code);
    Thunks thunks = new Thunks();
    thunks.emit(code, features, registers, executed, exits.add(ExitKinds.LOOKUP, null, 0));
    translator = new CodeTranslator(code, new SideExits(code, exits, thunks), thunks, registers, decoder);
    return new Beginning(thunks.enter(), thunks.miss(), thunks.end());
  }

  /** What makes code of instructions. */
  CodeTranslator translator() {
    return translator;
  }

  @Override
  public void translate(NativePage page, int index) {
    translator.translate(page, index);
  }
}
