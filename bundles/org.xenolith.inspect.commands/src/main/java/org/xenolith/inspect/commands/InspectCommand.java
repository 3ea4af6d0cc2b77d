// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.inspect.api.InspectedDevice;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.symbols.Symbol;
import org.xenolith.machine.control.Machine;

/** A word of the prompt that looks into the machine. */
abstract class InspectCommand implements MonitorCommand {
  private static final String JSON = "json";
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
      WordAnswer answer = execute(runs.of(machine), machine, said);
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
    return run.ask(machine, () -> candidates(run, words, words.isEmpty() ? "" : words.getLast()));
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
    return word.matches("cpu[0-9]{1,4}") ? OptionalInt.of(Integer.parseInt(word.substring(3))) : OptionalInt.empty();
  }

  /** A number of things, from 1 on. */
  static int count(String word, String what, int most) {
    long number = Texts.number(word).orElseThrow(() -> new BadInput("'" + word + "' is no number of " + what));
    if (number < 1 || number > most) {
      throw new BadInput(word + " " + what + ": expected 1 to " + most);
    }
    return (int) number;
  }

  /** Memory that is addressed, and by whom. */
  record Space(InspectedProcessor processor, InspectedMemory memory) {}

  /** Whether a word names one. */
  static boolean isSpace(InspectedRun run, String word) {
    return word.equals("physical") || cpu(word).isPresent() || word.matches("d[0-9]+") || run.processor().memories().stream().anyMatch(
        each -> each.name().equals(word));
  }

  /**
   * The memory that a word means: {@code physical}, a processor's ({@code cpu1}), that of a domain's code ({@code d1}), or one of the chosen processor's by its name.
   *
   * @param word empty for that of the code that the chosen processor executes
   */
  static Space space(InspectedRun run, String word) {
    InspectedProcessor processor = run.processor();
    OptionalInt cpu = cpu(word);
    if (word.isEmpty()) {
      return new Space(processor, processor.memory());
    }
    if (cpu.isPresent()) {
      return new Space(run.processor(cpu.getAsInt()), run.processor(cpu.getAsInt()).memory());
    }
    if (word.equals("physical")) {
      return new Space(processor, run.view.physical());
    }
    Optional<InspectedMemory> named = processor.memories().stream().filter(each -> each.name().equals(word)).findFirst();
    if (named.isPresent()) {
      return new Space(processor, named.get());
    }
    return run.view.processors().stream().filter(each -> run.view.guest(each.place()).equals(word)).findFirst().map(each -> new Space(each,
        each
            .memory())).orElseThrow(() -> new BadInput(word.matches("d[0-9]+") ? word
                + " executes on no CPU now; step or go on until it does"
                : "'" + word + "' is no memory; there are physical, " + String.join(", ", run.cpus()) + ", a domain's (d0) and " + String
                    .join(", ",
                        processor.memories().stream().map(InspectedMemory::name).filter(each -> !each.contains(" ")).toList())));
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
