// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.InputFile;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.machine.kit.JournalCommand;
import org.xenolith.machine.kit.JournalScenario;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.profile.api.ProfileRequest;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** {@code boot}: builds a machine, boots a guest on it and shows its console. */
final class BootCommand implements Callable<Integer> {
  static final String NAME = "boot";
  private static final String BOARD = "board";
  private final Installed installed;

  /** What {@link BootOptions} puts here. */
  String board;
  Path dtb;
  String console = "";
  String until;
  /** Null if nothing is said. */
  WrittenLimit limit;
  String onPanic;
  double hangLimit;
  int times;
  Path report;
  Path profile;
  long profilePeriod;
  Path save;
  Path record;
  Path replay;
  boolean stdin;
  boolean stay;
  boolean verbose;
  /** Whether it is what a journal says. */
  private boolean repeats;
  /** How a run that repeats another is looked at. */
  private Map<String, List<String>> observed = Map.of();
  /** Whether that run was one that somebody sat at. */
  private boolean shell;

  private final CommandSpec spec;
  private final LaunchArguments arguments;

  private BootCommand(Installed installed) {
    this.installed = installed;
    spec = CommandSpec.wrapWithoutInspection(this).name(NAME);
    spec.usageMessage().sortOptions(false).description(
        "Boots a guest on a board and shows its console. On a terminal debian stays at a shell"
            + " and Ctrl-] leads to the monitor.");
    BootOptions.addTo(spec, this);
    FieldOption.addHelp(spec);
    arguments = new LaunchArguments(installed == null || installed.launcher() == null ? List.of() : installed.launcher().options());
  }

  /** Names of the boards that bundles bring, in the order of their names; looked up when somebody asks. */
  Iterable<String> boards() {
    return () -> installed == null ? Collections.emptyIterator() : installed.boards().stream().map(BoardProvider::name).sorted().iterator();
  }

  /** The command with an option for each that bundles offer for launches. */
  static CommandLine line(Installed installed) {
    BootCommand boot = new BootCommand(installed);
    boot.arguments.addTo(boot.spec);
    return new CommandLine(boot.spec);
  }

  @Override
  public Integer call() throws Exception {
    Optional<BootCommand> recorded = recorded();
    if (recorded.isPresent()) {
      return recorded.get().call();
    }
    check();
    return new BootSession(installed, this, spec.commandLine().getErr()).run();
  }

  /** What a journal says that its run was; empty if something is said here, or nothing there. */
  private Optional<BootCommand> recorded() {
    Map<String, List<String>> observing = observing();
    if (replay == null || record != null || repeats || !observing.keySet().containsAll(said().keySet())) {
      return Optional.empty();
    }
    FileOption.requireFile("replay", replay, InputFile.GUEST);
    List<JournalCommand> found = new ArrayList<>();
    FileOption.use("replay", replay, file -> JournalCommand.of(file).ifPresent(found::add));
    if (found.isEmpty()) {
      refuseScenario();
      return Optional.empty();
    }
    CommandLine line = line(installed).setErr(err());
    try {
      line.parseArgs(found.getFirst().words().toArray(String[]::new));
    } catch (ParameterException e) {
      bad("--replay " + replay + ": its command line, '" + String.join(" ", found.getFirst().words()) + "', isn't understood here: "
          + e.getMessage() + "; install what it needs, or say board and guest");
    }
    BootCommand recorded = line.getCommand();
    recorded.repeats(this, found.getFirst().terminal());
    return Optional.of(recorded);
  }

  /** The journal of a scenario says no options of a machine: who says none either means to open it. */
  private void refuseScenario() {
    FileOption.use("replay", replay, file -> {
      if (said().keySet().stream().allMatch(arguments::observes) && JournalScenario.of(file).isPresent()) {
        bad("--replay " + replay + ": this is the journal of a scenario: 'xenolith open " + replay
            + "' runs it as it was run, or say the board, guest and options of its machine");
      }
    });
  }

  /** It is the command of a journal, that another one replays: the machine and where the run ends are the journal's, what is made of the run isn't. */
  private void repeats(BootCommand other, boolean atTerminal) {
    observed = other.observing();
    repeats = true;
    shell = atTerminal && until == null;
    replay = other.replay;
    record = null;
    stdin = false;
    times = 1;
    save = other.save;
    report = other.report;
    profile = other.profile;
    profilePeriod = other.profilePeriod;
    stay = other.stay;
    verbose = other.verbose;
    onPanic = other.onPanic;
    hangLimit = other.hangLimit;
    limit = other.limit != null ? other.limit : limit;
    until = other.until != null ? other.until : until;
    console = other.console.isEmpty() ? console : other.console;
  }

  /** What a journal is to say of this run. */
  JournalCommand journalled(boolean terminal) {
    List<String> words = spec.commandLine().getParseResult().originalArgs();
    return new JournalCommand(terminal, words.subList(words.indexOf(NAME) + 1, words.size()));
  }

