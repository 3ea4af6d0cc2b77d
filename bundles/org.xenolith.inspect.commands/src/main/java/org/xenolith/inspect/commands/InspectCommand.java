// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.machine.control.Machine;

/** A word of the prompt that looks into the machine. */
abstract class InspectCommand implements MonitorCommand {
  private static final String JSON = "json";
  /** Words that let a machine go on, or have it stop when it does. */
  private static final Set<String> OF_THE_PRESENT = Set.of("pause", "go", "break", "watch", "breaks", "delete", "log");
  private static final int MOST_COMPLETIONS = 200;

  private final InspectedRuns runs;
  private final String name;
  private final String usage;
  private final String meaning;
  private final String manual;

  /**
   * A word.
   *
   * @param usage   the words behind the name
   * @param meaning a line
   * @param manual  more lines, and examples
   */
  InspectCommand(InspectedRuns runs, String name, String usage, String meaning, String manual) {
    this.runs = runs;
    this.name = name;
    this.usage = usage;
    this.meaning = meaning;
    this.manual = manual;
  }

  @Override
  public final String name() {
    return name;
  }

  @Override
  public final String help() {
    String line = (name + " " + usage).strip();
    return line.length() <= 26 ? "%-26s %s".formatted(line, meaning) : line + "\n" + " ".repeat(27) + meaning;
  }

  @Override
  public final String manual() {
    return help() + "\n" + manual;
  }

  @Override
  public boolean onlyLooks() { return true; }

  /** What it answers; while the machine stands between two instructions. */
  abstract WordAnswer answer(InspectedRun run, List<String> words);

  /** The same on the prompt's thread: for what waits for the machine itself. */
  WordAnswer execute(InspectedRun run, Machine machine, List<String> words) {
    return run.ask(machine, () -> answer(run, words));
  }

  @Override
  public final String execute(Machine machine, List<String> words) {
    List<String> said = new ArrayList<>(words);
    boolean json = !said.isEmpty() && said.getLast().equals(JSON);
    if (json) {
      said.removeLast();
    }
    try {
      InspectedRun run = runs.of(machine);
      if (run.past().isPresent() && OF_THE_PRESENT.contains(name)) {
        throw new BadInput("this is the past, and " + name
            + " is for the present machine; back-to and forth-to move to places here, present leads back");
      }
      WordAnswer found = execute(run, run.machine, said);
      // Who writes in the past looks at another machine now.
      WordAnswer answer = runs.of(machine).past().map(found::past).orElse(found);
      return json ? answer.json() : answer.text();
    } catch (BadInput e) {
      throw e.getMessage().startsWith(name + ": ") ? e : new BadInput(name + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new BadInput(name + ": " + e.getMessage());
    }
  }

  @Override
  public final List<String> complete(Machine machine, List<String> words) {
    InspectedRun run = runs.of(machine);
    return run.ask(run.machine, () -> candidates(run, words, words.isEmpty() ? "" : words.getLast()));
  }

  /** What the last word can be, which begins so. */
  List<String> candidates(InspectedRun run, List<String> words, String begun) {
    return List.of();
  }

  final BadInput usage() {
    return new BadInput("usage: " + name + " " + usage + "; help " + name + " has examples");
  }

  // ---- What words are

  /** {@code cpu1}. */
  static OptionalInt cpu(String word) {
    return MemorySpace.processor(word);
  }

  /** The memory that a word means, of the chosen processor where none is named. */
  static MemorySpace space(InspectedRun run, String word) {
    return MemorySpace.of(run.on, run.processor(), word);
  }

  static List<String> symbols(InspectedRun run, String begun) {
    return begun.isEmpty() ? List.of() : run.symbols.tables(run.processor()).stream().flatMap(each -> each.all().stream()).map(Symbol::name)
        .filter(
            each -> each.startsWith(begun)).distinct().sorted().limit(MOST_COMPLETIONS).toList();
  }

  static List<String> registers(InspectedRun run) {
    return run.processor().registers().stream().map(each -> each.name()).toList();
  }

  static List<String> devices(InspectedRun run) {
    return run.view.devices().stream().map(InspectedDevice::name).toList();
  }

  @SafeVarargs
  static List<String> both(List<String>... some) {
    List<String> all = new ArrayList<>();
    for (List<String> each : some) {
      all.addAll(each);
    }
    return all;
  }
}
