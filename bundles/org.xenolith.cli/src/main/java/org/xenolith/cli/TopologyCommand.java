// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.kit.JsonOption;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.fdt.source.DtsWriter;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.TopologyFormat;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code topology}: topology files and device trees. Every subcommand takes files or whole folders. */
@Command(name = "topology", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
    description = "Lists boards; imports, exports, checks and shows topology files and device trees.")
final class TopologyCommand implements Runnable {
  private static final String DTB = ".dtb";
  private static final String SOURCE = ".dts";
  private static final String PLATFORM = ".platform";
  private static final String IMPORT = "import";
  private static final String EXPORT = "export";
  private static final long MEMORY = 512L << 20;
  private final Installed installed;
  private final FormatOptions formats;

  @Spec
  private CommandSpec spec;

  TopologyCommand(Installed installed) {
    this.installed = installed;
    formats = new FormatOptions(installed == null ? List.of() : installed.formats());
  }

  /** The command with the options of installed forms. */
  static CommandLine line(Installed installed) {
    TopologyCommand command = new TopologyCommand(installed);
    CommandLine line = new CommandLine(command);
    command.formats.offer(command.command(IMPORT), "TABLES", "Import %s. May be repeated.");
    command.formats.offer(command.command(EXPORT), "DIR", "Write %s into a folder.");
    return line;
  }

  private CommandSpec command(String name) {
    return spec.subcommands().get(name).getCommandSpec();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: list, import, export, lint or show.");
  }

