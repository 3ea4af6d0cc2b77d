// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.console.api.SerialPort;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.DomainSpec;
import org.xenolith.hyp.api.Domains;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.InputHandler;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class ConsoleEndTest {
  private final SerialPort uart = new SerialPort();
  private final SerialPort virtio = new SerialPort();
  private final ConsolesPort consoles = new ConsolesPort();
  private final DomainsPort domains = new DomainsPort();
  private final List<String> typed = new ArrayList<>();
  private final StringBuilder shown = new StringBuilder();
  private final List<String> events = new ArrayList<>();
  private InputHandler serial;

  private Machine machine(boolean hypervisor) {
    PlatformNode second = FakeNode.at("/virtio").compatible("virtio,mmio").build();
    List<PlatformNode> nodes = hypervisor
        ? List.of(second, FakeNode.at(HypervisorNode.PATH).compatible(HypervisorNode.COMPATIBLE).build()) : List.of(second);
    Platform platform = new Platform("test", null, nodes, null);
    return (Machine) Proxy.newProxyInstance(Machine.class.getClassLoader(), new Class<?>[] {Machine.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "platform" -> platform;
          case "port" -> arguments[0].equals("/virtio") ? virtio : Map.of(SerialPort.class, uart, ConsolesPort.class, consoles,
              DomainsPort.class, domains).get(arguments[1]);
          case "input" -> typed.add(arguments[0] + " " + arguments[1] + " " + new String((byte[]) arguments[2], StandardCharsets.UTF_8));
          case "post" -> {
            ((Runnable) arguments[0]).run();
            yield null;
          }
          case "inputHandler" -> {
            serial = (InputHandler) arguments[1];
            yield null;
          }
          case "eventLog" -> (EventLog) (kind, place, text) -> events.add(kind + " " + place + ": " + text);
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }

  private static Domain domain(int id, String name, DomainSpec.Kind kind) {
    return (Domain) Proxy.newProxyInstance(Domain.class.getClassLoader(), new Class<?>[] {Domain.class},
        (proxy, method, arguments) -> switch (method.getName()) {
          case "id" -> id;
          case "name" -> name;
          case "kind" -> kind;
          default -> throw new UnsupportedOperationException(method.getName());
        });
  }

  private void write(int domid, char c) {
    consoles.write(domid, (byte) c);
  }

  @Test
  void oneConsoleAtATimeIsShownAndFed() {
    consoles.names(id -> id == 2 ? "guest" : "");
    ConsoleEnd end = new ConsoleEnd(machine(true), "/uart", b -> shown.append((char) b));
    uart.transmit('a');
    write(2, 'x');
    end.type(new byte[] {'k'});
    end.show("guest");
    uart.transmit('b');
    write(2, 'y');
    write(3, 'n');
    end.type(new byte[] {'l'});
    end.show("");
    uart.transmit('c');
    write(2, 'z');
    end.show("guest");
    write(2, 'v');
    assertEquals("aycv", shown.toString());
    assertEquals(List.of("serial /uart k", "console guest l"), typed);
  }

  @Test
  void anotherNodesConsoleIsShownAndFedToo() {
    ConsoleEnd end = new ConsoleEnd(machine(false), "/uart", b -> shown.append((char) b));
    end.show("/virtio");
    uart.transmit('a');
    virtio.transmit('v');
    end.type(new byte[] {'k'});
    assertEquals("/virtio", end.toString());
    end.show("/uart");
    uart.transmit('b');
    virtio.transmit('w');
    end.type(new byte[] {'l'});
    assertEquals("vb", shown.toString());
    assertEquals(List.of("serial /virtio k", "serial /uart l"), typed);
    String says = assertThrows(BadInput.class, () -> end.show("/nothing")).getMessage();
    assertTrue(says.contains("/nothing") && says.contains("topology show"), says);
    assertEquals("the board", end.toString());
  }

  @Test
  void whatIsTypedBeforeTheGuestListensWaitsAndWhatItNeverReadsIsTold() {
    uart.deaf();
    ConsoleEnd end = new ConsoleEnd(machine(false), "/uart", b -> {});
    end.type("early ".getBytes(StandardCharsets.UTF_8));
    end.type("words".getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of(), typed);
    end.tellUnread();
    assertEquals(List.of("input-lost /uart: 11 bytes of input were never read by the guest"), events);
    uart.listens();
    end.type("!".getBytes(StandardCharsets.UTF_8));
    assertEquals(List.of("serial /uart early words", "serial /uart !"), typed);
    assertEquals(11, serial.apply("/uart", "early words".getBytes(StandardCharsets.UTF_8)));
    uart.receive();
    end.tellUnread();
    assertEquals("input-lost /uart: 11 bytes of input were never read by the guest", events.getLast());
  }

  @Test
  void machineWithoutAHypervisorHasNoDomains() {
    ConsoleEnd end = new ConsoleEnd(machine(false), "", b -> {});
    assertFalse(end.present());
    assertTrue(assertThrows(BadInput.class, () -> end.show("guest")).getMessage().contains("⟦hypervisor⟧"));
    assertFalse(end.present());
  }

  @Test
  void guestsWhoseConsolesAreNotShownAreNamedAndTheHypervisorsOwnDomainIsNot() {
    List<Domain> all = List.of(domain(0, "Domain-0", DomainSpec.Kind.DOM0), domain(1, "xenolith-service", DomainSpec.Kind.SERVICE),
        domain(2, "one", DomainSpec.Kind.DOMU), domain(3, "two", DomainSpec.Kind.DOMU));
    domains.attach((Domains) Proxy.newProxyInstance(Domains.class.getClassLoader(), new Class<?>[] {Domains.class},
        (proxy, method, arguments) -> all), null);
    ConsoleEnd end = new ConsoleEnd(machine(true), "/uart", b -> {});
    assertEquals(List.of("one", "two"), end.unshown());
    end.show("one");
    assertEquals(List.of("two"), end.unshown());
    end.show("3");
    assertEquals(List.of("one"), end.unshown());
  }
}