  /** What can't be meant is said before anything is built or fetched. */
  private void check() {
    if (limit != null && !limit.possible()) {
      bad("--limit " + limit.text() + ": expected virtual seconds above 0, below a thousand million");
    }
    if (!(hangLimit >= 0 && hangLimit < 1e9)) {
      bad("--hang-limit " + hangLimit + ": expected host seconds, or 0 for none");
    }
    if (times < 1) {
      bad("--times " + times + ": expected 1 or more");
    }
    if (times > 1 && (record != null || replay != null || save != null || profile != null || stdin || stay)) {
      bad("--times " + times + " excludes --record, --replay, --save, --profile, --stdin and --stay, which are about one run");
    }
    if (stdin && stay) {
      bad("--stdin and --stay exclude each other: standard input is the guest's, or the prompt's");
    }
    if (record != null && replay != null) {
      bad("--record and --replay exclude each other: a replayed run takes no new input");
    }
    if (profile == null && !symbols().isEmpty()) {
      bad("--symbols names addresses of a profile: say where to write it with --profile");
    }
    Map<String, List<String>> said = said();
    installed.launcher().faults(said).stream().findFirst().ifPresent(e -> bad(e.getMessage()));
    try {
      ProfileRequest.period(Long.toString(profilePeriod));
      PanicWatch.stops(onPanic);
    } catch (BadInput e) {
      bad(e.getMessage());
    }
    FileOption.requireWritable("report", report);
    FileOption.requireNewFolder("save", save);
    FileOption.requireFolderOf("profile", profile);
    FileOption.requireWritable("record", record);
    FileOption.requireFile("replay", replay, InputFile.GUEST);
    marker();
  }

  /** What is said of the launch, by the names of options. */
  private Map<String, List<String>> said() {
    ParseResult given = spec.commandLine().getParseResult();
    Map<String, List<String>> said = arguments.said(given);
    said.forEach((option, texts) -> texts.forEach(text -> {
      if (text.indexOf(WrittenValues.UNREADABLE) >= 0) {
        bad("--" + option + " " + WrittenValues.refused(text));
      }
    }));
    List<String> boards = new ArrayList<>(said.getOrDefault(BOARD, List.of()));
    if (given.hasMatchedPositional(0)) {
      boards.add(board);
    }
    if (dtb != null && !boards.isEmpty()) {
      bad("--dtb and BOARD exclude each other: the tree is the board");
    }
    if (dtb != null) {
      boards.add(file());
    }
    if (boards.size() > 1) {
      bad("--board and BOARD exclude each other: a machine has one board");
    }
    if (!boards.isEmpty()) {
      said.put(BOARD, boards);
    }
    if (repeats) {
      said.keySet().removeIf(arguments::observes);
      said.putAll(observed);
    }
    return said;
  }

  /** What is said of how the run is looked at. */
  private Map<String, List<String>> observing() {
    Map<String, List<String>> said = said();
    said.keySet().removeIf(name -> !arguments.observes(name));
    return said;
  }

  /** Files with names of addresses, and how far those are moved. */
  List<String> symbols() {
    ParseResult given = spec.commandLine().getParseResult();
    return given.hasMatchedOption("--symbols") ? given.matchedOption("--symbols").originalStringValues() : List.of();
  }

  /** Whether a snapshot is continued. */
  boolean load() {
    return said().containsKey("load");
  }

  /** Where a run ends: one that somebody sits at goes on, unless that is said. */
  WrittenLimit limit(boolean terminal) {
    return limit != null ? limit : terminal ? WrittenLimit.NONE : WrittenLimit.USUAL;
  }

  /** The snapshot that is continued. */
  String loaded() {
    return String.join("", said().get("load"));
  }

  /** What is to be launched. */
  LaunchRequest request(boolean terminal) {
    // A run with an end of its own, or one that repeats another, has no person to wait for.
    boolean person = repeats ? shell : terminal && until == null && replay == null;
    List<String> attended = person ? List.of(LaunchRequest.PERSON) : replay != null ? List.of(LaunchRequest.JOURNAL) : List.of();
    return installed.launcher().request(said()).toBuilder().option(LaunchRequest.ATTENDED, attended).option(JournalCommand.OPTION,
        journalled(terminal).line()).build();
  }

  /** A file of a board's name is still a file when {@code --dtb} names it. */
  private String file() {
    boolean ambiguous = installed.boards().stream().anyMatch(b -> b.name().equals(dtb.toString()));
    return ambiguous ? Path.of(".").resolve(dtb).toString() : dtb.toString();
  }

  /** The marker to stop at, or null. */
  Pattern marker() {
    try {
      return until == null ? null : Pattern.compile(until);
    } catch (PatternSyntaxException e) {
      bad("--until: " + e.getDescription() + " at position " + e.getIndex() + " of '" + until + "'");
      return null;
    }
  }

  private void bad(String message) {
    throw new ParameterException(spec.commandLine(), message);
  }

  /** Where progress and complaints go. */
  PrintWriter err() {
    return spec.commandLine().getErr();
  }
}
