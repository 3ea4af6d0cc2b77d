// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xenolith.command.kit.WrittenNumber;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtAddresses;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtFaults;
import org.xenolith.fdt.FdtIndex;
import org.xenolith.fdt.FdtInterrupts;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** Makes the node records of one tree: derives the typed facts from the raw properties and tells what doesn't fit. */
final class PlatformRecords {
  /** Options of the whole platform stand at the root's path. */
  private static final String PLATFORM_OPTIONS = "/";
  static final String PICOSECONDS = "picoseconds-per-instruction";
  static final String QUANTUM = "quantum";
  private static final Set<String> ENABLED = Set.of("okay", "ok");

  private final Fdt tree;
  private final Map<String, Map<String, String>> options;
  private final Findings findings;
  private final FdtIndex index;
  private final FdtAddresses addresses;
  private final FdtInterrupts interrupts;
  private final List<PlatformNode> nodes = new ArrayList<>();

  private PlatformRecords(Fdt tree, Map<String, Map<String, String>> options, Findings findings) {
    this.tree = tree;
    this.options = options;
    this.findings = findings;
    index = tree.index();
    // a window or interrupt that leads nowhere concerns one device, and only if the guest uses it
    FdtFaults faults = findings::warning;
    addresses = new FdtAddresses(index, faults);
    interrupts = new FdtInterrupts(index, faults);
  }

  /**
   * The platform of a tree.
   *
   * @param findings gets everything that doesn't fit; with an error among it the platform must not be used
   */
  static Platform of(String name, Fdt tree, Map<String, Map<String, String>> options, Findings findings) {
    return new PlatformRecords(tree, options, findings).platform(name);
  }

  private Platform platform(String name) {
    // a clash names the later of the two nodes first
    index.clashes().forEach(clash -> findings.error(clash.substring(0, clash.indexOf(' ')), clash, "give each node a phandle of its own"));
    add("/", "", tree.root(), true);
    Set<String> unknown = new HashSet<>(options.keySet());
    unknown.removeAll(index.byPath().keySet());
    unknown.stream().sorted().forEach(path -> findings.error(path, "options are set for a node that doesn't exist",
        "look at the paths with 'topology show'"));
    Platform platform = new Platform(name, tree, nodes, timing());
    checkWhole();
    return platform;
  }

  private void add(String path, String parent, FdtNode node, boolean parentEnabled) {
    boolean enabled = parentEnabled && statusIsEnabled(path, node);
    text(path, node, "device_type");
    List<AddressWindow> windows = addresses.windows(node).stream().map(w -> new AddressWindow(w.base(), w.size()))
        .toList();
    List<InterruptSpecifier> lines = interrupts.of(node).stream()
        .map(i -> new InterruptSpecifier(index.pathOf(i.provider()), i.cells())).toList();
    nodes.add(new PlatformNode(path, node.name(), parent, node.properties(), compatible(path, node), enabled, windows,
        lines, options.getOrDefault(path, Map.of())));
    for (FdtNode child : node.children()) {
      add(index.pathOf(child), path, child, enabled);
    }
  }

  private boolean statusIsEnabled(String path, FdtNode node) {
    Optional<FdtProperty> status = node.property("status");
    return status.isEmpty() || text(path, node, "status").map(ENABLED::contains).orElse(false);
  }

  private Optional<String> text(String path, FdtNode node, String property) {
    try {
      return node.property(property).map(FdtProperty::string);
    } catch (FdtException e) {
      findings.error(path, e.what(), e.remedy());
      return Optional.empty();
    }
  }

  private List<String> compatible(String path, FdtNode node) {
    try {
      return node.property("compatible").map(FdtProperty::strings).orElse(List.of());
    } catch (FdtException e) {
      findings.error(path, e.what(), e.remedy());
      return List.of();
    }
  }

  private Platform.Timing timing() {
    Map<String, String> whole = options.getOrDefault(PLATFORM_OPTIONS, Map.of());
    long picoseconds = positive(whole, PICOSECONDS, Platform.Timing.STANDARD.picosecondsPerInstruction(), 1_000_000);
    long quantum = positive(whole, QUANTUM, Platform.Timing.STANDARD.quantum(), 1_000_000_000);
    return new Platform.Timing(picoseconds, (int) quantum);
  }

  private long positive(Map<String, String> whole, String name, long otherwise, long most) {
    String value = whole.get(name);
    if (value == null) {
      return otherwise;
    }
    try {
      long number = WrittenNumber.number(value);
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below, as a number out of range is
    }
    findings.error("/", "option " + name + " is '" + value + "'", "give a number from 1 to " + most);
    return otherwise;
  }

  private void checkWhole() {
    boolean cpu = nodes.stream().anyMatch(n -> isType(n, "cpu"));
    if (!cpu) {
      findings.warning("/", "there is no CPU (a node with device_type = \"cpu\")", "add one below /cpus");
    }
    List<PlatformNode> banks = nodes.stream().filter(n -> n.enabled() && isType(n, "memory")).toList();
    boolean ram = banks.stream().flatMap(b -> b.windows().stream()).anyMatch(w -> w.size() != 0);
    if (!ram) {
      findings.warning("/", "no memory node has a size: real firmware fills it in",
          "say how much memory it has when you boot or import it");
    }
    List<Bank> pieces = new ArrayList<>(banks.stream().flatMap(b -> b.windows().stream().filter(w -> w.size() != 0)
        .map(w -> new Bank(b.path(), w))).toList());
    pieces.sort((a, b) -> Long.compareUnsigned(a.window.base(), b.window.base()));
    // what reaches farthest so far is what the next one overlaps, if it overlaps any: one finding each, not one a pair
    Bank farthest = null;
    for (Bank piece : pieces) {
      if (farthest != null && Long.compareUnsigned(piece.window.base(), last(farthest.window)) <= 0) {
        findings.error(farthest.node, "its RAM " + farthest.window + " overlaps " + piece.window, "correct one of the two");
      }
      if (farthest == null || Long.compareUnsigned(last(piece.window), last(farthest.window)) > 0) {
        farthest = piece;
      }
    }
  }

  private static boolean isType(PlatformNode node, String type) {
    byte[] wanted = (type + "\0").getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    return node.property("device_type").map(p -> java.util.Arrays.equals(p.value(), wanted)).orElse(false);
  }

  /** A piece of RAM and the node that has it. */
  private record Bank(String node, AddressWindow window) {}

  private static long last(AddressWindow window) {
    return window.base() + window.size() - 1;
  }
}
