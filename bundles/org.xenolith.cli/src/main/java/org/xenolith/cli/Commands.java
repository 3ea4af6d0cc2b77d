// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.xenolith.boot.api.BootException;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.api.ExitMeaning;
import org.xenolith.command.api.SubCommand;
import org.xenolith.command.kit.Heartbeat;
import org.xenolith.command.kit.NearWords;
import org.xenolith.fdt.FdtException;
import org.xenolith.machine.api.ModelException;
import org.xenolith.platform.api.PlatformException;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The top of the command line. */
final class Commands implements Runnable {
  /** What the script that starts the program does itself. */
  static final List<String> OF_SCRIPT = List.of("workbench", "build", "test", "fuzz", "costs", "format", "ide", "sdk", "dist", "docs",
      "new", "doctor", "clean");
  /** Commands that don't start what the user installed. */
  private static final Set<String> NOT_STARTED = Set.of("list", "uninstall");
  private static final Set<String> TALKING = Set.of("shell", "mcp", "gdb", "open", "run");
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("xenolith").version("Xenolith 1.0.0");

  private Commands() {
    spec.usageMessage().description("Boots unmodified Arm and x86-64 kernels on machines put together from OSGi bundles.")
        .synopsisSubcommandLabel(
            "COMMAND")
        .footer("", "Commands of the launcher script: " + String.join(", ", launcher()) + ".");
    // Taken before the line is parsed, by PluginsFolder.named: options and commands may be those of its bundles.
    spec.addOption(OptionSpec.builder("--plugins").scopeType(ScopeType.INHERIT).type(Path.class).paramLabel("DIR")
        .description("Watch a folder: a jar dropped, changed or deleted there is added, replaced or removed. It runs with your rights.")
        .build());
    // Taken before the line is parsed, too, by QuietErrors.asked.
    spec.addOption(OptionSpec.builder(QuietErrors.OPTION).scopeType(ScopeType.INHERIT).type(Boolean.class).arity("0").description(
        "Tell nothing on standard error, unless the command fails.").build());
    FieldOption.addHelp(spec);
  }

  /** Runs one command line; returns its exit code. */
  static int run(Installed installed, BundleContext context, String[] arguments) {
    // Taken before the first bundle comes that may change them.
    ShownText out = new ShownText(System.out);
    ShownText err = ShownText.errors(arguments);
    try (Heartbeat work = work(arguments, out, err); PluginsFolder kept = kept(installed, arguments, err); PluginsFolder folder =
        PluginsFolder.named(arguments, installed.change(),
            err)) {
      List<PluginsFolder> folders = Stream.of(kept, folder).filter(Objects::nonNull).toList();
      int code = run(line(installed.with(folders), context, arguments).setOut(out).setErr(err), arguments);
      if (code != ExitCode.DONE) {
        err.urgent();
      }
      return code;
    } catch (BadInput e) {
      err.println("xenolith: " + e.getMessage());
      err.urgent();
      return ExitCode.BAD_INPUT;
    }
  }

  /** What a person is told who waits for a command. A guest, a prompt or a program at the other end has the terminal otherwise; scenarios tell of their steps. */
  private static Heartbeat work(String[] arguments, ShownText out, ShownText err) {
    Heartbeat work = Heartbeat.to(err);
    String first = arguments.length == 0 ? "" : arguments[0];
    if (!first.startsWith("-") && !TALKING.contains(first)) {
      work.begins(arguments.length > 1 && arguments[1].matches("[a-z]+") ? first + " " + arguments[1] : first);
      out.heardBy(work);
      err.heardBy(work);
    }
    return work;
  }

  /** What the user installed for each run, but for who looks at it or takes it away. */
  private static PluginsFolder kept(Installed installed, String[] arguments, PrintWriter err) {
    return arguments.length > 0 && NOT_STARTED.contains(arguments[0]) ? null
        : PluginsFolder.installed(UserBundles.ofThisProcess().folder(), installed.change(), err);
  }

  /** Made beforehand: when it is needed there is no memory. */
  private static final MemoryEnd MEMORY = new MemoryEnd();

  /** Memory was used up: whatever is closed from now on has only so much time. */
  static void memoryUsedUp() {
    MEMORY.begin();
  }

