// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.fdt.Fdt;
import org.xenolith.machine.api.ModelDescription.Type;

/**
 * What a topology file says, free of EMF.
 *
 * @param name     the platform's name; empty if the file has none
 * @param summary  one line about it; empty if the file has none
 * @param tree     the raw tree
 * @param options  node path to option name to value, only for options that have one
 * @param declared every option, with the type that the file gives it
 * @param limits   CPUs and memory that can be asked for
 * @param choices  what can be asked for by name, in the order of the edits
 * @param refusals what doesn't go together
 * @param lines    node path to the line in which the file has the node
 */
record Topology(String name, String summary, Fdt tree, Map<String, Map<String, String>> options, List<DeclaredOption> declared,
    BoardLimits limits, List<Choice> choices, List<Topology.Refusal> refusals, Map<String, Integer> lines) {
  /** An option element of the file, and where it is, as a fault begins. */
  record DeclaredOption(String node, String name, Type type, String place) {}

  /** The options of nodes that are in the tree: what variants would add may have some, too. */
  Map<String, Map<String, String>> presentOptions() {
    Map<String, Map<String, String>> present = new LinkedHashMap<>(options);
    present.keySet().removeIf(path -> tree.node(path).isEmpty());
    return present;
  }

  /** What a tree says that isn't in a topology file. */
  static Topology of(String name, Fdt tree) {
    return new Topology(name, "", tree, Map.of(), List.of(), BoardLimits.NONE, List.of(), List.of(), Map.of());
  }

  /** Values of choices that the board can't have together; the first is what is refused. */
  record Refusal(List<Condition> with, String possible) {}

  /** A value that a choice must have. */
  record Condition(String choice, String value) {
    boolean holds(Map<String, String> values) {
      return value.equals(values.get(choice));
    }

    @Override
    public String toString() {
      return choice + "=" + value;
    }
  }
}
