package org.xenolith.cli;

import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.xenolith.command.api.BadInput;
import org.xenolith.machine.control.LiveChange;
import org.xenolith.machine.control.Machine;

/** The commands of the monitor prompt; the OSGi shell has the same. Each returns what a person reads. */
final class Monitor {
  private static final String HELP = """
      status                     instructions, virtual time
      devices                    each device and the bundle that serves it
      events                     events of the machine by kind
      replace BUNDLE JAR         replace a bundle by another version of itself
      remove BUNDLE              its devices go away; their state is kept
      add JAR                    install a bundle; its devices come (back) to life
      console [DOMAIN]           make this terminal a domain's console; without a name, the board's
      quit                       stop the machine
      resume                     back to the guest, which runs all the while; so do an empty line, Ctrl-] and Ctrl-D
      (Ctrl-] twice in a row, before anything is typed here, sends Ctrl-] to the guest; Ctrl-C forgets the line)
      """;
  private final Machine machine;
  private final ShellFunctions functions;
  private final PromptCommands more;

  Monitor(Machine machine, LiveChange change, PromptCommands more) {
    this.machine = machine;
    this.functions = new ShellFunctions(change);
    this.more = more;
  }

  /** Executes one line. */
  String execute(String line) {
    String[] words = line.split("\\s+");
    try {
      return switch (words[0]) {
        case "" -> "";
        case "help" -> HELP + more.help();
        case "status" -> "%d instructions, %.6f virtual seconds%n".formatted(machine.instructions(), machine.now() / 1e9);
        case "devices" -> devices();
        case "events" -> machine.events().entrySet().stream().map(e -> "%8d %s%n".formatted(e.getValue(), e.getKey()))
            .collect(Collectors.joining());
        case "replace" -> functions.replace(argument(words, 1, "replace BUNDLE JAR"),
            argument(words, 2, "replace BUNDLE JAR")) + "\n";
        case "remove" -> functions.remove(argument(words, 1, "remove BUNDLE")) + "\n";
        case "add" -> functions.add(argument(words, 1, "add JAR")) + "\n";
        case "quit" -> {
          machine.stop();
          yield "";
        }
        default -> more.named(words[0])
            .map(command -> command.execute(machine, List.of(words).subList(1, words.length)))
            .orElseGet(() -> "unknown command '" + words[0] + "'; 'help' lists them\n");
      };
    } catch (BadInput | IOException e) {
      return e.getMessage() + "\n";
    }
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
