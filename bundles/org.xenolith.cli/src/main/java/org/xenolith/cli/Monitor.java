// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.OptionName;
import org.xenolith.command.kit.NearWords;
import org.xenolith.machine.api.ModelException;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.Machine;

/** The commands of the monitor prompt; the OSGi shell has the same. Each returns what a person reads. */
final class Monitor {
  private static final String HELP = """
      help [COMMAND]             all commands, or one
      status                     instructions, virtual time
      devices                    each device and the bundle that serves it
      events                     events of the machine by kind
      replace BUNDLE JAR         replace a bundle by another version of itself
      remove BUNDLE              its devices go away; their state is kept
      add JAR                    install a bundle; its devices come (back) to life
      console [DOMAIN|NODE]      make this terminal a domain's or node's console; without a name, the board's
      off                        take a model that does not come back off the bus
      quit                       stop the machine
      resume                     back to the guest, which runs all the while; so do an empty line, Ctrl-] and Ctrl-D
      """;
  private static final String KEYS = """
      (Ctrl-] twice in a row, before anything is typed here, sends Ctrl-] to the guest; Ctrl-C forgets the line; the arrow keys bring
      back lines, Tab completes words; what the guest writes meanwhile is shown when it has the terminal again)
      """;
  private final Machine machine;
  private final ShellFunctions functions;
  private final PromptCommands more;
  private final Runnable quit;

  /** @param quit ends the run, whatever the machine does */
  Monitor(Machine machine, LiveChange change, PromptCommands more, Runnable quit) {
    this.machine = machine;
    this.functions = new ShellFunctions(change);
    this.more = more;
    this.quit = quit;
  }

  /** Whether the machine is in a call that doesn't come back. */
  boolean hangs() {
    return machine.hang().isPresent();
  }

  /** Ends the run, whatever the machine does. */
  void quit() {
    quit.run();
  }

  /** Executes one line. */
  String execute(String line) {
    return OptionName.onCommandLine(answer(line));
  }

  private String answer(String line) {
    String[] words = line.split("\\s+");
    try {
      return switch (words[0]) {
        case "" -> "";
        case "help" -> words.length == 1 ? HELP + more.help() + KEYS : help(words[1]);
        case "status" -> "%d instructions, %.6f virtual seconds%n".formatted(machine.instructions(), machine.now() / 1e9)
            + machine.hang().map(hang -> hang + "; 'off' takes it off the bus, 'quit' ends the run\n").orElse("");
        case "devices" -> devices();
        case "events" -> machine.events().entrySet().stream().map(e -> "%8d %s%n".formatted(e.getValue(), e.getKey()))
            .collect(Collectors.joining());
        case "replace", "remove", "add" -> change(words) + "\n";
        case "off" -> machine.takeOff().text() + "\n";
        case "quit" -> {
          quit.run();
          yield "";
        }
        default -> more.named(words[0])
            .map(command -> more.execute(command, machine, List.of(words).subList(1, words.length)))
            .orElseGet(() -> unknown(words[0]));
      };
    } catch (BadInput | IOException | ModelException e) {
      return HostReason.of(e).text() + "\n";
    } catch (Throwable bug) {
      // A bundle's command: what it throws must cost nobody the prompt.
      return words[0] + ": " + bug + (bug.getStackTrace().length == 0 ? "" : " at " + bug.getStackTrace()[0]) + "\n";
    }
  }

  private String change(String[] words) throws IOException {
    more.check(machine, words[0], List.of(words).subList(1, words.length));
    return switch (words[0]) {
      case "replace" -> functions.replace(argument(words, 1, "replace BUNDLE JAR"), argument(words, 2, "replace BUNDLE JAR"));
      case "remove" -> functions.remove(argument(words, 1, "remove BUNDLE"));
      default -> functions.add(argument(words, 1, "add JAR"));
    };
  }

  /** Names of the commands that there are now. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(more.names());
    HELP.lines().forEach(line -> names.add(line.split(" ")[0]));
    return names;
  }

  /** What the terminal can be the console of. */
  List<String> nodes() {
    return machine.devices().stream().filter(device -> !device.model().isEmpty()).map(Machine.DeviceFact::instance).toList();
  }

  /** Names of the bundles that serve devices. */
  List<String> bundles() {
    return machine.devices().stream().map(Machine.DeviceFact::bundle).filter(bundle -> !bundle.isEmpty()).toList();
  }

  /** What the last of some words can be, for a command that a bundle has added. */
  List<String> completions(List<String> words) {
    try {
      return more.named(words.getFirst()).map(command -> command.complete(machine, words.subList(1, words.size()))).orElse(List.of());
    } catch (Throwable bug) {
      return List.of(); // it costs nobody the line
    }
  }

  /** Whether the guest has the terminal again, after a line that was answered so. */
  boolean leaves(String name, String answer) {
    return name.equals("quit") || answer.isEmpty() && more.named(name).map(MonitorCommand::leaves).orElse(false);
  }

  private String help(String name) {
    return HELP.lines().filter(line -> line.startsWith(name + " ")).findFirst().map(line -> line + "\n").or(() -> more.named(name).map(
        command -> command.manual().stripTrailing() + "\n")).orElseGet(() -> unknown(name));
  }

  private String unknown(String name) {
    List<String> near = NearWords.of(name, names());
    return "unknown command '" + name + "'; " + (near.isEmpty() ? "" : "did you mean " + String.join(" or ", near) + "? ")
        + "'help' lists them\n";
  }

  private String devices() {
    return machine.devices().stream()
        .map(d -> "%-34s %-14s %s %s%n".formatted(d.instance(), d.model().isEmpty() ? "(absent)" : d.model(), d.bundle(),
            d.version()))
        .collect(Collectors.joining());
  }

  private static String argument(String[] words, int index, String usage) {
    if (words.length <= index) {
      throw new BadInput("usage: " + usage);
    }
    return words[index];
  }
}
