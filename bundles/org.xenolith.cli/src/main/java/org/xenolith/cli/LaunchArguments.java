// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The options that bundles offer for launches, as those of a command: {@code --name}, under a heading for each topic. */
final class LaunchArguments {
  /** What the parser puts in the place of a text that isn't given; nobody types it. */
  private static final String BARE = "\0";
  private final List<LaunchOption> options;

  LaunchArguments(List<LaunchOption> options) {
    this.options = options;
  }

  /** Adds them, but those whose name is taken by an option of the command itself. */
  void addTo(CommandSpec command) {
    Map<String, ArgGroupSpec.Builder> topics = new LinkedHashMap<>();
    for (LaunchOption option : options) {
      OptionDescription described = option.description();
      if (!command.optionsMap().containsKey("--" + described.name())) {
        topics.computeIfAbsent(described.topic(), topic -> ArgGroupSpec.builder().validate(false).multiplicity("0..1")
            .heading("%n" + topic.replace("%", "%%") + "%n").order(described.place())).addArg(spec(option));
      }
    }
    topics.values().forEach(topic -> command.addArgGroup(topic.build()));
  }

  private static OptionSpec spec(LaunchOption option) {
    OptionDescription described = option.description();
    OptionSpec.Builder spec = OptionSpec.builder("--" + described.name()).order(described.place())
        .description(OptionName.onCommandLine(described.help()).replace("%", "%%")).completionCandidates(option.candidates());
    if (described.form() == Form.FLAG) {
      return spec.type(boolean.class).arity("0").build();
    }
    spec.paramLabel(described.value());
    if (described.repeats()) {
      spec.type(List.class).auxiliaryTypes(String.class);
    } else {
      spec.type(String.class);
    }
    return described.bare() ? spec.arity("0..1").fallbackValue(BARE).build() : spec.arity("1").build();
  }

  /** Texts of those that were given, by name. */
  Map<String, List<String>> said(ParseResult given) {
    Map<String, List<String>> said = new LinkedHashMap<>();
    for (LaunchOption option : options) {
      String name = option.description().name();
      if (given.hasMatchedOption("--" + name)) {
        said.put(name, option.description().form() == Form.FLAG ? List.of(LaunchOption.ON) : texts(given.matchedOption("--" + name)
            .originalStringValues()));
      }
    }
    return said;
  }

  /** Whether an option changes nothing of a run. */
  boolean observes(String name) {
    return options.stream().anyMatch(option -> option.description().name().equals(name) && option.observes());
  }

  private static List<String> texts(List<String> values) {
    return values.stream().map(text -> text.equals(BARE) ? "" : text).toList();
  }
}
