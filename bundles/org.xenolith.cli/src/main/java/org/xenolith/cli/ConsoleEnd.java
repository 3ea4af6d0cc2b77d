package org.xenolith.cli;

import java.util.HashSet;
import java.util.Set;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.console.api.SerialPort.ByteSink;
import org.xenolith.hyp.api.Consoles;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.control.Machine;

/** What a terminal, or standard input and output, is connected to: the board's console or a domain's, one at a time. */
final class ConsoleEnd {
  private final Machine machine;
  private final String uart;
  private final ByteSink sink;
  /** Domains whose consoles come here, to be shown or not; of the machine's thread. */
  private final Set<String> followed = new HashSet<>();
  /** Name of the domain that is shown; empty for the board. */
  private volatile String shown = "";

  /**
   * Shows the board's console.
   *
   * @param uart its node; empty for a board without any
   * @param sink is called on the machine's thread
   */
  ConsoleEnd(Machine machine, String uart, ByteSink sink) {
    this(machine, uart, sink, b -> { });
  }

  /** The same. @param always gets what the board's console shows also while a domain's is shown */
  ConsoleEnd(Machine machine, String uart, ByteSink sink, ByteSink always) {
    this.machine = machine;
    this.uart = uart;
    this.sink = sink;
    if (!uart.isEmpty()) {
      machine.port(uart, SerialPort.class).connect(b -> {
        always.accept(b);
        if (shown.isEmpty()) {
          sink.accept(b);
        }
      });
    }
  }

  /**
   * Connects to a domain's console, which may come only later, or with an empty name to the board's. Any thread.
   *
   * @throws BadInput if there can be none
   */
  void show(String domain) {
    if (!domain.isEmpty()) {
      follow(domain);
    }
    shown = domain;
  }

  private void follow(String domain) {
    if (machine.platform().node(HypervisorNode.PATH).isEmpty()) {
      throw new BadInput("console " + domain + ": this machine has no hypervisor; boot with --hypervisor");
    }
    machine.post(() -> {
      if (followed.add(domain)) {
        machine.port(HypervisorNode.PATH, Consoles.class).follow(domain, b -> {
          if (shown.equals(domain)) {
            sink.accept(b);
          }
        });
      }
    });
  }

  /** Whether there is anything to type at. */
  boolean present() {
    return !uart.isEmpty() || !shown.isEmpty();
  }

  /** Types at what is shown; journalled. Any thread. */
  void type(byte[] bytes) {
    if (shown.isEmpty()) {
      machine.input("serial", uart, bytes);
    } else {
      machine.input(Consoles.INPUT, shown, bytes);
    }
  }

  /** Tells that input was lost. */
  void lost(String why) {
    machine.eventLog().report("input-lost", shown.isEmpty() ? uart : shown, why);
  }

  /** For a person: what the keys go to now. */
  @Override public String toString() {
    return shown.isEmpty() ? "the board" : shown;
  }
}
