// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.history.api.Arrival;
import org.xenolith.history.api.Goal;
import org.xenolith.history.api.Moment;
import org.xenolith.history.api.PastMachine;
import org.xenolith.inspect.api.StopPlace;
import org.xenolith.inspect.kit.AttendedRun;
import org.xenolith.inspect.kit.BreakPlace;
import org.xenolith.inspect.kit.MemorySpace;
import org.xenolith.inspect.kit.NamedAddress;
import org.xenolith.inspect.kit.NamedMachine;
import org.xenolith.machine.control.MachineInputs.Change;
import org.xenolith.machine.watch.WatchedAddress.Space;

/** What the words of the past do. */
final class PastMoves {
  private static final long MOST = 1_000_000_000_000L;
  private static final int WORD = 8;
  private static final int MOST_BYTES = 1 << 20;

  private PastMoves() {}

  private static BadInput usage(String how) {
    return new BadInput("usage: " + how);
  }

  static String at(KeptHistory history, PastText texts, List<String> words) {
    if (words.size() != 1) {
      throw usage("at TIME|INSTRUCTIONS, as in at 2.5s or at 938,033,991; help at has examples");
    }
    Goal goal = history.goal(words.getFirst());
    Optional<Change> change = history.earlier().behind(goal);
    if (change.isPresent()) {
      return earlier(history, change.get(), "at", words);
    }
    history.check(goal);
    history.earlier().close();
    go(history, goal);
    return texts.standing(PastWord.shown(history), 0);
  }

  /** What ran before a change is executed, and moved along, in a second process. */
  private static String earlier(KeptHistory history, Change end, String name, List<String> words) {
    String answer = history.earlier().ask(end, name, words);
    history.show(null);
    return answer;
  }

  private static void go(KeptHistory history, Goal goal) {
    Optional<PastMachine> shown = history.shown().filter(each -> each.branched().isEmpty());
    PastMachine past = shown.isPresent() ? shown.get() : AttendedRun.quickly(() -> history.near(goal));
    try {
      history.attended(past, () -> {
        past.go(goal);
        return past;
      });
    } catch (RuntimeException e) {
      if (shown.isEmpty()) {
        past.close();
      }
      throw e;
    }
    history.show(past);
  }

  /** The machine of the past that is looked at; of the present one, if none is, one that stands there. */
  private static PastMachine past(KeptHistory history) {
    if (history.shown().isEmpty()) {
      go(history, new Goal.Exactly(history.present()));
    }
    return PastWord.shown(history);
  }

  static String step(KeptHistory history, PastText texts, List<String> words, int sign) {
    List<String> said = new ArrayList<>(words);
    OptionalInt cpu = said.isEmpty() ? OptionalInt.empty() : MemorySpace.processor(said.getLast());
    if (cpu.isPresent()) {
      said.removeLast();
      if (history.machine().processors().stream().noneMatch(each -> each.index() == cpu.getAsInt())) {
        throw new BadInput("cpu" + cpu.getAsInt() + ": there are " + history.machine().processors().size() + " CPUs, from cpu0");
      }
    }
    if (said.size() > 1) {
      throw usage((sign < 0 ? "back" : "forth") + " [N] [CPU]");
    }
    long times = said.isEmpty() ? 1 : count(said.getFirst(), "instructions", MOST);
    if (sign < 0 && cpu.isEmpty()) {
      long to = history.shown().map(PastMachine::moment).orElse(history.present()).instructions() - times;
      Optional<Change> change = to < 0 ? Optional.empty() : history.earlier().behind(new Goal.Instruction(to));
      if (change.isPresent()) {
        return earlier(history, change.get(), "at", List.of(Long.toString(to)));
      }
    }
    PastMachine past = sign < 0 ? past(history) : PastWord.shown(history);
    Arrival arrival = history.attended(past, () -> cpu.isPresent() ? past.step(cpu.getAsInt(), sign * times) : past.step(sign * times));
    return why(history, past, arrival) + texts.standing(past, cpu.orElse(0));
  }

  private static String why(KeptHistory history, PastMachine past, Arrival arrival) {
    return switch (arrival.why()) {
      case THERE, STOP -> "";
      case FIRST -> history.inputs().latestChange().map(change -> "what is before this ran " + EarlierRuns.with(change)
          + "; at leads there\n").orElse("nothing is before this\n");
      case PRESENT -> history.isEarlier() && past.branched().isEmpty() ? "here a bundle was changed; at leads further\n" : past.branched()
          .isPresent() ? "nothing happens any more\n" : "this is where the present machine stands\n";
      case CANCELLED -> "given up on the way\n";
    };
  }

