// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.TreeSet;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.hostcode.kit.pages.ProcessorCode;
import org.xenolith.x64.arch.Core;

/** A CPU as the pages of its code see it. */
final class CpuCode extends ProcessorCode {
  private final Core cpu;

  CpuCode(Core cpu) {
    super(cpu, cpu.env.bus(), cpu.env::events);
    this.cpu = cpu;
  }

  @Override
  public void marked(long frame) {
    cpu.env.codeMarked(frame);
  }

  @Override
  public int shift() {
    return NativePage.BY_BYTES;
  }

  @Override
  public String kind() {
    return "x86-64 " + new TreeSet<>(cpu.model.features());
  }
}
