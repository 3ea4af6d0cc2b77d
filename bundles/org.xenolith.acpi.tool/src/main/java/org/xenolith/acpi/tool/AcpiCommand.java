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
import org.xenolith.acpi.codec.aml.MachineCheck;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import picocli.CommandLine.Command;
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

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Say what to do: dump, check or diff.");
  }

  @Command(name = "dump", mixinStandardHelpOptions = true,
      description = "Shows every field of tables, and the objects of their namespace.")
  int dump(@Parameters(paramLabel = "FILE", arity = "1..*", description = "Tables, or folders of them.") List<Path> inputs) {
    PrintWriter out = spec.commandLine().getOut();
    TableSet set = TableFiles.read(inputs);
    set.tables().forEach(table -> lines(table).forEach(out::println));
    namespace(set).forEach(out::println);
    out.flush();
    return ExitCode.DONE;
  }

  @Command(name = "check", mixinStandardHelpOptions = true,
      description = "Checks tables, each by itself and those of a machine with one another; exit code 2 if anything is wrong.")
  int check(@Parameters(paramLabel = "FILE", arity = "1..*",
      description = "Tables of one machine, or folders of them.") List<Path> inputs) {
    PrintWriter out = spec.commandLine().getOut();
    TableSet set = TableFiles.read(inputs);
    List<TableFault> faults = MachineCheck.faults(set);
    faults.forEach(out::println);
    out.printf("%d tables, %d faults%n", set.tables().size(), faults.size());
    out.flush();
    return faults.isEmpty() ? ExitCode.DONE : ExitCode.BAD_INPUT;
  }

  @Command(name = "diff", mixinStandardHelpOptions = true,
      description = "Compares tables field by field; exit code 1 if they differ.")
  int diff(@Parameters(paramLabel = "FROM", description = "A table, or a folder of them.") Path from,
      @Parameters(paramLabel = "TO", description = "Another one.") Path to) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, String> before = named(TableFiles.read(List.of(from)));
    Map<String, String> after = named(TableFiles.read(List.of(to)));
    Set<String> names = new LinkedHashSet<>(before.keySet());
    names.addAll(after.keySet());
    int differences = 0;
    for (String name : names) {
      String was = before.get(name);
      String is = after.get(name);
      if (is == null || !is.equals(was)) {
        if (was != null) {
          out.println("- " + name + was);
        }
        if (is != null) {
          out.println("+ " + name + is);
        }
        differences++;
      }
    }
    out.printf("%d differences%n", differences);
    out.flush();
    return differences == 0 ? ExitCode.DONE : DIFFERENT;
  }

  /** As {@code diff} and {@code cmp} end. */
  private static final int DIFFERENT = 1;

  /** What each field has, by its name; a second table of a signature has a number. */
  private static Map<String, String> named(TableSet set) {
    Map<String, String> fields = new LinkedHashMap<>();
    Map<String, Integer> seen = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    for (AcpiTable table : set.tables()) {
      int number = seen.merge(table.signature(), 1, Integer::sum);
      lines(table).forEach(line -> lines.add(number == 1 ? line : line.replaceFirst("\\.", "#" + number + ".")));
    }
    lines.addAll(namespace(set));
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

  private static List<String> namespace(TableSet set) {
    try {
      return NamespaceText.lines(AmlNamespace.of(set.definitions()));
    } catch (AcpiException e) {
      throw new BadInput(e.getMessage());
    }
  }
}