  /** Runs the prepared commands. */
  static int run(CommandLine line, String... arguments) {
    return run(MEMORY, line, arguments);
  }

  /** The same. @param memory what ends the process when memory is used up */
  static int run(MemoryEnd memory, CommandLine line, String... arguments) {
    // Reports and messages are compared and read by programs.
    Locale.setDefault(Locale.ROOT);
    int code;
    try {
      code = line.execute(arguments);
    } catch (OutOfMemoryError e) {
      return memory.end(e, line.getErr());
    } catch (Throwable bug) {
      return broken(line, bug);
    }
    if (line.getOut().checkError() && code == ExitCode.DONE) {
      line.getErr().println("xenolith: standard output can't be written");
      return ExitCode.BAD_INPUT;
    }
    return code;
  }

  /** The commands that a line with these words needs: all, unless it begins with {@code boot}, whose start shouldn't wait for the others' options. */
  static CommandLine line(Installed installed, BundleContext context, String... arguments) {
    String first = arguments.length == 0 ? "" : arguments[0];
    CommandLine line = new CommandLine(new Commands().spec);
    line.addSubcommand(BootCommand.line(installed));
    if (first.equals("help") || List.of(arguments).contains("--help") || List.of(arguments).contains("-h")) {
      BootHelp.addTo(line.getSubcommands().get(BootCommand.NAME).getCommandSpec(), installed);
    }
    if (!first.equals(BootCommand.NAME)) {
      line.addSubcommand(TopologyCommand.line(installed));
      line.addSubcommand(new ModelsCommand(context));
      line.addSubcommand(new GuestsCommand(installed));
      line.addSubcommand(new OpenCommand());
      addUserBundles(line, installed, context);
      line.addSubcommand(new ShellCommand(installed, context));
      addContributed(line, contributed(installed));
      WordCommands.addTo(line);
      line.addSubcommand(CompletionCommand.line(launcher()));
    }
    // Letters of options aren't put together here: QEMU's -hda is none of -h.
    line.setPosixClusteredShortOptionsAllowed(false);
    WrittenValues.registerWith(line);
    line.setOut(new ShownText(System.out));
    line.setErr(new ShownText(System.err));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setExecutionExceptionHandler((e, command, result) -> failed(e, command));
    line.setParameterExceptionHandler((e, refused) -> misused(e));
    line.setExitCodeExceptionMapper(e -> ExitCode.BAD_INPUT);
    tellExitCodes(line.getCommandSpec(), exitCodes());
    return line;
  }

  /** Commands of who started the program: the script of a checkout, or the one of an archive. */
  private static List<String> launcher() {
    return System.getProperty("xenolith.root") == null ? List.of("prepare") : OF_SCRIPT;
  }

  private static void addUserBundles(CommandLine line, Installed installed, BundleContext context) {
    UserBundles bundles = UserBundles.ofThisProcess();
    UserBundlesCommands commands = new UserBundlesCommands(bundles);
    line.addSubcommand(new InstallCommand(installed == null ? null : installed.change(), context, bundles));
    line.addSubcommand(commands.new Listing());
    line.addSubcommand(commands.new Removal());
  }

  private static Map<String, String> exitCodes() {
    Map<String, String> table = new LinkedHashMap<>();
    ExitMeaning.table().forEach((code, meaning) -> table.put(" " + code, meaning));
    return table;
  }

  /** One table at the foot of the help of each command, also of those that other bundles bring. */
  private static void tellExitCodes(CommandSpec command, Map<String, String> table) {
    command.usageMessage().exitCodeListHeading("%nExit codes:%n").exitCodeList(table);
    command.subcommands().values().forEach(below -> tellExitCodes(below.getCommandSpec(), table));
  }

  private static List<SubCommand> contributed(Installed installed) {
    return installed == null ? List.of() : installed.commands();
  }

