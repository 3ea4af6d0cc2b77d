// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.x64.machinecode;

import java.util.TreeSet;
import org.xenolith.hostcode.kit.pages.CodeOwner;
import org.xenolith.hostcode.kit.pages.NativePage;
import org.xenolith.machine.kit.Ram;
import org.xenolith.x64.arch.Core;

/** A CPU as the pages of its code see it. */
record CpuCode(Core cpu) implements CodeOwner {
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
    cpu.mmu.codeMarkedForAll(frame);
  }

  @Override
  public void written() {
    cpu.refetch = true;
    cpu.attention();
  }

  @Override
  public int shift() {
    return NativePage.BY_BYTES;
  }

  @Override
  public int index() {
    return cpu.index();
  }

  @Override
  public String kind() {
    return "x86-64 " + new TreeSet<>(cpu.model.features());
  }

  @Override
  public void tell(String message) {
    cpu.env.events().report("kept-translations", "cpu" + cpu.index(), message);
  }
}
