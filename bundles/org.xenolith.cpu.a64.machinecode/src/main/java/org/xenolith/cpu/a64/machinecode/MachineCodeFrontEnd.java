// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.hostcode.kit.HostFeatures;
import org.xenolith.hostcode.kit.X64;
import org.xenolith.hostcode.kit.pages.CodeFrontEnd;
import org.xenolith.hostcode.kit.pages.NativePage;

/** What makes code of A64 instructions. */
final class MachineCodeFrontEnd implements CodeFrontEnd {
  private final Cpu cpu;
  private final Decoder decoder;
  private final CodeExits exits;
  private CodeTranslator translator;

  /** @param decoder of the CPU's features */
  MachineCodeFrontEnd(Cpu cpu, Decoder decoder, CodeExits exits) {
    this.cpu = cpu;
    this.decoder = decoder;
    this.exits = exits;
  }

  @Override
  public Beginning begin(X64 code, HostFeatures features, long executed) {
    GuestRegisters registers = new GuestRegisters(code);
    Thunks thunks = new Thunks();
    thunks.emit(code, features, registers, executed, exits.add(CodeExits.LOOKUP, null, 0));
    translator = new CodeTranslator(code, thunks, exits, registers, decoder, cpu.registers, features);
    return new Beginning(thunks.enter(), thunks.miss(), thunks.end());
  }

  @Override
  public void translate(NativePage page, int index) {
    translator.translate(page, index);
  }

  /** There is a translator once code has begun. */
  CodeTranslator translator() {
    return translator;
  }
}