  /** Bundles' commands in the order of their names: services are in that in which bundles came. One that can't be had must not take the others along. */
  private static void addContributed(CommandLine line, List<SubCommand> contributed) {
    List<CommandLine> commands = new ArrayList<>();
    Map<CommandLine, String> owners = new HashMap<>();
    for (SubCommand one : contributed) {
      String owner = one.getClass().getName();
      try {
        CommandLine command = new CommandLine(one.command());
        commands.add(command);
        owners.put(command, owner);
      } catch (Throwable e) {
        line.getErr().println("xenolith: the command of " + owner + " can't be used: " + e);
      }
    }
    commands.sort(Comparator.comparing(CommandLine::getCommandName));
    for (CommandLine command : commands) {
      String name = command.getCommandName();
      if (line.getSubcommands().containsKey(name)) {
        line.getErr().println("xenolith: " + owners.get(command) + " offers the command '" + name + "', which there is already: left out");
      } else {
        add(line, command, owners.get(command));
      }
    }
  }

  private static void add(CommandLine line, CommandLine command, String owner) {
    try {
      line.addSubcommand(command.getCommandName(), command);
    } catch (CommandLine.PicocliException e) {
      // An option of its own is called as one that all commands have.
      line.getErr().println("xenolith: the command of " + owner + " can't be used: " + e.getMessage());
    }
  }

  /** The complaint isn't buried under the help, unless that is what was missing: the list of commands. */
  private static int misused(ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String unknown = unknownCommand(e);
    if (unknown != null) {
      err.println("xenolith: there is no command '" + unknown + "'");
      List<String> near = NearWords.of(unknown, below(command));
      if (near.isEmpty()) {
        command.usage(err);
      } else {
        err.println(meant(command.getCommandSpec().qualifiedName(), near));
        err.println("For all commands: xenolith help");
      }
      return ExitCode.BAD_INPUT;
    }
    err.println("xenolith: " + e.getMessage());
    List<String> ofQemu = e instanceof UnmatchedArgumentException unmatched ? QemuWords.tell(unmatched) : List.of();
    ofQemu.forEach(err::println);
    if (ofQemu.isEmpty() || !(e instanceof UnmatchedArgumentException unmatched) || !QemuWords.all(unmatched)) {
      UnmatchedArgumentException.printSuggestions(e, err);
    }
    if (command.getSubcommands().isEmpty()) {
      err.println("For what is possible: " + command.getCommandSpec().qualifiedName() + " --help");
    } else {
      command.usage(err);
    }
    return ExitCode.BAD_INPUT;
  }

  /** The word in the place of a command that is none; null: something else is wrong. */
  private static String unknownCommand(ParameterException e) {
    if (!(e instanceof UnmatchedArgumentException unmatched) || e.getCommandLine().getSubcommands().isEmpty()) {
      return null;
    }
    String first = unmatched.getUnmatched().getFirst();
    return first.startsWith("-") ? null : first;
  }

  /** The commands that stand below one, the script's own among them. */
  static Set<String> below(CommandLine command) {
    Set<String> words = new TreeSet<>(command.getSubcommands().keySet());
    if (command.getParent() == null) {
      words.addAll(launcher());
    }
    return words;
  }

  /** A line for who mistyped a command. @param above what stands before it */
  static String meant(String above, List<String> commands) {
    return "Did you mean: " + commands.stream().map(command -> above + " " + command).collect(Collectors.joining(" or ")) + "?";
  }

  /** What went through all of it: a fault of ours, or of a bundle that brought a command. */
  private static int broken(CommandLine line, Throwable bug) {
    StringWriter trace = new StringWriter();
    bug.printStackTrace(new PrintWriter(trace));
    line.getErr().println("xenolith: internal fault; please report it with this trace:\n" + trace);
    return ExitCode.INTERNAL_FAULT;
  }

  private static int failed(Exception e, CommandLine command) {
    switch (e) {
      case BadInput bad -> command.getErr().println("xenolith: " + bad.getMessage());
      case ModelException bad -> command.getErr().println("xenolith: " + bad.getMessage());
      case PlatformException bad -> command.getErr().println("xenolith: " + bad.getMessage());
      case BootException bad -> command.getErr().println("xenolith: " + bad.getMessage());
      case FdtException bad -> command.getErr().println("xenolith: " + bad.getMessage());
      case InvalidPathException bad -> command.getErr().println("xenolith: " + WrittenValues.refused(bad.getInput()));
      default -> {
        return broken(command, e);
      }
    }
    return ExitCode.BAD_INPUT;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: a command is missing.");
  }
}
