// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.command.kit.WrittenNumber;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.loader.Choice.Edit;
import org.xenolith.platform.loader.Choice.Variant;
import org.xenolith.platform.loader.Topology.Condition;
import org.xenolith.platform.loader.Topology.Refusal;

/** Reads what a board can be asked for: limits, choices with their variants, and what doesn't go together. */
final class ChoiceReader {
  private static final String ROOT = "/";
  private static final String NAME = "name";
  private static final String STANDARD = "standard";
  private static final String VALUE = "value";
  private static final String NODE = "node";
  private static final String WITH = "with";
  private static final String PROPERTY = "property";
  private static final String NODES = "nodes";
  private static final String WORD = "[a-z0-9][a-z0-9.-]*";
  private static final int MOST_CPUS = 4096;

  private final TopologyReader reader;
  private final Map<String, Choice> choices = new LinkedHashMap<>();

  ChoiceReader(TopologyReader reader) {
    this.reader = reader;
  }

  BoardLimits limits(TopologyElement platform) {
    long least = bytes(platform, "leastMemory");
    long most = bytes(platform, "mostMemory");
    if (most != 0 && least > most) {
      reader.bad(platform, ROOT, "leastMemory is more than mostMemory", "correct one of the two");
    }
    return new BoardLimits((int) reader.number(platform, "mostCpus", 0, 1, MOST_CPUS), least, most);
  }

  private long bytes(TopologyElement platform, String attribute) {
    String text = platform.attribute(attribute);
    long bytes = text.isEmpty() ? 0 : BoardLimits.bytes(text);
    if (bytes < 0) {
      reader.bad(platform, ROOT, attribute + " is '" + text + "'", "give a size such as 512M or 4G");
    }
    return Math.max(0, bytes);
  }

  List<Choice> choices(TopologyElement platform) {
    for (TopologyElement element : platform.all("choices")) {
      Choice choice = choice(element);
      if (!choice.name().matches(WORD)) {
        reader.bad(element, ROOT, "the choice has the name '" + choice.name() + "'",
            "give it the attribute name, of lower-case letters, digits, '-' and '.'");
      } else if (choices.putIfAbsent(choice.name(), choice) != null) {
        reader.bad(element, ROOT, "two choices are named '" + choice.name() + "'", "remove or rename one");
      }
    }
    // what a condition names may stand behind it
    for (TopologyElement element : platform.all("choices")) {
      for (TopologyElement variant : element.all("variants")) {
        checked(variant, "implies", conditions(variant, "implies"));
        later(variant, element.attribute(NAME), conditions(variant, "implies"));
        variant.all("edits").forEach(edit -> checked(edit, WITH, conditions(edit, WITH)));
      }
    }
    return List.copyOf(choices.values());
  }

  private Choice choice(TopologyElement element) {
    Choice.Kind kind = kind(element);
    List<Variant> variants = new ArrayList<>();
    for (TopologyElement variant : element.all("variants")) {
      Variant read = variant(variant);
      boolean any = read.value().equals(Choice.ANY) && kind instanceof Choice.Bridge;
      if (!any && !read.value().matches(WORD)) {
        reader.bad(variant, ROOT, "the variant has the value '" + read.value() + "'",
            "give it the attribute value, of lower-case letters, digits, '-' and '.'");
      } else if (variants.stream().anyMatch(v -> v.value().equals(read.value()))) {
        reader.bad(variant, ROOT, "two variants have the value '" + read.value() + "'", "remove or rename one");
      } else {
        variants.add(read);
      }
    }
    String standard = element.attribute(STANDARD);
    Choice choice = new Choice(element.attribute(NAME), standard, List.copyOf(variants), kind, element.place());
    if (kind instanceof Choice.Named && variants.isEmpty()) {
      reader.bad(element, ROOT, "the choice has no variants", "give it <variants value=\"...\">, one for each value");
    }
    if (kind instanceof Choice.Bridge && choice.variant(Choice.ANY).isEmpty()) {
      reader.bad(element, ROOT, "the choice has no variant for the kinds that are installed",
          "give it <variants value=\"*\"> with the generic bridge's node");
    }
    if (!standard.isEmpty() && (kind instanceof Choice.Named || kind instanceof Choice.Bridge) && choice.variant(standard).isEmpty()) {
      reader.bad(element, ROOT, "standard is '" + standard + "', which none of its variants is", "use one of " + String.join(", ",
          variants.stream().map(Variant::value).toList()));
    }
    return choice;
  }

  private Choice.Kind kind(TopologyElement element) {
    Set<String> children = Set.of("variants");
    switch (element.type) {
      case "", "Choice" -> {
        reader.known(element, ROOT, Set.of(NAME, STANDARD), children);
        return new Choice.Named();
      }
      case "CountChoice" -> {
        reader.known(element, ROOT, Set.of(NAME, NODES), Set.of());
        needs(element, NODES);
        return new Choice.Count(element.attribute(NODES));
      }
      case "NumberChoice" -> {
        reader.known(element, ROOT, Set.of(NAME, NODE, PROPERTY), Set.of());
        needs(element, NODE, PROPERTY);
        return new Choice.Number(element.attribute(NODE), element.attribute(PROPERTY));
      }
      case "HostBridgeChoice" -> {
        reader.known(element, ROOT, Set.of(NAME, STANDARD, NODE, "registers", "interrupts", "phandle", "clock"), children);
        needs(element, NODE, "phandle");
        long[] registers = numbers(element, "registers", 2, Long.MAX_VALUE);
        long[] interrupts = numbers(element, "interrupts", 2, Integer.MAX_VALUE);
        return new Choice.Bridge(element.attribute(NODE), new AddressWindow(registers[0], registers[1]), (int) interrupts[0],
            (int) interrupts[1], (int) numbers(element, "phandle", 1, Integer.MAX_VALUE)[0], (int) numbers(element, "clock", 1,
                Integer.MAX_VALUE)[0]);
      }
      default -> {
        reader.bad(element, ROOT, "a choice can't be of the type '" + element.type + "'", "leave xsi:type out, or say"
            + " platform:CountChoice, NumberChoice or HostBridgeChoice");
        return new Choice.Named();
      }
    }
  }

