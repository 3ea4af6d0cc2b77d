// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import java.util.function.Supplier;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.kit.CountedProcessor;
import org.xenolith.machine.kit.HostLog;
import org.xenolith.machine.kit.Ram;
import org.xenolith.machine.kit.RamBus;

/** The code of a CPU, of any architecture, that executes by counting. */
public abstract class ProcessorCode implements CodeOwner {
  private final CountedProcessor cpu;
  private final RamBus bus;
  private final Supplier<EventLog> events;

  /**
   * That of one CPU.
   *
   * @param bus    where its instructions are
   * @param events of its machine
   */
  protected ProcessorCode(CountedProcessor cpu, RamBus bus, Supplier<EventLog> events) {
    this.cpu = cpu;
    this.bus = bus;
    this.events = events;
  }

  @Override
  public final Ram readable(long frame) {
    return bus.readable(frame);
  }

  @Override
  public final void listen(Ram.CodeListener listener) {
    cpu.listenToCode(listener);
  }

  @Override
  public final void ignore(Ram.CodeListener listener) {
    cpu.stopListening(listener);
  }

  @Override
  public final void written() {
    cpu.refetch = true;
    cpu.attention();
  }

  @Override
  public final int index() {
    return cpu.index();
  }

  @Override
  public final void tell(String message) {
    HostLog.report(events.get(), "kept-translations", "cpu" + cpu.index(), message);
  }
}
