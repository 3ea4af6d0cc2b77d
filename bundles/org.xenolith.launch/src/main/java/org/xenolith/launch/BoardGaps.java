// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.xenolith.machine.api.EventLog;
import org.xenolith.machine.control.Machine;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/**
 * What a machine has no model of and nothing works without: its console, so that nothing of the guest is seen, and interrupt controllers, so
 * that its guest waits for ever. It is said before the machine runs. A CPU that nobody makes is refused when the machine is built.
 *
 * @param platform what the machine was built from
 * @param served   paths of the nodes that have a model
 */
record BoardGaps(Platform platform, Set<String> served) {
  /** Event: what was asked for can't work as it is. */
  private static final String WARNING = "config-warning";
  private static final String REMEDY =
      "install a bundle that serves it ('./xenolith models' lists what there is, docs/guides/first-model.md"
          + " says how one is made), or give the node the compatible of a model that is like it";

  static BoardGaps of(Machine machine, Platform platform) {
    return new BoardGaps(platform, machine.devices().stream().filter(device -> !device.model().isEmpty()).map(Machine.DeviceFact::instance)
        .collect(Collectors.toSet()));
  }

  /** Says them. @param console path of the node that is shown as the board's console; empty without any */
  void tell(EventLog events, String console) {
    controllers().forEach((path, text) -> events.announce(WARNING, path, text));
    console(console).ifPresent(text -> events.announce(WARNING, console.isEmpty() ? "/" : console, text));
  }

  /** What is missing of the console. */
  Optional<String> console(String path) {
    if (served.contains(path)) {
      return Optional.empty();
    }
    String others = platform.nodes().stream().filter(node -> served.contains(node.path()) && StandardOutput.uart(node)).map(
        PlatformNode::path).collect(Collectors.joining(", "));
    String instead = others.isEmpty() ? "" : "; " + option("console") + " shows another UART: " + others;
    if (path.isEmpty()) {
      return Optional.of("the board has no console: /chosen/stdout-path names none, and there is no UART. Nothing that a guest says can be"
          + " seen; name a UART there");
    }
    PlatformNode node = platform.node(path).orElseThrow();
    String why = node.enabled() ? "no model serves the console, " + compatible(node) : "the console is disabled in the tree";
    return Optional.of(why + ": nothing that a guest says there can be seen; " + (node.enabled() ? REMEDY
        : "enable it, or name another UART"
            + " in /chosen/stdout-path") + instead);
  }

  /** What is missing of the way of interrupts, by the path of the controller. */
  Map<String, String> controllers() {
    Map<String, Set<String>> waiting = new LinkedHashMap<>();
    for (PlatformNode node : platform.nodes()) {
      if (served.contains(node.path())) {
        controllersOf(node).stream().filter(path -> !served.contains(path)).forEach(path -> waiting.computeIfAbsent(path,
            p -> new LinkedHashSet<>()).add(node.path()));
      }
    }
    Map<String, String> gaps = new LinkedHashMap<>();
    waiting.forEach((path, devices) -> {
      PlatformNode controller = platform.node(path).orElseThrow();
      String more = devices.size() == 1 ? "" : " and of " + (devices.size() - 1) + " other devices";
      gaps.put(path, (controller.enabled() ? "no model serves the interrupt controller, " + compatible(controller)
          : "the interrupt controller is disabled in the tree") + ": no interrupt of " + devices.iterator().next() + more
          + " arrives, and an operating system that waits for one hangs; " + (controller.enabled() ? REMEDY : "enable it"));
    });
    return gaps;
  }

  /** The controllers that an interrupt of a node passes, from the nearest on. */
  private Set<String> controllersOf(PlatformNode node) {
    Set<String> passed = new LinkedHashSet<>();
    List<PlatformNode> next = new ArrayList<>(List.of(node));
    while (!next.isEmpty()) {
      for (InterruptSpecifier interrupt : next.removeLast().interrupts()) {
        if (passed.add(interrupt.controller())) {
          platform.node(interrupt.controller()).ifPresent(next::add);
        }
      }
    }
    passed.removeIf(path -> platform.node(path).isEmpty());
    return passed;
  }

  private static String compatible(PlatformNode node) {
    return node.compatible().isEmpty() ? "which is compatible with nothing" : "compatible with " + String.join(", ", node.compatible());
  }
}