  @Command(name = "list", mixinStandardHelpOptions = true,
      description = "Lists the boards that bundles bring, with what each can be asked for, and checks them; exit code 2 if any has an error.")
  int list(@Mixin JsonOption json) {
    PrintWriter out = spec.commandLine().getOut();
    int errors = 0;
    List<TopologyAnswers.Boards.Board> boards = new ArrayList<>();
    for (BoardProvider board : installed.boards().stream().sorted(Comparator.comparing(BoardProvider::name)).toList()) {
      List<Finding> findings = installed.topologies().check(board).stream().filter(f -> f.severity() != Severity.NOTE).toList();
      long wrong = findings.stream().filter(f -> f.severity() == Severity.ERROR).count();
      errors += (int) wrong;
      if (json.asked()) {
        boards.add(new TopologyAnswers.Boards.Board(board.name(), board.summary(), wrong == 0 ? board.choices() : Map.of(), findings
            .stream()
            .map(TopologyAnswers.Remark::of).toList()));
        continue;
      }
      out.println(wrong == 0 ? board.name() + ": " + board.summary() : board.name());
      findings.forEach(finding -> out.println("  " + finding));
      if (wrong == 0) {
        board.choices().forEach((choice, values) -> out.println("  " + choice + "=" + String.join("|", values)));
      }
    }
    if (json.asked()) {
      JsonOption.print(out, "topology-list", 1, new TopologyAnswers.Boards(boards, errors));
    } else {
      out.printf("%d boards, %d errors%n", installed.boards().size(), errors);
    }
    out.flush();
    return errors == 0 ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  @Command(name = "import", mixinStandardHelpOptions = true,
      description = "Makes a topology file of a device tree, a board or what others describe hardware with; a folder is imported whole.")
  int importTree(
      @Parameters(index = "0", paramLabel = "IN",
          description = "A .dtb or .dts file, a folder of .dtb files, or a board's name; left out where an option names files.") String in,
      @Parameters(index = "1", arity = "0..1", paramLabel = "OUT",
          description = "The .platform file, or a folder; or a .dtb file of what an option names.") Path out,
      @Mixin BoardOptions options,
      @Option(names = "--memory-at", paramLabel = "ADDRESS", converter = PhysicalAddress.class,
          description = "Where RAM begins, hexadecimal, if the files don't say it (default: where nothing else is).") Long memoryAt) {
    Optional<FormatOptions.Chosen> described = formats.chosen(command(IMPORT));
    if (described.isPresent()) {
      if (out != null) {
        throw new ParameterException(spec.commandLine(), "Unmatched argument: '" + out + "': the option names the files");
      }
      return importDescribed(described.get(), Path.of(in), options, memoryAt);
    }
    required(out);
    Optional<BoardProvider> board = board(in);
    if (board.isPresent()) {
      if (memoryAt != null) {
        throw new BadInput("--memory-at 0x" + Long.toHexString(memoryAt) + ": '" + in + "' says itself where its RAM is");
      }
      installed.topologies().importTree(in, board.get().tree(options.request(board.get())), out);
      return ExitCode.DONE;
    }
    noBoard(in, options);
    TreeImport memory = new TreeImport(options.memory(0), memoryAt);
    return each(Path.of(in), out, DTB, PLATFORM, memory.asked() ? (from, to) -> importSized(memory, from, to) : installed
        .topologies()::importTree);
  }

  private void importSized(TreeImport memory, Path from, Path to) {
    List<String> notes = new ArrayList<>();
    String name = from.getFileName().toString().replaceFirst("\\.dt[bs]$", "");
    installed.topologies().importTree(name, memory.tree(installed.reader(), from, MEMORY, notes), to);
    notes.forEach(note -> spec.commandLine().getErr().println("xenolith: " + note));
    spec.commandLine().getErr().flush();
  }

  private int importDescribed(FormatOptions.Chosen chosen, Path out, BoardOptions options, Long memoryAt) {
    noBoard(chosen.paths().getFirst().toString(), options);
    TopologyFormat.Imported imported = chosen.format().read(chosen.paths(), new TopologyFormat.Memory(
        memoryAt == null ? OptionalLong.empty() : OptionalLong.of(memoryAt), options.memory(MEMORY)));
    say(imported.findings());
    if (out.toString().endsWith(DTB)) {
      writeBlob(imported.tree(), out);
    } else {
      String name = out.getFileName().toString();
      installed.topologies().importTree(name.endsWith(PLATFORM) ? name.substring(0, name.length() - PLATFORM.length()) : name,
          imported.tree(), out);
    }
    return ExitCode.DONE;
  }

  @Command(name = "export", mixinStandardHelpOptions = true,
      description = "Makes a device tree, or what others describe hardware with, of a topology; a folder is exported whole.")
  int exportTree(@Parameters(index = "0", paramLabel = "IN",
      description = "A .platform file, a folder of them, or a board's name; with --dts or an option of its own form a .dtb file, too.") String in,
      @Parameters(index = "1", arity = "0..1", paramLabel = "OUT",
          description = "The .dtb or .dts file, or a folder; left out where an option names the form.") Path out,
      @Option(names = "--dts", description = "Write device tree source, without OUT to the standard output.") boolean source,
      @Mixin BoardOptions options) {
    Optional<BoardProvider> board = board(in);
    Optional<FormatOptions.Chosen> asked = formats.chosen(command(EXPORT));
    if (board.isEmpty()) {
      noBoard(in, options);
    }
    if (asked.isEmpty() && (source || out != null && out.toString().endsWith(SOURCE))) {
      return exportSource(in, out, board, options);
    }
    if (asked.isEmpty()) {
      required(out);
      if (board.isEmpty()) {
        return each(Path.of(in), out, PLATFORM, DTB, installed.topologies()::exportTree);
      }
      writeBlob(board.get().tree(options.request(board.get())), out);
      return ExitCode.DONE;
    }
    if (out != null) {
      throw new ParameterException(spec.commandLine(), "Unmatched argument: '" + out + "': the option names the folder");
    }
    Platform platform = board.isPresent()
        ? installed.reader().platform(in, board.get().tree(options.request(board.get())), Map.of())
        : installed.reader().read(existing(Path.of(in)), Map.of());
    say(asked.get().format().write(platform, asked.get().paths().getLast()));
    return ExitCode.DONE;
  }

  private int exportSource(String in, Path out, Optional<BoardProvider> board, BoardOptions options) {
    if (board.isPresent()) {
      writeSource(board.get().tree(options.request(board.get())), out);
    } else if (out != null && Files.isDirectory(Path.of(in))) {
      return each(Path.of(in), out, PLATFORM, SOURCE, (from, to) -> writeSource(source(from), to));
    } else {
      writeSource(source(existing(Path.of(in))), out);
    }
    return ExitCode.DONE;
  }

  private Fdt source(Path file) {
    return installed.reader().read(file, Map.of()).source();
  }

  private void writeSource(Fdt tree, Path out) {
    String text = DtsWriter.write(tree);
    if (out == null) {
      spec.commandLine().getOut().print(text);
      spec.commandLine().getOut().flush();
      return;
    }
    try {
      Files.writeString(out, text);
    } catch (IOException e) {
      throw BadInput.of("OUT", out, e);
    }
  }

  private Optional<BoardProvider> board(String in) {
    return installed.boards().stream().filter(b -> b.name().equals(in)).findFirst().filter(b -> !Files.exists(Path.of(in)));
  }

  private static void noBoard(String in, BoardOptions options) {
    if (options.forBoardsOnly() != null) {
      throw new BadInput(options.forBoardsOnly() + ": '" + in + "' is not a board");
    }
  }

  private void required(Path out) {
    if (out == null) {
      throw new ParameterException(spec.commandLine(), "Missing required parameter: 'OUT'");
    }
  }

  private void say(List<Finding> findings) {
    PrintWriter err = spec.commandLine().getErr();
    findings.forEach(finding -> err.println("xenolith: " + finding));
    err.flush();
  }

  private static void writeBlob(Fdt tree, Path out) {
    try {
      Files.write(out, FdtWriter.write(tree));
    } catch (IOException e) {
      throw BadInput.of("OUT", out, e);
    }
  }

  @Command(name = "lint", mixinStandardHelpOptions = true,
      description = "Checks files or folders; exit code 2 if any has an error. With --quiet, errors and warnings only, no notes.")
  int lint(@Parameters(paramLabel = "FILE", arity = "1..*",
      description = "Files .dtb, .dts or .platform, or folders of .dtb and .platform files.") List<Path> inputs,
      @Mixin JsonOption json) {
    boolean quiet = QuietErrors.asked(spec.root().commandLine().getParseResult().originalArgs().toArray(String[]::new));
    PrintWriter out = spec.commandLine().getOut();
    int errors = 0;
    List<TopologyAnswers.Files.CheckedFile> checked = new ArrayList<>();
    for (Path input : inputs) {
      for (Path file : Files.isDirectory(input) ? files(input, DTB, PLATFORM) : List.of(input)) {
        List<Finding> findings = installed.topologies().check(file).stream().filter(finding -> !quiet || finding.severity()
            != Severity.NOTE)
            .toList();
        errors += (int) findings.stream().filter(finding -> finding.severity() == Severity.ERROR).count();
        checked.add(new TopologyAnswers.Files.CheckedFile(file.toString(), findings.stream().map(TopologyAnswers.Remark::of).toList()));
        if (!json.asked()) {
          findings.forEach(finding -> out.println(file + ": " + finding));
        }
      }
    }
    if (json.asked()) {
      JsonOption.print(out, "topology-lint", 1, new TopologyAnswers.Files(checked, errors));
    } else {
      out.printf("%d files, %d errors%n", checked.size(), errors);
    }
    out.flush();
    return errors == 0 ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  @Command(name = "show", mixinStandardHelpOptions = true,
      description = "Shows a board's or file's nodes with windows, interrupts and what matches them.")
  int show(@Parameters(paramLabel = "BOARD", description = "A board's name or a file.") String in,
      @Mixin JsonOption json) {
    Optional<BoardProvider> board = installed.boards().stream().filter(b -> b.name().equals(in)).findFirst();
    Platform platform = board.isPresent()
        ? installed.reader().platform(in, board.get().tree(board.get().standard()), Map.of())
        : installed.reader().read(existing(Path.of(in)), Map.of());
    PrintWriter out = spec.commandLine().getOut();
    if (json.asked()) {
      JsonOption.print(out, "topology-show", 1, new TopologyAnswers.Nodes(platform.nodes().stream().map(TopologyAnswers.Nodes.Node::of)
          .toList()));
      return ExitCode.DONE;
    }
    platform.nodes().forEach(node -> out.printf("%-44s %-9s %s %s %s%n", node.path(), node.enabled() ? "" : "disabled",
        String.join(", ", node.compatible()), node.windows(), node.interrupts()));
    out.flush();
    return ExitCode.DONE;
  }

  /** One step on a file; both paths are files. */
  private interface Step {
    void apply(Path in, Path out);
  }

  private int each(Path in, Path out, String from, String to, Step step) {
    if (!Files.isDirectory(existing(in))) {
      step.apply(in, out);
      return ExitCode.DONE;
    }
    int failed = 0;
    List<Path> inputs = files(in, from);
    for (Path file : inputs) {
      String name = in.relativize(file).toString();
      Path target = out.resolve(name.substring(0, name.length() - from.length()) + to);
      try {
        Files.createDirectories(target.getParent());
        step.apply(file, target);
      } catch (PlatformException e) {
        failed++;
        spec.commandLine().getErr().println("xenolith: " + e.getMessage());
      } catch (IOException e) {
        throw BadInput.of("OUT", target, e);
      }
    }
    spec.commandLine().getOut().printf("%d files done, %d failed%n", inputs.size() - failed, failed);
    spec.commandLine().getOut().flush();
    return failed == 0 ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  private static Path existing(Path path) {
    if (!Files.exists(path)) {
      throw new BadInput("'" + path + "': no such file or folder");
    }
    return path;
  }

  private static List<Path> files(Path folder, String... endings) {
    try (Stream<Path> all = Files.walk(folder)) {
      List<Path> found = new ArrayList<>(all.filter(Files::isRegularFile)
          .filter(f -> Stream.of(endings).anyMatch(e -> f.toString().endsWith(e))).sorted().toList());
      if (found.isEmpty()) {
        throw new BadInput("'" + folder + "': no " + String.join(" or ", endings) + " file in it");
      }
      return found;
    } catch (IOException e) {
      throw BadInput.of("the folder", folder, e);
    }
  }
}
