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
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.fdt.Fdt;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import picocli.CommandLine.Command;
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
  private static final String PLATFORM = ".platform";
  private final Installed installed;

  @Spec
  private CommandSpec spec;

  TopologyCommand(Installed installed) {
    this.installed = installed;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: list, import, export, lint or show.");
  }

  @Command(name = "list", mixinStandardHelpOptions = true,
      description = "Lists the boards that bundles bring, with what each can be asked for, and checks them; exit code 2 if any has an error.")
  int list() {
    return boards();
  }

  private int boards() {
    PrintWriter out = spec.commandLine().getOut();
    int errors = 0;
    for (BoardProvider board : installed.boards().stream().sorted(Comparator.comparing(BoardProvider::name)).toList()) {
      List<Finding> findings = installed.topologies().check(board).stream().filter(f -> f.severity() != Severity.NOTE).toList();
      long wrong = findings.stream().filter(f -> f.severity() == Severity.ERROR).count();
      errors += (int) wrong;
      out.println(wrong == 0 ? board.name() + ": " + board.summary() : board.name());
      findings.forEach(finding -> out.println("  " + finding));
      if (wrong == 0) {
        board.choices().forEach((choice, values) -> out.println("  " + choice + "=" + String.join("|", values)));
      }
    }
    out.printf("%d boards, %d errors%n", installed.boards().size(), errors);
    out.flush();
    return errors == 0 ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  @Command(name = "import", mixinStandardHelpOptions = true,
      description = "Makes a topology file of a device tree or a board; a folder is imported whole.")
  int importTree(
      @Parameters(paramLabel = "IN", description = "A .dtb file, a folder of them, or a board's name.") String in,
      @Parameters(paramLabel = "OUT", description = "The .platform file, or a folder.") Path out,
      @Option(names = "--cpus", defaultValue = "0", description = "CPUs of a board (default: what it has).") int cpus,
      @Option(names = "--gic", defaultValue = "0", description = "Interrupt controller of a board.") int gic,
      @Option(names = "--memory", converter = MemorySize.class,
          description = "RAM of a board (default: what it has).") Long memory,
      @Option(names = "--el2", description = "A board for a hypervisor, to be booted with --el2 as well.") boolean el2,
      @Option(names = "--option", paramLabel = "NAME=VALUE",
          description = "An option of a board, for example pcie=ecam. May be repeated.") List<String> options) {
    Optional<BoardProvider> board = installed.boards().stream().filter(b -> b.name().equals(in)).findFirst();
    if (board.isPresent() && !Files.exists(Path.of(in))) {
      List<String> all = new ArrayList<>();
      if (gic != 0) {
        all.add("gic=" + gic);
      }
      all.addAll(options == null ? List.of() : options);
      if (el2) {
        all.add("virtualization=on");
      }
      BoardRequest standard = board.get().standard();
      Fdt tree = board.get().tree(BoardRequest.of(cpus == 0 ? standard.cpus() : cpus, memory == null ? standard.memoryBytes() : memory,
          all));
      installed.topologies().importTree(in, tree, out);
      return ExitCode.DONE;
    }
    if (options != null) {
      throw new BadInput("--option " + options.getFirst() + ": '" + in + "' is not a board");
    }
    return each(Path.of(in), out, DTB, PLATFORM, installed.topologies()::importTree);
  }

  @Command(name = "export", mixinStandardHelpOptions = true,
      description = "Makes a device tree of a topology file; a folder is exported whole.")
  int exportTree(@Parameters(paramLabel = "IN", description = "A .platform file or a folder of them.") Path in,
      @Parameters(paramLabel = "OUT", description = "The .dtb file, or a folder.") Path out) {
    return each(in, out, PLATFORM, DTB, installed.topologies()::exportTree);
  }

  @Command(name = "lint", mixinStandardHelpOptions = true,
      description = "Checks files or folders; exit code 2 if any has an error.")
  int lint(@Parameters(paramLabel = "FILE", arity = "1..*",
      description = "Files .dtb or .platform, or folders of them.") List<Path> inputs,
      @Option(names = "--quiet", description = "Errors and warnings only, no notes.") boolean quiet) {
    PrintWriter out = spec.commandLine().getOut();
    int errors = 0;
    int files = 0;
    for (Path input : inputs) {
      for (Path file : Files.isDirectory(input) ? files(input, DTB, PLATFORM) : List.of(input)) {
        files++;
        for (Finding finding : installed.topologies().check(file)) {
          errors += finding.severity() == Severity.ERROR ? 1 : 0;
          if (!quiet || finding.severity() != Severity.NOTE) {
            out.println(file + ": " + finding);
          }
        }
      }
    }
    out.printf("%d files, %d errors%n", files, errors);
    out.flush();
    return errors == 0 ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  @Command(name = "show", mixinStandardHelpOptions = true,
      description = "Shows a board's or file's nodes with windows, interrupts and what matches them.")
  int show(@Parameters(paramLabel = "BOARD", description = "A board's name or a file.") String in) {
    Optional<BoardProvider> board = installed.boards().stream().filter(b -> b.name().equals(in)).findFirst();
    Platform platform = board.isPresent()
        ? installed.reader().platform(in, board.get().tree(board.get().standard()), Map.of())
        : installed.reader().read(existing(Path.of(in)), Map.of());
    PrintWriter out = spec.commandLine().getOut();
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
        throw new BadInput(target + ": " + e.getMessage());
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
      throw new BadInput("'" + folder + "': " + e.getMessage());
    }
  }
}