  private void needs(TopologyElement element, String... attributes) {
    for (String attribute : attributes) {
      if (element.attribute(attribute).isEmpty()) {
        reader.bad(element, ROOT, "it needs the attribute " + attribute, "write " + attribute + "=\"...\"");
      }
    }
  }

  /** As many numbers as asked for, decimal or with 0x; zeroes if the attribute isn't there. */
  private long[] numbers(TopologyElement element, String attribute, int count, long most) {
    long[] numbers = new long[count];
    String text = element.attribute(attribute);
    if (text.isEmpty()) {
      return numbers;
    }
    String[] words = text.split("\\s+");
    try {
      for (int i = 0; i < count && words.length == count; i++) {
        numbers[i] = WrittenNumber.number(words[i]);
      }
    } catch (NumberFormatException e) {
      numbers[0] = -1;
    }
    for (long number : numbers) {
      if (words.length != count || number < 0 || number > most) {
        reader.bad(element, ROOT, attribute + " is '" + text + "'", "give " + count + (count == 1 ? " number" : " numbers")
            + ", decimal or with 0x" + (most == Long.MAX_VALUE ? "" : ", up to " + most));
        return new long[count];
      }
    }
    return numbers;
  }

  private Variant variant(TopologyElement element) {
    reader.known(element, ROOT, Set.of(VALUE, "implies"), Set.of("edits"));
    List<Edit> edits = element.all("edits").stream().map(this::edit).toList();
    return new Variant(element.attribute(VALUE), conditions(element, "implies"), edits);
  }

  private Edit edit(TopologyElement element) {
    reader.known(element, ROOT, Set.of(NODE, WITH, "after"), Set.of("properties", NODES, "removes"));
    String path = element.attribute(NODE);
    if (!path.startsWith(ROOT)) {
      reader.bad(element, ROOT, "the edit has the node '" + path + "'", "give it the attribute node, a path such as /intc@8000000");
      path = ROOT;
    }
    List<String> removes = element.all("removes").stream().map(r -> r.text.toString().strip()).toList();
    Edit edit = new Edit(element.place(), path, conditions(element, WITH), element.attribute("after"), reader.properties(element, path),
        reader.nodes(element, path), removes);
    if (edit.properties().isEmpty() && edit.nodes().isEmpty() && removes.isEmpty()) {
      reader.bad(element, path, "the edit changes nothing", "give it <properties>, <nodes> or <removes>, or remove it");
    }
    return edit;
  }

  List<Refusal> refusals(TopologyElement platform) {
    List<Refusal> refusals = new ArrayList<>();
    for (TopologyElement element : platform.all("refusals")) {
      reader.known(element, ROOT, Set.of(WITH, "possible"), Set.of());
      needs(element, WITH, "possible");
      List<Condition> with = conditions(element, WITH);
      checked(element, WITH, with);
      if (!with.isEmpty()) {
        refusals.add(new Refusal(with, element.attribute("possible")));
      }
    }
    return refusals;
  }

  /** The pairs NAME=VALUE of an attribute. What isn't one is told by {@link #checked}. */
  private static List<Condition> conditions(TopologyElement element, String attribute) {
    List<Condition> conditions = new ArrayList<>();
    for (String word : element.attribute(attribute).split("\\s+")) {
      if (!word.isEmpty()) {
        int equals = word.indexOf('=');
        conditions.add(equals < 0 ? new Condition(word, "") : new Condition(word.substring(0, equals), word.substring(equals + 1)));
      }
    }
    return conditions;
  }

  private void checked(TopologyElement element, String attribute, List<Condition> conditions) {
    for (Condition condition : conditions) {
      Choice choice = choices.get(condition.choice());
      String what = attribute + " names '" + condition + "'";
      if (choice == null) {
        reader.bad(element, ROOT, what + ", and there is no such choice", choices.isEmpty() ? "add a <choices>" : "use one of " + String
            .join(", ", choices.keySet()));
      } else if (choice.variant(condition.value()).isEmpty() && choice.kind() instanceof Choice.Named) {
        reader.bad(element, ROOT, what + ", and the choice has no such variant", "use one of " + String.join(", ", choice.variants()
            .stream().map(Variant::value).toList()));
      }
    }
  }

  private void later(TopologyElement element, String of, List<Condition> implies) {
    List<String> order = List.copyOf(choices.keySet());
    for (Condition condition : implies) {
      if (order.contains(condition.choice()) && order.indexOf(condition.choice()) <= order.indexOf(of)) {
        reader.bad(element, ROOT, "implies names '" + condition + "', which stands before it", "put the choice " + condition.choice()
            + " behind the choice " + of);
      }
    }
  }
}
