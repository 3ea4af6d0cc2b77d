// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.kit.FileOption;
import org.xenolith.command.kit.InputFile;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.PanicWatch;
import org.xenolith.profile.api.ProfileRequest;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code boot}: builds a machine, boots a guest on it and shows its console. */
@Command(name = BootCommand.NAME, mixinStandardHelpOptions = true, sortOptions = false,
    description = "Boots a guest on a board and shows its console. On a terminal debian stays at a shell"
        + " and Ctrl-] leads to the monitor.")
final class BootCommand implements Callable<Integer> {
  static final String NAME = "boot";
  private static final String BOARD = "board";
  private final Installed installed;

  @Spec
  CommandSpec spec;

  @Parameters(index = "0", arity = "0..1", paramLabel = "BOARD", defaultValue = "virt",
      description = "A board's name, or a .dtb or .platform file (default: ${DEFAULT-VALUE}).")
  String board;

  @Option(names = "--dtb", paramLabel = "FILE", description = "The board's device tree; same as naming it as BOARD.")
  Path dtb;

  @Option(names = "--console", paramLabel = "DOMAIN|NODE",
      description = "Show and feed the console of this domain, by name or domid, or of this node (/virtio_mmio@a000000) instead of the"
          + " board's; a domain may come later.")
  String console = "";

  @Option(names = "--until", paramLabel = "REGEX", description = "Stop when the console shows this.")
  String until;

  @Option(names = "--limit", paramLabel = "VIRTUAL-SECONDS", defaultValue = "600",
      description = "Stop after this much virtual time (default: ${DEFAULT-VALUE}).")
  double limit;

  @Option(names = "--on-panic", paramLabel = "WHAT", defaultValue = "stop",
      description = "What follows a kernel panic on the board's console: stop, 2 virtual seconds later, with the outcome panic; or continue"
          + " (default: ${DEFAULT-VALUE}).")
  String onPanic;

  @Option(names = "--hang-limit", paramLabel = "HOST-SECONDS", defaultValue = "30",
      description = "End with exit code 4 when a bundle's call takes this long and nobody is at a terminal to decide; 0 for never"
          + " (default: ${DEFAULT-VALUE}).")
  double hangLimit;

  @Option(names = "--times", paramLabel = "N", defaultValue = "1",
      description = "Boot so often, each time on a new machine of the same process; the report has the host time of each boot.")
  int times;

  @Option(names = "--report", paramLabel = "FILE.json", description = "Write outcome, counts and digest.")
  Path report;

  @Option(names = "--profile", paramLabel = "DIR",
      description = "Find out where guest time goes; write text, a flame graph and collapsed stacks when the run ends.")
  Path profile;

  @Option(names = "--profile-period", paramLabel = "N", defaultValue = "" + ProfileRequest.PERIOD,
      description = "With --profile: look at each CPU every N instructions (default: ${DEFAULT-VALUE}).")
  long profilePeriod;

  @Option(names = "--symbols", paramLabel = "FILE[@OFFSET]",
      description = "With --profile: names of addresses, from an ELF file or lines as in System.map, moved by OFFSET (hexadecimal)."
          + " A Linux kernel's own are found without. May be repeated.")
  List<String> symbols = new ArrayList<>();

  @Option(names = "--save", paramLabel = "DIR", description = "Write a snapshot when the run ends.")
  Path save;

  @Option(names = "--record", paramLabel = "FILE", description = "Journal all outside input.")
  Path record;

  @Option(names = "--replay", paramLabel = "FILE", description = "Take outside input from a journal.")
  Path replay;

  @Option(names = "--stdin", description = "Feed standard input to the guest's console although it is no terminal;"
      + " until it ends, an idle guest waits as long as a clock says.")
  boolean stdin;

  @Option(names = {"-v", "--verbose"}, description = "Tell events of the machine on standard error.")
  boolean verbose;

  private final LaunchArguments arguments;

  private BootCommand(Installed installed) {
    this.installed = installed;
    arguments = new LaunchArguments(installed == null || installed.launcher() == null ? List.of() : installed.launcher().options());
  }

  /** The command with an option for each that bundles offer for launches. */
  static CommandLine line(Installed installed) {
    BootCommand boot = new BootCommand(installed);
    CommandLine line = new CommandLine(boot);
    boot.arguments.addTo(line.getCommandSpec());
    return line;
  }

  @Override
  public Integer call() throws Exception {
    check();
    return new BootSession(installed, this, spec.commandLine().getErr()).run();
  }

  /** What can't be meant is said before anything is built or fetched. */
  private void check() {
    if (!(limit > 0 && limit < 1e9)) {
      bad("--limit " + limit + ": expected virtual seconds above 0");
    }
    if (!(hangLimit >= 0 && hangLimit < 1e9)) {
      bad("--hang-limit " + hangLimit + ": expected host seconds, or 0 for none");
    }
    if (times < 1) {
      bad("--times " + times + ": expected 1 or more");
    }
    if (times > 1 && (record != null || replay != null || save != null || profile != null || stdin)) {
      bad("--times " + times + " excludes --record, --replay, --save, --profile and --stdin, which are about one run");
    }
    if (record != null && replay != null) {
      bad("--record and --replay exclude each other: a replayed run takes no new input");
    }
    if (profile == null && !symbols.isEmpty()) {
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
    FileOption.requireFolderOf("report", report);
    FileOption.requireFolderOf("save", save);
    FileOption.requireFolderOf("profile", profile);
    FileOption.requireFolderOf("record", record);
    FileOption.requireFile("replay", replay, InputFile.GUEST);
    marker();
  }

  /** What is said of the launch, by the names of options. */
  private Map<String, List<String>> said() {
    ParseResult given = spec.commandLine().getParseResult();
    Map<String, List<String>> said = arguments.said(given);
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
    return said;
  }

  /** Whether a snapshot is continued. */
  boolean load() {
    return said().containsKey("load");
  }

  /** What is to be launched. */
  LaunchRequest request(boolean terminal) {
    // A run with an end of its own, or one that repeats another, has no person to wait for.
    return installed.launcher().request(said()).toBuilder().shell(terminal && until == null && replay == null)
        .bootsAgainUnlessSaid(replay != null).build();
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
