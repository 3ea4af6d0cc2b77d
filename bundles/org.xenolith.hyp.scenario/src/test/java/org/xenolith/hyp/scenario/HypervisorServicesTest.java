// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.hyp.api.HypervisorNode;
import org.xenolith.machine.control.Machine;
import org.xenolith.machine.control.Machine.InputHandler;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.scenario.api.ScenarioCheck;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** What scenarios are told of a hypervisor with Dom0 and one DomU. */
class HypervisorServicesTest {
  private final FakeHypervisor hypervisor = new FakeHypervisor();
  private final FakeDomain dom0 = hypervisor.dom0(1);
  private final FakeDomain guest = hypervisor.domU(3, 1);
  private final Map<String, InputHandler> handlers = new HashMap<>();
  private final List<String> brought = new ArrayList<>();

  private Machine machine(String node) {
    Platform platform = new Platform("fake", Fdt.of(new FdtNode("", List.of(), List.of())), List.of(new PlatformNode(node,
        node.substring(1), "/", List.of(), List.of(), true, List.of(), List.of(), Map.of())), Timing.STANDARD);
    return (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class}, (self, method,
        arguments) -> switch (method.getName()) {
          case "platform" -> platform;
          case "port" -> hypervisor.port((Class<?>) arguments[1]);
          case "inputHandler" -> {
            handlers.put((String) arguments[0], (InputHandler) arguments[1]);
            yield null;
          }
          case "input" -> {
            brought.add((String) arguments[0]);
            handlers.get(arguments[0]).apply((String) arguments[1], (byte[]) arguments[2]);
            yield null;
          }
          default -> null;
        });
  }

  private final Machine machine = machine(HypervisorNode.PATH);

  private void holds(ScenarioCheck check, String... pairs) {
    assertEquals(Optional.empty(), check.complaint(machine, arguments(check, pairs)));
  }

  private void lacks(ScenarioCheck check, String part, String... pairs) {
    String says = check.complaint(machine, arguments(check, pairs)).orElse("nothing to complain of");
    assertTrue(says.contains(part), says);
  }

  private void refused(ScenarioCheck check, String part, String... pairs) {
    String says = assertThrows(IllegalArgumentException.class, () -> check.complaint(machine, arguments(check, pairs))).getMessage();
    assertTrue(says.contains(part), says);
  }

  private static Map<String, String> arguments(ScenarioCheck check, String... pairs) {
    Map<String, String> arguments = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      assertTrue(check.keys().contains(pairs[i]), pairs[i]);
      arguments.put(pairs[i], pairs[i + 1]);
    }
    return arguments;
  }

  @Test
  void aDomainIsThereAndHasAState() {
    DomainCheck check = new DomainCheck();
    holds(check, "domain", "3");
    holds(check, "domain", guest.name());
    holds(check, "domain", "4", "present", "false");
    lacks(check, "is there", "domain", "3", "present", "false");
    refused(check, "there is no domain '4'", "domain", "4");
    refused(check, "'domain' is missing");
    refused(check, "expected one of", "domain", "3", "state", "asleep");
    int pauses = guest.pauseCount();
    guest.pause();
    lacks(check, "expected running", "domain", "3", "state", "running");
    assertEquals(pauses + 1, guest.pauseCount());
    guest.shutdown(3);
    holds(check, "domain", "3", "state", "shutdown", "reason", "crash");
    lacks(check, "shut down for crash, expected poweroff", "domain", "3", "reason", "poweroff");
    lacks(check, "did not shut down", "domain", "0", "reason", "crash");
    lacks(check, "expected 77", "domain", "3", "pages", "77");
    holds(check, "domain", "3", "vcpus", "0..8", "pages", "1..");
  }

  @Test
  void theStoreHasNodesWithValues() {
    StoreCheck check = new StoreCheck();
    hypervisor.store().write("/local/domain/3/name", "guest");
    hypervisor.store().write("/local/domain/3/data", "");
    holds(check, "path", "/local/domain/3/name", "value", "gu.*");
    holds(check, "path", "/local/domain/4", "present", "false");
    holds(check, "path", "/local/domain/3", "children", "2");
    lacks(check, "is 'guest', expected 'other'", "path", "/local/domain/3/name", "value", "other");
    lacks(check, "is not there", "path", "/local/domain/4");
    lacks(check, "is there: 'guest'", "path", "/local/domain/3/name", "present", "false");
    refused(check, "from '/' on", "path", "name");
    refused(check, "position", "path", "/local/domain/3/name", "value", "(");
    lacks(check, "expected 1000", "domain", "3", "owned", "1000");
  }

  @Test
  void grantsAndPortsAreCounted() {
    hypervisor.grants();
    holds(new GrantCheck(), "domain", "3", "maps", "0", "lends", "..5");
    lacks(new GrantCheck(), "pages that domain", "domain", "3", "maps", "1..");
    refused(new GrantCheck(), "'maps' or 'lends'", "domain", "3");
    refused(new GrantCheck(), "expected a count", "domain", "3", "maps", "some");
    int port = hypervisor.eventChannels().allocateUnbound(guest, dom0.id());
    assertTrue(port > 0);
    holds(new ChannelCheck(), "domain", "3", "open", "1");
    lacks(new ChannelCheck(), "expected 0", "domain", "3", "open", "0");
    refused(new ChannelCheck(), "'open' is missing", "domain", "3");
  }

  @Test
  void theLogIsReadByLines() {
    LogCheck check = new LogCheck();
    hypervisor.port(HypervisorLogPort.class).add("d3 crashed");
    holds(check, "shows", "\\(XEN\\) d\\d crashed$");
    holds(check, "lacks", "panic");
    lacks(check, "no line", "shows", "panic");
    lacks(check, "d3 crashed", "lacks", "crash");
    refused(check, "'shows' or 'lacks'");
    refused(check, "position", "shows", "(");
  }

  @Test
  void aDomainsConsoleIsConnectedAndTypedAt() {
    StringBuilder shown = new StringBuilder();
    StringBuilder typed = new StringBuilder();
    DomainConsole consoles = new DomainConsole();
    hypervisor.port(ConsolesPort.class).serve(machine);
    hypervisor.port(ConsolesPort.class).names(id -> id == 3 ? "guest" : "");
    assertTrue(consoles.connect(machine, "guest", b -> shown.append((char) b)));
    hypervisor.port(ConsolesPort.class).write(3, (byte) 'x');
    hypervisor.port(ConsolesPort.class).write(0, (byte) 'y');
    assertEquals("x", shown.toString());
    hypervisor.port(ConsolesPort.class).input(3, (bytes, offset, length) -> {
      typed.append(new String(bytes, offset, length, StandardCharsets.UTF_8));
      return length;
    });
    consoles.type(machine, "guest", "ls\n".getBytes(StandardCharsets.UTF_8));
    assertEquals("ls\n", typed.toString());
    assertThrows(IllegalArgumentException.class, () -> consoles.type(machine, "other", new byte[1]));
  }

  @Test
  void aMachineWithoutAHypervisorIsToldApart() {
    Machine bare = machine("/soc");
    assertFalse(new DomainConsole().connect(bare, "dom3", b -> {}));
    String says = assertThrows(IllegalArgumentException.class, () -> new DomainCheck().complaint(bare, Map.of("domain", "0"))).getMessage();
    assertTrue(says.contains("hypervisor: true"), says);
  }
}
