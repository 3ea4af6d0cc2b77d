// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.machine.control.MachineInputs;
import org.xenolith.machine.control.MachineInputs.Change;

/** What ran before bundles were changed under one machine: the second process that executes it, of which there is one at most. Used by who has the prompt. */
final class EarlierRuns implements AutoCloseable {
  private final MachineInputs inputs;
  private final Optional<String> command;
  private final String history;
  private final String location;
  private final Consumer<String> progress;
  private volatile EarlierProcess open;

  /**
   * Of one machine.
   *
   * @param command  how it is made, as a journal has it; empty if nobody has said that
   * @param history  the option {@code history}
   * @param location of this bundle
   */
  EarlierRuns(MachineInputs inputs, Optional<String> command, String history, String location, Consumer<String> progress) {
    this.inputs = inputs;
    this.command = command;
    this.history = history;
    this.location = location;
    this.progress = progress;
  }

  /** Where people look in another process; empty if they don't. */
  Optional<Moment> moment() {
    return Optional.ofNullable(open).map(EarlierProcess::moment);
  }

  boolean isOpen() { return open != null; }

  /** The first change that is behind a goal; empty if none is. */
  Optional<Change> behind(Goal goal) {
    return inputs.changes().stream().filter(each -> switch (goal) {
      case Goal.Instruction to -> to.count() < each.instructions();
      case Goal.Time to -> to.nanoseconds() < each.nanoseconds();
      case Goal.Exactly to -> to.moment().compareTo(new Moment(each.instructions(), each.nanoseconds())) < 0;
    }).findFirst();
  }

  /**
   * Goes to a moment before a change, and says in which process.
   *
   * @param end  the first change behind it
   * @param name of the word
   * @return what the other process answers
   */
  String ask(Change end, String name, List<String> words) {
    EarlierProcess now = open;
    String told = "";
    if (now == null || !now.end().equals(end)) {
      close();
      String made = command.orElseThrow(() -> new BadInput(remedy(end)));
      progress.accept("this moment ran " + with(end) + ": a second process executes the run again\n");
      now = new EarlierProcess(inputs, end, made, history, location, progress);
      open = now;
      told = "this moment ran " + with(end) + ": opened in a second process\n";
    }
    try {
      return told + now.ask(name, words);
    } catch (BadInput e) {
      if (!told.isEmpty()) {
        close(); // nobody has looked there yet
      }
      throw e;
    }
  }

  /** Why what ran before a change isn't there for who looks by other means than the prompt's words, and how it can be had. */
  String remedy(Change end) {
    String why = "what ran before the " + end.text() + " can't be executed by what is installed now";
    return command.isPresent() ? why + "; 'at MOMENT' at the monitor's prompt opens a second process, which executes it with what ran then"
        : why
            + ", and how this machine was made isn't known: no second process can execute it; a recording of the run has what ran then: replay "
            + "it by boot with " + OptionName.option(HistoryOption.NAME) + ", and halt it before that";
  }

  static String with(Change end) {
    return end.before().isEmpty() ? "before the " + end.text() : "with " + end.before();
  }

  /** Executes a word where people look. */
  String ask(String name, List<String> words) {
    return open.ask(name, words);
  }

  @Override
  public void close() {
    EarlierProcess was = open;
    open = null;
    if (was != null) {
      was.close();
    }
  }
}
