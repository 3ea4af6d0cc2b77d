// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReservation;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.loader.Topology.DeclaredOption;
import org.xenolith.platform.model.tree.PropertyText;
import org.xenolith.platform.model.tree.ReservationText;

/**
 * Reads what a topology file says. A fault is told with line, element and remedy, and reading goes on behind it, so that all faults of
 * a file are told at once.
 */
final class TopologyReader {
  private static final Set<String> PLATFORM = Set.of("name", "summary", "bootCpuid", "picosecondsPerInstruction", "quantum", "mostCpus",
      "leastMemory", "mostMemory");
  private static final Set<String> NODE_TYPES = Set.of("", "Node", "Cpu", "MemoryRegion", "Device", "Bus");
  private static final Map<String, Type> OPTION_TYPES = Map.of("BooleanOption", Type.BOOLEAN, "IntegerOption", Type.INTEGER,
      "TextOption", Type.STRING);
  private static final String NAME = "name";
  private static final String NODES = "nodes";
  private static final String PROPERTIES = "properties";
  private static final String OPTIONS = "options";

  private final Findings findings;
  private final Map<String, Map<String, String>> options = new LinkedHashMap<>();
  private final List<DeclaredOption> declared = new ArrayList<>();
  private final Map<String, Integer> lines = new HashMap<>();

  TopologyReader(Findings findings) {
    this.findings = findings;
  }

  /** The content of a file; empty if it has no tree. Faults are among the findings; with an error among them it must not be used. */
  static Optional<Topology> read(PlatformFile file, Findings findings) {
    if (!file.isText()) {
      throw file.noTopology();
    }
    return new TopologyReader(findings).platform(TopologyXml.read(file));
  }

  private Optional<Topology> platform(TopologyElement platform) {
    known(platform, "/", PLATFORM, Set.of("reservations", "root", "choices", "refusals"));
    List<TopologyElement> roots = platform.all("root");
    if (roots.size() != 1) {
      bad(platform, "/", roots.isEmpty() ? "it has no <root>" : "it has " + roots.size() + " <root>s", "give it one, with the tree in it");
      return Optional.empty();
    }
    List<FdtReservation> reservations = new ArrayList<>();
    for (TopologyElement reservation : platform.all("reservations")) {
      value(reservation, "/", ReservationText::parse).ifPresent(reservations::add);
    }
    findings.lines(lines);
    FdtNode root = node(roots.getFirst(), "/", true);
    timing(platform);
    ChoiceReader choices = new ChoiceReader(this);
    BoardLimits limits = choices.limits(platform);
    Fdt tree = new Fdt((int) number(platform, "bootCpuid", 0, Integer.MIN_VALUE, 0xFFFF_FFFFL), reservations, root);
    return Optional.of(new Topology(platform.attribute(NAME), platform.attribute("summary"), tree, options, declared, limits, choices
        .choices(platform), choices.refusals(platform), lines));
  }

  /** A node with all that is in it; what has a fault is left out. */
  FdtNode node(TopologyElement element, String path, boolean root) {
    known(element, path, Set.of(NAME), Set.of(PROPERTIES, NODES, OPTIONS));
    lines.putIfAbsent(path, element.line);
    if (!NODE_TYPES.contains(element.type)) {
      bad(element, path, "a node can't be of the type '" + element.type + "'", "leave xsi:type out, or say platform:Device, Bus, Cpu or"
          + " MemoryRegion");
    }
    List<FdtProperty> properties = properties(element, path);
    List<FdtNode> children = nodes(element, path);
    element.all(OPTIONS).forEach(option -> option(option, path));
    FdtNode empty = new FdtNode("", List.of(), List.of());
    try {
      return new FdtNode(root ? "" : element.attribute(NAME), properties, children);
    } catch (FdtException e) {
      bad(element, path, e.what(), e.remedy());
      return empty;
    }
  }

  /** The child nodes of an element, each with a name of its own. */
  List<FdtNode> nodes(TopologyElement element, String path) {
    Map<String, FdtNode> nodes = new LinkedHashMap<>();
    for (TopologyElement child : element.all(NODES)) {
      String name = child.attribute(NAME);
      String childPath = (path.equals("/") ? "" : path) + "/" + name;
      if (name.isEmpty()) {
        known(child, path, Set.of(NAME), Set.of(PROPERTIES, NODES, OPTIONS));
        bad(child, path, "a node below " + path + " has no name", "give it the attribute name, such as name=\"serial@9000000\"");
        continue;
      }
      FdtNode node = node(child, childPath, false);
      if (!node.name().isEmpty() && nodes.putIfAbsent(name, node) != null) {
        bad(child, path, "two child nodes are named '" + name + "'", "remove or rename one");
      }
    }
    return List.copyOf(nodes.values());
  }

