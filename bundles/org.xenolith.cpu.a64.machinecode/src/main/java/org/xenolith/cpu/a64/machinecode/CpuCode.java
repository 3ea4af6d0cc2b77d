// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.machinecode;

import org.xenolith.a64.arch.Cpu;
import org.xenolith.a64.isa.Decoder;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.ProcessorCode;

/** A CPU as the pages of its code see it. */
final class CpuCode extends ProcessorCode {
  private final Cpu cpu;
  private final Decoder decoder;

  CpuCode(Cpu cpu, Decoder decoder) {
    super(cpu, cpu.env.bus(), cpu.env::events);
    this.cpu = cpu;
    this.decoder = decoder;
  }

  @Override
  public void marked(long frame) {
    for (Cpu each : cpu.env.cpus()) {
      each.mmu.codeMarked();
    }
  }

  @Override
  public int shift() {
    return NativePage.BY_WORDS;
  }

  @Override
  public String kind() {
    StringBuilder text = new StringBuilder(decoder.features().toString());
    for (int i = 0; i < PlainRegisters.count(); i++) {
      text.append(cpu.registers.plain(PlainRegisters.register(i), false) ? " 1" : " 0");
    }
    return text.toString();
  }
}
