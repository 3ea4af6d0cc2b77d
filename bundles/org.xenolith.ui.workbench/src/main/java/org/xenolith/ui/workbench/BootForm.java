// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.profile.api.ProfileRequest;

/**
 * What stands in the boot dialog's fields, as texts by the names of options: empty for what isn't wanted, one thing on a line where there
 * may be several, {@link #ON} for a box that is ticked. There is a field for each {@link LaunchOption} that is installed and for each
 * {@link RunField}. What is wrong names options by their labels.
 */
final class BootForm {
  /** The value of a box that is ticked. */
  static final String ON = LaunchOption.ON;
  private static final String BOARD = "board";
  private static final String GUEST = "guest";
  private static final String KERNEL = "kernel";
  private static final String LOAD = "load";

  private final Launcher launcher;
  /** Those that were installed when the form was made. */
  private final List<LaunchOption> options;
  private final Map<String, String> values = new LinkedHashMap<>();

  /** An empty one, but for the usual board. */
  BootForm(Launcher launcher) {
    this.launcher = launcher;
    options = launcher.options();
    values.put(BOARD, "virt");
  }

  BootForm(BootForm from) {
    this(from.launcher);
    values.putAll(from.values);
  }

  /** The options that there are fields for, in order. */
  List<LaunchOption> options() {
    return options;
  }

  /** The field's text, without blanks around it. */
  String get(String field) {
    return values.getOrDefault(field, "");
  }

  void set(String field, String text) {
    values.put(field, text.strip());
  }

  /** All texts that aren't empty, by the names of options. */
  Map<String, String> texts() {
    Map<String, String> filled = new LinkedHashMap<>(values);
    filled.values().removeIf(String::isEmpty);
    return filled;
  }

  private List<String> lines(String field) {
    return get(field).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
  }

  /** Whether a field has a meaning beside what stands in the others: a snapshot has decided most, a kernel takes the guest's place. */
  boolean hasMeaning(String field) {
    boolean snapshot = !get(LOAD).isEmpty();
    return !(snapshot && description(field).map(OptionDescription::inSnapshot).orElse(false))
        && !(field.equals(GUEST) && !get(KERNEL).isEmpty());
  }

  private Optional<OptionDescription> description(String field) {
    return options.stream().map(LaunchOption::description).filter(option -> option.name().equals(field)).findFirst();
  }

  /** What is said of the launch: texts by the names of options. */
  private Map<String, List<String>> said() {
    Map<String, List<String>> said = new LinkedHashMap<>();
    for (LaunchOption option : options) {
      OptionDescription described = option.description();
      if (!get(described.name()).isEmpty() && hasMeaning(described.name())) {
        said.put(described.name(), described.repeats() && described.form() != Form.FLAG ? lines(described.name())
            : List.of(get(described.name())));
      }
    }
    return said;
  }

  /** Fields that can't be meant as they are, with what is wrong: what can be seen before anything is built or fetched. */
  Map<String, String> faults() {
    Map<String, String> faults = new LinkedHashMap<>();
    if (get(LOAD).isEmpty() && get(BOARD).isEmpty()) {
      faults.put(BOARD, "Name a board, or a .dtb, .dts or .platform file.");
    }
    try {
      launcher.faults(said()).forEach(e -> faults.putIfAbsent(e.option().orElse(BOARD), shown(e.getMessage())));
    } catch (InvalidPathException e) {
      faults.put(BOARD, "'" + e.getInput() + "' can't be a file's name.");
    }
    Set<String> filled = Set.copyOf(values.keySet().stream().filter(Predicate.not(field -> get(field).isEmpty())).toList());
    for (RunField field : RunField.values()) {
      try {
        lines(field.option()).forEach(text -> field.check(text, filled));
      } catch (BadInput e) {
        faults.putIfAbsent(field.option(), shown(e.getMessage()));
      } catch (InvalidPathException e) {
        faults.put(field.option(), "'" + e.getInput() + "' can't be a file's name.");
      }
    }
    return faults;
  }

  /** A text for people: options in it are named by the labels of their fields. */
  String shown(String text) {
    return OptionName.show(text, name -> "'" + label(name) + "'");
  }

  private String label(String option) {
    return RunField.of(option).map(RunField::label).or(() -> description(option).map(OptionDescription::label)).orElse(option);
  }

  /** What is wrong with a new folder that something is to be written to; empty for nothing. */
  static String newFolder(String text) {
    try {
      RunField.requireNew(text);
      return "";
    } catch (BadInput e) {
      return OptionName.show(e.getMessage(), option -> "folder");
    } catch (InvalidPathException e) {
      return "'" + text + "' can't be a file's name.";
    }
  }

  /** What is wanted; only without {@link #faults}. */
  RunRequest request() {
    // Who replays what was typed types nothing, and a journal knows what was booted again.
    boolean replay = !get(RunField.REPLAY.option()).isEmpty();
    LaunchRequest launch = launcher.request(said()).toBuilder().option(LaunchRequest.ATTENDED, replay ? LaunchRequest.JOURNAL
        : LaunchRequest.PERSON)
        .build();
    String every = get(RunField.PROFILE_PERIOD.option());
    return new RunRequest(launch, get(RunField.CONSOLE.option()), !get(RunField.ON_PANIC.option()).equals(PanicWatch.CONTINUE),
        optional(RunField.PROFILE), new ProfileRequest(every.isEmpty() ? ProfileRequest.PERIOD : ProfileRequest.period(every),
            lines(RunField.SYMBOLS.option())),
        optional(RunField.SAVE), optional(RunField.RECORD), optional(RunField.REPLAY));
  }

  private Optional<Path> optional(RunField field) {
    return Optional.of(get(field.option())).filter(text -> !text.isEmpty()).map(Path::of);
  }

  /**
   * The field that a launcher's message is about, if that can be told: the option that it names, or whose text it repeats.
   *
   * @param message as the launcher has it, options not yet shown by their labels
   */
  Optional<String> culprit(String message) {
    if (message.startsWith("console ")) {
      return Optional.of(RunField.CONSOLE.option());
    }
    Optional<String> named = OptionName.first(message).map(OptionName::name).filter(name -> !OptionName.show(message, n -> n).startsWith(
        "board "));
    if (named.isPresent()) {
      return named;
    }
    return options.stream().map(LaunchOption::description).filter(option -> option.repeats()).map(OptionDescription::name)
        .filter(name -> lines(name).stream().anyMatch(line -> repeats(message, line))).findFirst()
        .or(() -> Stream.of(BOARD, GUEST).filter(word -> message.startsWith(word + " ")).findFirst())
        .or(() -> message.startsWith("CPU engine ") ? Optional.of("engine") : Optional.empty());
  }

  /** Whether a message has a line of a field in it: as a whole, or the node of a model's option. */
  private static boolean repeats(String message, String line) {
    String node = line.replaceFirst(":[^:=]*=.*$", "");
    return message.contains("'" + line + "'") || message.startsWith(line) || !node.equals(line) && message.contains(node);
  }
}
