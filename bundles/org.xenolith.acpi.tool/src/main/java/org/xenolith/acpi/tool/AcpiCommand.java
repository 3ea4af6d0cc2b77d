// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.tool;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.Definition;
import org.xenolith.acpi.codec.TableFault;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.acpi.codec.TableText;
import org.xenolith.acpi.codec.aml.AmlNamespace;
import org.xenolith.acpi.codec.aml.AmlReader;
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.kit.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code acpi}: tables of ours and of others. */
@Command(name = "acpi", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
    description = "Shows, checks and compares ACPI tables, as acpidump, acpixtract and iasl write them.")
final class AcpiCommand implements Runnable {
  @Spec
  private CommandSpec spec;

  /** The answer of {@code dump} as JSON. @param lines a field each, as the text has them: table, field, value */
  private record Dumped(List<Table> tables, List<String> namespace, List<String> unreadable) {
    record Table(String signature, long bytes, List<String> lines) {}
  }

  /** The answer of {@code check} as JSON. */
  private record Checked(int tables, List<String> faults, List<String> unreadable) {}

  /** The answer of {@code diff} as JSON. */
  private record Compared(List<Difference> differences, List<String> unreadable) {
    record Difference(String field, String was, String is) {}
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: dump, check or diff.");
  }

  @Command(name = "dump", mixinStandardHelpOptions = true,
      description = "Shows every field of tables, and the objects of their namespace.")
  int dump(@Parameters(paramLabel = "FILE", arity = "1..*", description = "Tables, or folders of them.") List<Path> inputs,
      @Mixin JsonOption json) {
    PrintWriter out = spec.commandLine().getOut();
    List<String> unreadable = new ArrayList<>();
    TableSet set = TableFiles.read(inputs, unreadable);
    if (json.asked()) {
      List<String> objects = namespace(set, unreadable);
      JsonOption.print(out, "acpi-dump", 1, new Dumped(set.tables().stream().map(table -> new Dumped.Table(table.signature(), table
          .bytes().length, lines(table))).toList(), objects, unreadable));
      return named(unreadable, ExitCode.DONE);
    }
    set.tables().forEach(table -> lines(table).forEach(out::println));
    namespace(set, unreadable).forEach(out::println);
    out.flush();
    return named(unreadable, ExitCode.DONE);
  }

  @Command(name = "check", mixinStandardHelpOptions = true,
      description = "Checks tables, each by itself and those of a machine with one another; exit code 2 if anything is wrong.")
  int check(@Parameters(paramLabel = "FILE", arity = "1..*",
      description = "Tables of one machine, or folders of them.") List<Path> inputs, @Mixin JsonOption json) {
    PrintWriter out = spec.commandLine().getOut();
    List<String> unreadable = new ArrayList<>();
    TableSet set = TableFiles.read(inputs, unreadable);
    List<TableFault> faults = MachineCheck.faults(set);
    if (json.asked()) {
      JsonOption.print(out, "acpi-check", 1, new Checked(set.tables().size() + unreadable.size(), faults.stream().map(Object::toString)
          .toList(),
          unreadable));
      return faults.isEmpty() && unreadable.isEmpty() ? ExitCode.DONE : ExitCode.BAD_INPUT;
    }
    unreadable.forEach(out::println);
    faults.forEach(out::println);
    out.printf("%d tables, %d faults%n", set.tables().size() + unreadable.size(), faults.size() + unreadable.size());
    out.flush();
    return faults.isEmpty() && unreadable.isEmpty() ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  @Command(name = "diff", mixinStandardHelpOptions = true,
      description = "Compares tables field by field; exit code 1 if they differ.")
  int diff(@Parameters(paramLabel = "FROM", description = "A table, or a folder of them.") Path from,
      @Parameters(paramLabel = "TO", description = "Another one.") Path to,
      @Mixin JsonOption json) {
    PrintWriter out = spec.commandLine().getOut();
    List<String> unreadable = new ArrayList<>();
    Map<String, String> before = named(TableFiles.read(List.of(from), unreadable), unreadable);
    Map<String, String> after = named(TableFiles.read(List.of(to), unreadable), unreadable);
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    List<Compared.Difference> differences = names.stream().map(name -> new Compared.Difference(name, before.get(name), after.get(name)))
        .filter(each -> each.is() == null || !each.is().equals(each.was())).toList();
    if (json.asked()) {
      JsonOption.print(out, "acpi-diff", 1, new Compared(differences, unreadable));
    } else {
      differences.forEach(each -> {
        if (each.was() != null) {
          out.println("- " + each.field() + each.was());
        }
        if (each.is() != null) {
          out.println("+ " + each.field() + each.is());
        }
      });
      out.printf("%d differences%n", differences.size());
      out.flush();
    }
    return named(unreadable, differences.isEmpty() ? ExitCode.DONE : DIFFERENT);
  }

  /** Names at the end what couldn't be read; then that is the command's end. */
  private int named(List<String> unreadable, int otherwise) {
    PrintWriter err = spec.commandLine().getErr();
    unreadable.forEach(line -> err.println("xenolith: " + line));
    err.flush();
    return unreadable.isEmpty() ? otherwise : ExitCode.BAD_INPUT;
  }

  /** As {@code diff} and {@code cmp} end. */
  private static final int DIFFERENT = 1;

  /** What each field has, by its name; a second table of a signature has a number. */
  private static Map<String, String> named(TableSet set, List<String> unreadable) {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, Integer> seen = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    for (AcpiTable table : set.tables()) {
      int number = seen.merge(table.signature(), 1, Integer::sum);
      lines(table).forEach(line -> lines.add(number == 1 ? line : line.replaceFirst("\\.", "#" + number + ".")));
    }
    lines.addAll(namespace(set, unreadable));
    for (String line : lines) {
      int end = line.indexOf(' ');
      String name = line.substring(0, end);
      int number = seen.merge(name, 1, Integer::sum);
      fields.put(number == 1 ? name : name + "#" + number, line.substring(end));
    }
    return fields;
  }

  /** The fields of a table; byte code is shown as the namespace that it makes. */
  private static List<String> lines(AcpiTable table) {
    boolean code = table.structure().layout() == Definition.DSDT || table.structure().layout() == Definition.SSDT;
    return TableText.lines(table).stream().filter(line -> !code || !line.contains(".AML+")).toList();
  }

  /** Of the tables whose code parses; the others are named. */
  private static List<String> namespace(TableSet set, List<String> unreadable) {
    List<AcpiTable> readable = new ArrayList<>();
    for (AcpiTable table : set.definitions()) {
      try {
        AmlReader.read(table);
        readable.add(table);
      } catch (AcpiException e) {
        unreadable.add(e.getMessage());
      }
    }
    try {
      return NamespaceText.lines(AmlNamespace.of(readable));
    } catch (AcpiException e) {
      unreadable.add(e.getMessage());
      return List.of();
    }
  }
}
