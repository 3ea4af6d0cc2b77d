// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.hostcode.kit.pages.CodeOwner;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.machine.kit.Ram;

/** A CPU as the pages of its code see it. */
record CpuCode(Cpu cpu, Decoder decoder) implements CodeOwner {
  @Override
  public Ram readable(long frame) {
    return cpu.env.bus().readable(frame);
  }

  @Override
  public void listen(Ram.CodeListener listener) {
    cpu.listenToCode(listener);
  }

  @Override
  public void ignore(Ram.CodeListener listener) {
    cpu.stopListening(listener);
  }

  @Override
  public void marked(long frame) {
    for (Cpu each : cpu.env.cpus()) {
      each.mmu.codeMarked();
    }
  }

  @Override
  public void written() {
    cpu.refetch = true;
    cpu.attention();
  }

  @Override
  public int shift() {
    return NativePage.BY_WORDS;
  }

  @Override
  public int index() {
    return cpu.index();
  }

  @Override
  public String kind() {
    StringBuilder text = new StringBuilder(decoder.features().toString());
    for (int i = 0; i < PlainRegisters.count(); i++) {
      text.append(cpu.registers.plain(PlainRegisters.register(i), false) ? " 1" : " 0");
    }
    return text.toString();
  }

  @Override
  public void tell(String message) {
    cpu.env.events().report("kept-translations", "cpu" + cpu.index(), message);
  }
}