  private static long count(String word, String what, long most) {
    String digits = word.replace(",", "");
    long number = digits.matches("[0-9]{1,13}") ? Long.parseLong(digits) : 0;
    if (number < 1 || number > most) {
      throw new BadInput("'" + word + "' is no number of " + what + " from 1 to " + most);
    }
    return number;
  }

  /** By calls of a CPU. */
  static String calls(KeptHistory history, PastText texts, List<String> words, Function<CallMoves, Arrival> move) {
    OptionalInt said = words.isEmpty() ? OptionalInt.of(0) : MemorySpace.processor(words.getFirst());
    if (words.size() > 1 || said.isEmpty()) {
      throw usage("next, finish, back-next or back-finish [CPU]");
    }
    PastMachine past = PastWord.shown(history);
    CallMoves moves = new CallMoves(past, texts.named(past.machine()), said.getAsInt());
    Arrival arrival = history.attended(past, () -> move.apply(moves));
    return why(history, past, arrival) + texts.standing(past, said.getAsInt());
  }

  static String seek(KeptHistory history, PastText texts, List<String> words, boolean forwards) {
    if (words.isEmpty()) {
      throw usage((forwards ? "forth-to" : "back-to") + " PLACE; help has examples");
    }
    PastMachine past = forwards ? PastWord.shown(history) : past(history);
    NamedMachine named = texts.named(past.machine());
    StopPlace place = place(named, words);
    Arrival arrival = history.attended(past, () -> forwards ? past.forwards(List.of(place), report -> true) : past.backwards(List.of(place),
        report -> true));
    if (!forwards && arrival.why() == Arrival.Why.FIRST && history.inputs().latestChange().isPresent()) {
      Change change = history.inputs().latestChange().get();
      // To its end first, which is where this began.
      String told = earlier(history, change, "at", List.of(new Moment(change.instructions(), change.nanoseconds()).toString()));
      return told.lines().findFirst().orElse("") + "\n" + history.earlier().ask("back-to", words);
    }
    int cpu = arrival.reached().isEmpty() ? 0 : arrival.reached().getFirst().processor().orElse(0);
    String text = arrival.reached().stream().map(each -> each.text()).filter(each -> !each.isEmpty()).findFirst().map(each -> each + "\n")
        .orElse("");
    String none = arrival.why() == Arrival.Why.FIRST || arrival.why() == Arrival.Why.PRESENT ? String.join(" ", words) + ": not met; " : "";
    return none + why(history, past, arrival) + text + texts.standing(past, cpu);
  }

  private static StopPlace place(NamedMachine named, List<String> words) {
    if (words.getFirst().equals("write") && (words.size() == 2 || words.size() == 3)) {
      long bytes = words.size() == 3 ? count(words.get(2), "bytes", MOST_BYTES) : WORD;
      return new StopPlace.Access(Space.PROCESSOR, address(named, words.get(1)), bytes, false, true);
    }
    return BreakPlace.of(named, named.processor(0), words).place();
  }

  private static long address(NamedMachine named, String text) {
    return NamedAddress.of(named, named.processor(0), text).address();
  }

  static String whatIf(KeptHistory history, PastText texts, List<String> words) {
    if (!words.isEmpty()) {
      throw usage("what-if");
    }
    history.show(history.whatIf(past(history)));
    return texts.standing(PastWord.shown(history), 0);
  }

  static String present(KeptHistory history, PastText texts, List<String> words) {
    if (!words.isEmpty()) {
      throw usage("present");
    }
    boolean was = history.shown().isPresent() || history.earlier().isOpen();
    history.earlier().close();
    history.show(null);
    return was ? "the present: %s%n".formatted(history.present()) : "this is the present\n";
  }

  static String moments(KeptHistory history, PastText texts, List<String> words) {
    if (!words.isEmpty()) {
      throw usage("moments");
    }
    int kept = history.checkpoints().size();
    StringBuilder text = new StringBuilder("from %s to the present, %s; %d %s kept, %d of %d MiB%s%n".formatted(history.first(), history
        .present(), kept, kept == 1 ? "moment is" : "moments are", history.held() >> 20, history.budget() >> 20, history.held() > history
            .budget() ? ": the first stays, whatever it takes, and moments far from it take longer; " + OptionName.option(
                HistoryOption.NAME) + "=MIB keeps more" : ""));
    history.inputs().changes().forEach(each -> text.append("before ").append(new Moment(each.instructions(), each.nanoseconds())).append(
        " it ran ").append(EarlierRuns.with(each)).append(": at opens a second process\n"));
    history.shown().ifPresent(past -> text.append(PastText.where(past)).append(past.moment()).append("; present leads back\n"));
    return text.toString();
  }
}