  /** The properties of an element, each of a name of its own. */
  List<FdtProperty> properties(TopologyElement element, String path) {
    Map<String, FdtProperty> properties = new LinkedHashMap<>();
    for (TopologyElement line : element.all(PROPERTIES)) {
      value(line, path, PropertyText::parse).ifPresent(property -> {
        if (properties.putIfAbsent(property.name(), property) != null) {
          bad(line, path, "two properties are named '" + property.name() + "'", "remove or rename one");
        }
      });
    }
    return List.copyOf(properties.values());
  }

  private void option(TopologyElement element, String path) {
    known(element, path, Set.of(NAME, "value"), Set.of());
    String name = element.attribute(NAME);
    Type type = OPTION_TYPES.get(element.type);
    if (type == null) {
      bad(element, path, "an option can't be of the type '" + element.type + "'", "say xsi:type=\"platform:BooleanOption\", IntegerOption"
          + " or TextOption");
      return;
    }
    if (name.isEmpty()) {
      bad(element, path, "the option has no name", "give it the attribute name; the command 'models' has the names");
      return;
    }
    declared.add(new DeclaredOption(path, name, type, element.place()));
    String value = element.attributes.get("value");
    if (value == null) {
      return;
    }
    if (type == Type.BOOLEAN && !value.equals("true") && !value.equals("false")) {
      bad(element, path, "the value '" + value + "' is not true or false", "write value=\"true\" or value=\"false\"");
    } else if (type == Type.INTEGER && !value.matches("-?[0-9]{1,18}")) {
      bad(element, path, "the value '" + value + "' is no number", "write decimal digits");
    } else {
      options.computeIfAbsent(path, p -> new LinkedHashMap<>()).put(name, value);
    }
  }

  private void timing(TopologyElement platform) {
    Timing standard = Timing.STANDARD;
    long picoseconds = number(platform, "picosecondsPerInstruction", standard.picosecondsPerInstruction(), 1, 1_000_000);
    long quantum = number(platform, "quantum", standard.quantum(), 1, 1_000_000_000);
    Map<String, String> whole = new LinkedHashMap<>();
    if (picoseconds != standard.picosecondsPerInstruction()) {
      whole.put(PlatformRecords.PICOSECONDS, Long.toString(picoseconds));
    }
    if (quantum != standard.quantum()) {
      whole.put(PlatformRecords.QUANTUM, Long.toString(quantum));
    }
    if (!whole.isEmpty()) {
      options.put("/", whole);
    }
  }

  /** The number of an attribute, decimal. */
  long number(TopologyElement element, String attribute, long otherwise, long least, long most) {
    String text = element.attribute(attribute);
    if (text.isEmpty()) {
      return otherwise;
    }
    long number = text.matches("-?[0-9]{1,18}") ? Long.parseLong(text) : Long.MIN_VALUE;
    if (number == Long.MIN_VALUE || number < least || number > most) {
      bad(element, "/", attribute + " is '" + text + "'", "give a number from " + least + " to " + most);
      return otherwise;
    }
    return number;
  }

  private <T> Optional<T> value(TopologyElement element, String path, Function<String, T> parser) {
    known(element, path, Set.of(), Set.of());
    try {
      return Optional.of(parser.apply(element.text.toString()));
    } catch (FdtException e) {
      bad(element, path, e.what(), e.remedy());
      return Optional.empty();
    }
  }

  /** Tells attributes and elements that have no meaning here, and text beside elements. */
  void known(TopologyElement element, String path, Set<String> attributes, Set<String> children) {
    for (String attribute : element.attributes.keySet()) {
      if (!attributes.contains(attribute)) {
        bad(element, path, "it has no attribute '" + attribute + "'", attributes.isEmpty() ? "remove it" : "use one of " + String.join(", ",
            attributes.stream().sorted().toList()));
      }
    }
    for (TopologyElement child : element.children) {
      if (!children.contains(child.name)) {
        bad(child, path, "there is no such element in <" + element.name + ">", children.isEmpty() ? "remove it" : "use one of " + String
            .join(", ", children.stream().sorted().toList()));
      }
    }
    if (!children.isEmpty() && !element.text.toString().isBlank()) {
      String text = element.text.toString().strip().lines().findFirst().orElse("");
      bad(element, path, "the text '" + (text.length() > 40 ? text.substring(0, 40) + "…" : text) + "' belongs to no element",
          "put it into <properties>, or make it a comment");
    }
  }

  void bad(TopologyElement element, String path, String what, String remedy) {
    findings.error(path, element.place() + what, remedy);
  }
}
