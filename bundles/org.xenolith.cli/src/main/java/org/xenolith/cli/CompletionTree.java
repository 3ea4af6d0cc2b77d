// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * The commands as picocli's generator of completion is to see them. It calls the values of an option by the label in its help, and two options with one label would have
 * one list: here each has a label of its own. It completes files for paths alone: here whatever has no list of values may be a file. What a shell would execute in its
 * script, a name with a dollar sign, say, is left out.
 */
final class CompletionTree {
  private static final Pattern OPTION = Pattern.compile("--?[A-Za-z0-9][A-Za-z0-9-]*");
  private static final Pattern COMMAND = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]*");
  private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9._,:/+=@-]+");

  private CompletionTree() {}

  /** @param more commands that are somebody else's, without options */
  static CommandLine of(CommandLine top, Collection<String> more) {
    CommandSpec all = copy(top.getCommandSpec());
    more.stream().filter(name -> COMMAND.matcher(name).matches() && !all.subcommands().containsKey(name)).forEach(name -> all
        .addSubcommand(name, CommandSpec.create()));
    CommandLine help = all.subcommands().get("help");
    if (help != null) {
      help.getCommandSpec().addPositional(PositionalParamSpec.builder().index("0").paramLabel("COMMAND").type(String.class)
          .completionCandidates(new ArrayList<>(all.subcommands().keySet())).build());
    }
    return new CommandLine(all);
  }

  private static CommandSpec copy(CommandSpec command) {
    CommandSpec copy = CommandSpec.create().name(command.name());
    command.options().stream().filter(option -> !option.hidden()).forEach(option -> add(copy, option));
    if (!command.name().equals("help")) {
      command.positionalParameters().stream().filter(one -> !one.hidden()).forEach(one -> copy.addPositional(copy(one)));
    }
    command.subcommands().forEach((name, below) -> {
      if (COMMAND.matcher(name).matches() && !below.getCommandSpec().usageMessage().hidden()) {
        copy.addSubcommand(name, copy(below.getCommandSpec()));
      }
    });
    return copy;
  }

  private static void add(CommandSpec to, OptionSpec option) {
    String[] names = List.of(option.names()).stream().filter(name -> OPTION.matcher(name).matches()).toArray(String[]::new);
    if (names.length == 0) {
      return;
    }
    OptionSpec.Builder copy = OptionSpec.builder(names);
    if (option.arity().max() == 0) {
      to.addOption(copy.arity("0").type(boolean.class).build());
      return;
    }
    List<String> values = values(option.completionCandidates());
    copy.arity("1").paramLabel(option.longestName().replaceAll("[^A-Za-z0-9]", "_").toLowerCase(Locale.ROOT));
    to.addOption(values.isEmpty() ? copy.type(Path.class).build() : copy.type(String.class).completionCandidates(values).build());
  }

  private static PositionalParamSpec copy(PositionalParamSpec positional) {
    PositionalParamSpec.Builder copy = PositionalParamSpec.builder().index(positional.index()).arity(positional.arity()).paramLabel(
        "positional" + positional.index().min());
    List<String> values = values(positional.completionCandidates());
    return values.isEmpty() ? copy.type(Path.class).build() : copy.type(String.class).completionCandidates(values).build();
  }

  private static List<String> values(Iterable<String> candidates) {
    List<String> values = new ArrayList<>();
    if (candidates != null) {
      candidates.forEach(each -> {
        if (VALUE.matcher(each).matches()) {
          values.add(each);
        }
      });
    }
    return values;
  }
}
