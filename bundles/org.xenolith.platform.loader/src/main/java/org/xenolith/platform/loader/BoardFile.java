// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.HostBridgeKind;
import org.xenolith.platform.api.HostBridgeSite;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.loader.Choice.Bridge;
import org.xenolith.platform.loader.Choice.Count;
import org.xenolith.platform.loader.Choice.Named;
import org.xenolith.platform.loader.Choice.Number;
import org.xenolith.platform.loader.Topology.Condition;
import org.xenolith.platform.loader.Topology.Refusal;

/** A board that is a file. The file is read when the board is asked for something for the first time. */
final class BoardFile implements BoardProvider {
  private static final String NONE = "none";
  private static final long MIB = 1L << 20;
  private static final String PREFIX = "^0[xX]";
  private static final Pattern HEX = Pattern.compile("(0[xX])?[0-9a-fA-F]{1,16}");

  private final String name;
  private final Supplier<Topology> file;
  private final BridgeKinds bridges;
  private Topology content;

  /**
   * @param name    the board's name
   * @param file    reads it; throws a PlatformException if it is wrong
   * @param bridges the kinds of host bridges that it can have
   */
  BoardFile(String name, Supplier<Topology> file, BridgeKinds bridges) {
    this.name = name;
    this.file = file;
    this.bridges = bridges;
  }

