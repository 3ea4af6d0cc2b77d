// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import static org.xenolith.command.api.OptionName.option;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.console.api.SerialPort.ByteSink;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.control.Machine;

/**
 * What a terminal, or standard input and output, is connected to: the board's console, that of another node or a domain's, one at a
 * time.
 */
public final class ConsoleEnd {
  private final Machine machine;
  private final String uart;
  private final ByteSink sink;
  private final EarlyInput early;
  /** Domains and nodes whose consoles come here, to be shown or not; of the machine's thread. */
  private final Set<String> followed = new HashSet<>();
  /** Name of the domain or path of the node that is shown; empty for the board. */
  private volatile String shown = "";
  /** Whether anything was shown; of the machine's thread. */
  private boolean heard;

  /**
   * Shows the board's console.
   *
   * @param uart its node; empty for a board without any
   * @param sink is called on the machine's thread
   */
  public ConsoleEnd(Machine machine, String uart, ByteSink sink) {
    this(machine, uart, sink, b -> {});
  }

  /** The same. @param always gets what the board's console shows also while a domain's is shown */
  public ConsoleEnd(Machine machine, String uart, ByteSink sink, ByteSink always) {
    this.machine = machine;
    this.uart = uart;
    this.sink = b -> {
      heard = true;
      sink.accept(b);
    };
    if (uart.isEmpty()) {
      early = new EarlyInput(new SerialPort(), bytes -> {});
      return;
    }
    SerialPort port = machine.port(uart, SerialPort.class);
    early = new EarlyInput(port, bytes -> machine.input("serial", uart, bytes));
    machine.inputHandler("serial", (node, bytes) -> {
      int taken = machine.port(node, SerialPort.class).offer(bytes);
      if (node.equals(uart)) {
        early.taken(taken);
      }
      return taken;
    });
    port.connect(b -> {
      always.accept(b);
      if (shown.isEmpty()) {
        this.sink.accept(b);
      }
    });
  }

  /**
   * Connects to a domain's console, which may come only later, to that of a node, or with an empty name to the board's. Any thread.
   *
   * @param name a domain's, or a node's path
   * @throws BadInput if there can be none
   */
  public void show(String name) {
    if (name.equals(uart)) {
      shown = "";
      return;
    }
    if (isNode(name)) {
      connect(name);
    } else if (!name.isEmpty()) {
      follow(name);
    }
    shown = name;
  }

  private static boolean isNode(String name) {
    return name.startsWith("/");
  }

  private void connect(String node) {
    if (machine.platform().node(node).isEmpty()) {
      throw new BadInput("console " + node + ": this machine has no such node; 'topology show' lists a board's");
    }
    machine.post(() -> {
      if (followed.add(node)) {
        machine.port(node, SerialPort.class).connect(b -> {
          if (shown.equals(node)) {
            sink.accept(b);
          }
        });
      }
    });
  }

  private void follow(String domain) {
    if (machine.platform().node(HypervisorNode.PATH).isEmpty()) {
      throw new BadInput("console " + domain + ": this machine has no hypervisor; boot with " + option("hypervisor"));
    }
    machine.post(() -> {
      if (followed.add(domain)) {
        machine.port(HypervisorNode.PATH, ConsolesPort.class).follow(domain, b -> {
          if (shown.equals(domain)) {
            sink.accept(b);
          }
        });
      }
    });
  }

  /** Whether there is anything to type at. */
  public boolean present() {
    return !uart.isEmpty() || !shown.isEmpty();
  }

  /** Names of the guests' domains whose consoles aren't shown: Dom0's is the board's, and the hypervisor's own domain has none. The machine must stand still. */
  public List<String> unshown() {
    if (machine.platform().node(HypervisorNode.PATH).isEmpty()) {
      return List.of();
    }
    DomainsPort domains = machine.port(HypervisorNode.PATH, DomainsPort.class);
    return !domains.present() ? List.of() : domains.domains().all().stream().filter(domain -> domain.kind() == DomainSpec.Kind.DOMU
        && !domain.name().equals(shown) && !Integer.toString(domain.id()).equals(shown)).map(Domain::name).toList();
  }

  /** Whether nothing can have been seen: there is no console, or one that no model serves, and it has shown nothing. The machine must stand still. */
  public boolean blind() {
    String node = shown.isEmpty() ? uart : shown;
    return !heard && (node.isEmpty() || isNode(node) && !served(node));
  }

  private boolean served(String node) {
    return machine.devices().stream().anyMatch(device -> device.instance().equals(node) && !device.model().isEmpty());
  }

  /**
   * Types at what is shown; journalled. What is typed at the board before its guest listens waits here: a driver that begins
   * throws away what it finds. Any thread but the machine's; it waits while too much is on its way.
   */
  public void type(byte[] bytes) {
    if (shown.isEmpty()) {
      early.type(bytes);
    } else if (isNode(shown)) {
      machine.input("serial", shown, bytes);
    } else {
      machine.input(ConsolesPort.INPUT, shown, bytes);
    }
  }

  /** The run is over: tells what the board's guest never took. */
  public void tellUnread() {
    long unread = early.unread() + (uart.isEmpty() ? 0 : machine.port(uart, SerialPort.class).waiting());
    if (unread > 0) {
      machine.eventLog().announce("input-lost", uart, unread + " bytes of input were never read by the guest");
    }
  }

  /** Tells that input was lost. */
  public void lost(String why) {
    machine.eventLog().announce("input-lost", shown.isEmpty() ? uart : shown, why);
  }

  /** For a person: what the keys go to now. */
  @Override
  public String toString() {
    return shown.isEmpty() ? "the board" : shown;
  }
}
