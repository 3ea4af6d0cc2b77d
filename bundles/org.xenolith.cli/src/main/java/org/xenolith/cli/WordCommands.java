// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.kit.NearWords;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code help} and {@code version}: what the options of these names do, for who types a word first. */
final class WordCommands {
  private WordCommands() {}

  /** Adds both to the top. */
  static void addTo(CommandLine top) {
    Help help = new Help();
    help.spec.usageMessage().description("Shows how a command is used; the same as COMMAND --help.");
    help.spec.addPositional(PositionalParamSpec.builder().index("0..*").arity("0..*").paramLabel("COMMAND").type(List.class)
        .auxiliaryTypes(String.class).description("A command, and one below it; left out: all commands.").setter(FieldOption.setter(
            List.class, words -> help.words = words)).build());
    help.spec.addOption(FieldOption.of(Path.class, folder -> help.folder = folder, "--write").paramLabel("DIR").description(
        "Write the help of all commands into a folder, a text file each. Without DIR: into the checkout's releng/help, which answers"
            + " where nothing is built.").build());
    help.spec.addOption(FieldOption.of(Path.class, folder -> help.man = folder, "--man").paramLabel("DIR").description(
        "Write a man page for each command into a folder.").build());
    FieldOption.addHelp(help.spec);
    top.addSubcommand(help.spec.name(), new CommandLine(help.spec));
    CommandSpec version = CommandSpec.wrapWithoutInspection((Callable<Integer>) () -> {
      top.printVersionHelp(top.getOut());
      top.getOut().flush();
      return ExitCode.DONE;
    }).name("version");
    version.usageMessage().description("Prints version information.");
    FieldOption.addHelp(version);
    top.addSubcommand(version.name(), new CommandLine(version));
  }

  private static final class Help implements Callable<Integer> {
    private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name("help");
    private List<?> words = List.of();
    private Path folder;
    private Path man;

    @Override
    public Integer call() {
      CommandLine command = spec.parent().commandLine();
      if (folder != null || man != null) {
        if (!words.isEmpty()) {
          throw new ParameterException(spec.commandLine(), "help: " + (folder != null ? "--write" : "--man")
              + " is for all commands, and takes no COMMAND");
        }
        if (folder != null) {
          HelpFiles.write(command, folder);
        }
        if (man != null) {
          ManPages.write(command, man);
        }
        return ExitCode.DONE;
      }
      for (Object word : words) {
        CommandLine below = command.getSubcommands().get(word.toString());
        if (below == null) {
          List<String> near = NearWords.of(word.toString(), Commands.below(command));
          String all = command.getCommandSpec().qualifiedName();
          throw new ParameterException(spec.commandLine(), "help: there is no command '" + word + "'" + (near.isEmpty() ? "" : "\n"
              + Commands.meant(all, near)));
        }
        command = below;
      }
      command.usage(spec.parent().commandLine().getOut());
      spec.parent().commandLine().getOut().flush();
      return ExitCode.DONE;
    }
  }
}