  /** What the file says. */
  synchronized Topology content() {
    if (content == null) {
      content = file.get();
    }
    return content;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String summary() {
    return content().summary();
  }

  @Override
  public BoardRequest standard() {
    return new BoardRequest(0, 0, Map.of());
  }

  @Override
  public Map<String, Map<String, String>> options() {
    return content().options();
  }

  @Override
  public boolean takes(String choice) {
    return content().choices().stream().anyMatch(c -> c.name().equals(choice));
  }

  @Override
  public Map<String, List<String>> choices() {
    Map<String, List<String>> choices = new LinkedHashMap<>();
    content().choices().forEach(choice -> choices.put(choice.name(), values(choice)));
    return choices;
  }

  private List<String> values(Choice choice) {
    List<String> values = new ArrayList<>(choice.variants().stream().map(Choice.Variant::value).filter(v -> !v.equals(Choice.ANY))
        .toList());
    switch (choice.kind()) {
      case Named _ -> {
      }
      case Count _ -> values.add("N");
      case Number _ -> values.addAll(List.of(NONE, "HEX"));
      case Bridge _ -> {
        // A kind that the board has edits of its own for is still one kind.
        SortedSet<String> kinds = new TreeSet<>(bridges.names());
        kinds.addAll(values);
        kinds.remove(choice.standard());
        values.retainAll(List.of(choice.standard()));
        values.addAll(kinds);
      }
    }
    return values;
  }

  @Override
  public Fdt tree(BoardRequest request) {
    Findings findings = new Findings();
    Fdt tree = tree(request, findings);
    findings.throwErrors(name);
    return tree;
  }

  /**
   * The tree for a request.
   *
   * @param findings gets the edits that don't fit
   * @throws PlatformException if the request can't be met
   */
  Fdt tree(BoardRequest request, Findings findings) {
    findings.lines(content().lines());
    checkSize(request);
    Map<String, String> values = values(request.requests());
    Edits edits = new Edits(findings);
    Fdt tree = content().tree();
    for (Choice choice : content().choices()) {
      String value = values.get(choice.name());
      if (value != null) {
        try {
          tree = with(choice, value, values, tree, edits);
        } catch (FdtException e) {
          findings.error("/", choice.place() + e.what(), e.remedy());
        }
      }
    }
    for (Choice choice : content().choices()) {
      String value = values.get(choice.name());
      if (value != null && choice.kind() instanceof Bridge place && choice.variant(value).isEmpty()) {
        tree = bridge(choice, place, value, tree);
      }
    }
    if (request.cpus() != 0) {
      tree = TreeSize.withCpus(tree, request.cpus(), content().limits().mostCpus() != 0);
    }
    if (request.memoryBytes() != 0) {
      tree = GivenMemory.sized(name, tree, request.memoryBytes());
    }
    return tree;
  }

  private void checkSize(BoardRequest request) {
    BoardLimits limits = content().limits();
    int has = TreeSize.cpus(content().tree());
    int most = limits.mostCpus() == 0 ? has : limits.mostCpus();
    if (request.cpus() < 0 || request.cpus() > most || request.cpus() == 0 && limits.mostCpus() != 0 && has == 0) {
      throw unmet(request.cpus() + " CPUs", "1 to " + most);
    }
    long bytes = request.memoryBytes();
    boolean limited = limits.leastMemory() != 0 || limits.mostMemory() != 0;
    if (bytes != 0 && limited && (bytes < limits.leastMemory() || limits.mostMemory() != 0 && bytes > limits.mostMemory()
        || bytes % MIB != 0)) {
      throw unmet(bytes + " bytes of memory", "whole MiB from " + BoardLimits.text(limits.leastMemory()) + (limits.mostMemory() == 0 ? ""
          : " to " + BoardLimits.text(limits.mostMemory())));
    }
  }

  /** The value of each choice that has one: what is asked for, what follows from that, or the standard. */
  private Map<String, String> values(Map<String, String> requests) {
    requests.forEach((choice, value) -> {
      if (!takes(choice)) {
        throw unmet("option '" + choice + "=" + value + "'", content().choices().isEmpty() ? "no options: its file has no choices"
            : String.join(", ", content().choices().stream().map(this::possible).toList()));
      }
    });
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> implied = new HashMap<>();
    for (Choice choice : content().choices()) {
      String asked = requests.get(choice.name());
      if (asked != null) {
        check(choice, asked);
      }
      String follows = implied.getOrDefault(choice.name(), "");
      // What only follows from another request, and whose bundle isn't there, nobody misses.
      boolean had = !(choice.kind() instanceof Bridge) || choice.variant(follows).isPresent() || bridges.names().contains(follows);
      String value = asked != null ? asked : !follows.isEmpty() && had ? follows : choice.standard();
      if (!value.isEmpty()) {
        values.put(choice.name(), value);
        choice.variant(value).ifPresent(variant -> variant.implies().forEach(i -> implied.putIfAbsent(i.choice(), i.value())));
      }
    }
    for (Refusal refusal : content().refusals()) {
      if (refusal.with().stream().allMatch(condition -> condition.holds(values))) {
        Condition refused = refusal.with().getFirst();
        throw unmet(refused.toString(), refusal.possible());
      }
    }
    return values;
  }

  private void check(Choice choice, String value) {
    String possible = switch (choice.kind()) {
      case Named _ -> choice.variant(value).isPresent() ? "" : possible(choice);
      case Count count -> value.matches("[0-9]{1,6}") && Integer.parseInt(value) <= counted(count, content().tree()).size() ? ""
          : "a decimal number, 0 to " + counted(count, content().tree()).size();
      case Number _ -> value.equals(NONE) || HEX.matcher(value).matches() ? "" : "none, or up to 16 hexadecimal digits";
      case Bridge _ -> !value.equals(Choice.ANY) && (choice.variant(value).isPresent() || bridges.names().contains(value)) ? ""
          : possible(choice);
    };
    if (!possible.isEmpty()) {
      throw unmet("option '" + choice.name() + "=" + value + "'", possible);
    }
  }

  private String possible(Choice choice) {
    return choice.name() + "=" + String.join("|", values(choice));
  }

  private static List<FdtNode> counted(Count count, Fdt tree) {
    return tree.root().children().stream().filter(node -> node.baseName().equals(count.nodes())).toList();
  }

  private static Fdt with(Choice choice, String value, Map<String, String> values, Fdt tree, Edits edits) {
    return switch (choice.kind()) {
      case Named _ -> edits.of(choice.variant(value).orElseThrow(), tree, values);
      case Bridge _ -> edits.of(choice.variant(value).or(() -> choice.variant(Choice.ANY)).orElseThrow(), tree, values);
      case Count count -> {
        List<FdtNode> all = counted(count, tree);
        List<FdtNode> children = new ArrayList<>(tree.root().children());
        all.subList(Math.min(Integer.parseInt(value), all.size()), all.size()).forEach(children::remove);
        yield tree.withRoot(new FdtNode("", tree.root().properties(), children));
      }
      case Number number -> tree.edit(number.node(), node -> value.equals(NONE) ? node.withoutProperty(number.property())
          : node.withProperty(FdtProperty.ofU64(number.property(), Long.parseUnsignedLong(value.replaceFirst(PREFIX, ""), 16))));
    };
  }

  private Fdt bridge(Choice choice, Bridge place, String value, Fdt tree) {
    Optional<HostBridgeKind> kind = bridges.kind(value);
    if (kind.isEmpty()) {
      throw unmet("option '" + choice.name() + "=" + value + "'", possible(choice));
    }
    try {
      return kind.get().place(new HostBridgeSite(tree, place.node(), place.registers(), place.firstInterrupt(), place.interrupts(), place
          .phandle(), place.clock()));
    } catch (PlatformException e) {
      throw unmet(choice.name() + "=" + value, e.getMessage());
    } catch (RuntimeException | LinkageError e) {
      throw new PlatformException("board " + name + ": " + choice.name() + "=" + value + ": the bundle of that host bridge failed: " + e
          + "; mend it, or choose another", e);
    }
  }

  private PlatformException unmet(String request, String possible) {
    return new PlatformException("board " + name + ": " + request + " can't be had; possible: " + possible);
  }
}
