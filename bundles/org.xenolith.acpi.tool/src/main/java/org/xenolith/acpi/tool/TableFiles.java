// SPDX-License-Identifier: EPL-2.0
package org.xenolith.acpi.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.command.api.BadInput;

/** Tables in files, as {@code acpidump}, {@code acpixtract} and {@code iasl} write them. */
final class TableFiles {
  private TableFiles() {}

  /**
   * The tables of files and folders in the order of their names; of a folder those whose names end with .dat, .aml or .bin.
   *
   * @throws BadInput if one can't be read
   */
  static TableSet read(List<Path> inputs) {
    List<AcpiTable> tables = new ArrayList<>();
    for (Path input : inputs) {
      List<Path> files = Files.isDirectory(input) ? in(input) : List.of(input);
      files.forEach(file -> tables.addAll(one(file).tables()));
    }
    return new TableSet(tables);
  }

  private static List<Path> in(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> tables = all.filter(file -> file.toString().matches(".*\\.(dat|aml|bin)")).sorted().toList();
      if (tables.isEmpty()) {
        throw new BadInput(folder + " has no files .dat, .aml or .bin; name the tables' files");
      }
      return tables;
    } catch (IOException e) {
      throw new BadInput(folder + " can't be listed: " + e.getMessage());
    }
  }

  private static TableSet one(Path file) {
    try {
      return TableSet.read(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new BadInput(file + " doesn't exist; name a file that acpidump, acpixtract or iasl wrote");
    } catch (IOException e) {
      throw new BadInput(file + " can't be read: " + e.getMessage());
    } catch (AcpiException e) {
      throw new BadInput(file + ": " + e.getMessage());
    }
  }
}
