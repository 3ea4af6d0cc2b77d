// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import java.util.function.Function;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.MonitorCommand;
import org.xenolith.command.api.OptionName;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.MachineInspector;
import org.xenolith.inspect.symbols.SymbolFinder;
import org.xenolith.machine.control.Machine;

/** A word of the prompt that goes to the past, or moves there. */
final class PastWord implements MonitorCommand {
  /** What one does. */
  interface Does {
    String answer(KeptHistory history, PastText texts, List<String> words);
  }

  private final KeptHistories histories;
  private final PastText texts;
  private final String name;
  private final String usage;
  private final String meaning;
  private final String manual;
  private final Does does;

  private PastWord(KeptHistories histories, PastText texts, String name, String usage, String meaning, String manual, Does does) {
    this.histories = histories;
    this.texts = texts;
    this.name = name;
    this.usage = usage;
    this.meaning = meaning;
    this.manual = manual;
    this.does = does;
  }

  /** The words. */
  static List<MonitorCommand> all(KeptHistories histories, MachineInspector inspector, SymbolFinder finder) {
    PastText texts = new PastText(inspector, finder);
    return List.of(
        new PastWord(histories, texts, "at", "TIME|INSTRUCTIONS", "go to a moment of the past, and look there from then on", """
            The machine itself isn't touched: it stays where it is, and who is in the past looks at one that stands at that moment.
            (xenolith) at 2.5s
            (xenolith) at 938,033,991
            (xenolith) at 938033991@2086862848ns
            """, PastMoves::at),
        new PastWord(histories, texts, "back", "[N] [CPU]", "go back by N instructions (1), of one CPU or of all", """
            From the present, too. Of one CPU: to where it is about to execute the first of its last N.
            (xenolith) back
            (xenolith) back 1000 cpu1
            """, (history, text, words) -> PastMoves.step(history, text, words, -1)),
        new PastWord(histories, texts, "forth", "[N] [CPU]", "go forwards in the past by N instructions (1), of one CPU or of all", """
            Until the present; there the machine itself goes on (present, then go).
            (xenolith) forth
            (xenolith) forth 1000 cpu1
            """, (history, text, words) -> PastMoves.step(history, text, words, 1)),
        new PastWord(histories, texts, "back-to", "PLACE", "go back to where an instruction was executed last, or bytes were written", """
            PLACE is one of break: an address or symbol, exception, device, exit, event; or write ADDRESS [BYTES] (8).
            (xenolith) back-to vfs_read
            (xenolith) back-to write 0xffff800008b40000 4
            (xenolith) back-to exception SVC
            """, (history, text, words) -> PastMoves.seek(history, text, words, false)),
        new PastWord(histories, texts, "forth-to", "PLACE",
            "go forwards in the past to where an instruction is executed next, or bytes are written", """
            The same places as of back-to. Where none is met it is the present.
            (xenolith) forth-to vfs_read
            """, (history, text, words) -> PastMoves.seek(history, text, words, true)),
        calls(histories, texts, "next", "go forwards in the past by an instruction of a CPU (cpu0), over all that it calls",
            CallMoves::next),
        calls(histories, texts, "finish", "go forwards in the past to behind the call of the function that a CPU executes",
            CallMoves::finish),
        calls(histories, texts, "back-next", "go back by an instruction of a CPU, over the call that has returned", CallMoves::backNext),
        calls(histories, texts, "back-finish", "go back to the call of the function that a CPU executes", CallMoves::backFinish),
        new PastWord(histories, texts, "what-if", "", "go on from here with a machine of its own, which may be written to", """
            From where it is looked at, the present too. It goes on by step, forth and forth-to as it would with what is written to it; neither the past nor
            the machine itself notices. at leads to what was, present back to the machine.
            (xenolith) what-if
            (xenolith) write X0 0
            """, PastMoves::whatIf),
        new PastWord(histories, texts, "present", "", "come back from the past", """
            The machine is where it was left; go lets it go on.
            """, PastMoves::present),
        new PastWord(histories, texts, "moments", "", "say where the past begins, and what is kept of it", """
            Each moment since can be reached; those near a moment that is kept at once.
            """, PastMoves::moments));
  }

  private static PastWord calls(KeptHistories histories, PastText texts, String name, String meaning, Function<CallMoves, Arrival> move) {
    return new PastWord(histories, texts, name, "[CPU]", meaning, "(xenolith) " + name + " cpu1\n", (history, text, words) -> PastMoves
        .calls(
            history, text, words, move));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String help() {
    String line = (name + " " + usage).strip();
    return line.length() <= 26 ? "%-26s %s".formatted(line, meaning) : line + "\n" + " ".repeat(27) + meaning;
  }

  @Override
  public String manual() {
    return help() + "\n" + manual;
  }

  @Override
  public boolean onlyLooks() { return true; }

  @Override
  public String execute(Machine machine, List<String> words) {
    KeptHistory history = histories.kept(machine).orElseThrow(() -> new BadInput(name
        + ": no past is kept of this machine; launch it with " + OptionName.option(HistoryOption.NAME)));
    try {
      return does.answer(history, texts, words);
    } catch (BadInput e) {
      throw e.getMessage().startsWith(name + ": ") ? e : new BadInput(name + ": " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new BadInput(name + ": " + e.getMessage());
    }
  }

  @Override
  public List<String> complete(Machine machine, List<String> words) {
    return machine.processors().stream().map(each -> "cpu" + each.index()).toList();
  }

  /** The machine of the past that is looked at. */
  static PastMachine shown(KeptHistory history) {
    return history.shown().orElseThrow(() -> new BadInput("this is the present; at or back lead to the past"));
  }
}
