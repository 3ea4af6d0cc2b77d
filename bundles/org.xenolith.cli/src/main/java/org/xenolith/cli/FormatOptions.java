// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xenolith.platform.api.TopologyFormat;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options of a command for the forms of description that bundles bring, one for each. */
final class FormatOptions {
  private final Map<String, TopologyFormat> formats = new LinkedHashMap<>();

  /** @param installed of two with one name the later counts */
  FormatOptions(List<TopologyFormat> installed) {
    installed.forEach(format -> formats.put("--" + format.name(), format));
  }

  /** What was asked for. */
  record Chosen(TopologyFormat format, List<Path> paths) {}

  /**
   * Gives them to a command. A name that the command has itself stays the command's.
   *
   * @param says what the option does with the files of which it speaks
   */
  void offer(CommandSpec command, String label, String says) {
    formats.forEach((name, format) -> {
      if (command.findOption(name) == null) {
        command.addOption(OptionSpec.builder(name).paramLabel(label).type(List.class).auxiliaryTypes(Path.class)
            .description(says.formatted(format.files())).build());
      }
    });
  }

  /** The one that a command line has. */
  Optional<Chosen> chosen(CommandSpec command) {
    for (Map.Entry<String, TopologyFormat> each : formats.entrySet()) {
      OptionSpec option = command.findOption(each.getKey());
      if (option != null && option.getValue() instanceof List<?> paths && !paths.isEmpty()) {
        List<Path> named = new ArrayList<>();
        paths.forEach(path -> named.add((Path) path));
        return Optional.of(new Chosen(each.getValue(), named));
      }
    }
    return Optional.empty();
  }
}
