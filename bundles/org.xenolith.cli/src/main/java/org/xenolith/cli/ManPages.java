// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.OptionName;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.Text;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * A man page for each command, in the macros of man(7), from picocli's model of it. Picocli's own generator (picocli-codegen) writes AsciiDoc, in which it marks nothing
 * of a description as text, so that an asterisk or an underline in one (<code>*.scenario</code>) is taken for emphasis and lost, and which Asciidoctor, a program in Ruby,
 * would have to turn into a page at each build of an archive.
 */
final class ManPages {
  private final StringBuilder page = new StringBuilder();
  private final CommandLine command;
  private final Help help;
  private final ColorScheme plain;

  private ManPages(CommandLine command) {
    this.command = command;
    plain = Help.defaultColorScheme(Ansi.OFF);
    help = new Help(command.getCommandSpec(), plain);
  }

  /** Writes them. @param folder made when it isn't there */
  static void write(CommandLine command, Path folder) {
    String name = name(command);
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve(name + ".1"), new ManPages(command).text());
    } catch (IOException e) {
      throw BadInput.of("--man", folder, e);
    }
    command.getSubcommands().values().forEach(below -> write(below, folder));
  }

  private static String name(CommandLine command) {
    return command.getCommandSpec().qualifiedName("-");
  }

  private String text() {
    UsageMessageSpec says = command.getCommandSpec().usageMessage();
    String[] description = lines(says.description());
    String first = description.length == 0 ? "" : description[0].replaceFirst("(?s)[.:;] .*", "").replaceFirst("[.:]$", "");
    String version = String.join(" ", command.getCommandSpec().root().version());
    page.append(".TH \"%s\" 1 \"\" \"%s\" \"Xenolith Manual\"\n".formatted(name(command).toUpperCase(Locale.ROOT), escaped(version)));
    page.append(".SH NAME\n").append(name(command).replace("-", "\\-")).append(" \\- ").append(escaped(first)).append('\n');
    page.append(".SH SYNOPSIS\n").append(escaped(help.synopsis(0).strip().replaceAll("\\s+", " "))).append('\n');
    page.append(".SH DESCRIPTION\n");
    paragraphs(description);
    arguments();
    options();
    commands();
    pairs("EXIT STATUS", says.exitCodeList());
    String[] footer = lines(says.footer());
    if (Stream.of(footer).anyMatch(line -> !line.isBlank())) {
      page.append(".SH NOTES\n.nf\n");
      Arrays.stream(footer).forEach(line -> page.append(escaped(line)).append('\n'));
      page.append(".fi\n");
    }
    return page.toString();
  }

  /** Lines of a text of help, with its formats (%%, %n) carried out. */
  private static String[] lines(String[] texts) {
    return Arrays.stream(texts).flatMap(text -> Arrays.stream(Ansi.OFF.string(String.format(text)).split("\\R", -1))).toArray(
        String[]::new);
  }

  private void paragraphs(String[] lines) {
    boolean first = true;
    for (String line : lines) {
      if (line.startsWith("  ")) {
        page.append(".br\n");
      } else if (!first) {
        page.append(".PP\n");
      }
      first = false;
      page.append(escaped(line)).append('\n');
    }
  }

  private void arguments() {
    if (command.getCommandSpec().positionalParameters().stream().allMatch(one -> one.hidden())) {
      return;
    }
    page.append(".SH ARGUMENTS\n");
    command.getCommandSpec().positionalParameters().stream().filter(one -> !one.hidden()).forEach(one -> rows(help
        .createDefaultParameterRenderer().render(one, help.createDefaultParamLabelRenderer(), plain)));
  }

  private void options() {
    List<ArgGroupSpec> groups = command.getCommandSpec().argGroups();
    List<OptionSpec> options = new ArrayList<>(command.getCommandSpec().options());
    groups.forEach(group -> options.removeAll(group.allOptionsNested()));
    page.append(".SH OPTIONS\n");
    options.forEach(this::option);
    for (ArgGroupSpec group : groups.stream().sorted((a, b) -> Integer.compare(a.order(), b.order())).toList()) {
      page.append(".SS ").append(escaped(String.format(group.heading()).strip())).append('\n');
      group.allOptionsNested().forEach(this::option);
    }
  }

  private void option(OptionSpec option) {
    if (!option.hidden()) {
      rows(help.createDefaultOptionRenderer().render(option, help.createDefaultParamLabelRenderer(), plain));
    }
  }

  /** One argument or option: what the help has in its columns, the last of which is its description. */
  private void rows(Text[][] rows) {
    String term = Arrays.stream(rows[0], 0, rows[0].length - 1).map(Text::toString).map(String::strip).filter(cell -> !cell.equals("*"))
        .map(cell -> cell.equals(",") ? ", " : cell).collect(Collectors.joining());
    page.append(".TP\n.B ").append(escaped(term)).append('\n');
    String says = Arrays.stream(rows).map(row -> row[row.length - 1].toString().strip()).collect(Collectors.joining(" "));
    page.append(escaped(says)).append('\n');
  }

  private void commands() {
    if (!command.getSubcommands().isEmpty()) {
      page.append(".SH COMMANDS\n");
      command.getSubcommands().values().forEach(below -> {
        String[] says = lines(below.getCommandSpec().usageMessage().description());
        page.append(".TP\n.BR ").append(name(below).replace("-", "\\-")).append(" (1)\n").append(escaped(says.length == 0 ? "" : says[0]))
            .append('\n');
      });
    }
  }

  private void pairs(String title, Map<String, String> all) {
    if (!all.isEmpty()) {
      page.append(".SH ").append(title).append('\n');
      all.forEach((key, says) -> page.append(".TP\n.B ").append(escaped(key.strip())).append('\n').append(escaped(says)).append('\n'));
    }
  }

  /** A text in which nothing is a request or an escape, and whose signs are those that are typed (groff_char(7)), not letters of a printer. */
  private static String escaped(String text) {
    String plain = OptionName.onCommandLine(text).replace("\\", "\\e").replace("-", "\\-").replace("`", "\\`").replace("'", "\\(aq")
        .replace("^", "\\(ha").replace("~", "\\(ti");
    return plain.startsWith(".") ? "\\&" + plain : plain;
  }
}
