// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.kit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.xenolith.acpi.codec.AcpiException;
import org.xenolith.acpi.codec.AcpiTable;
import org.xenolith.acpi.codec.TableSet;
import org.xenolith.command.api.HostReason;
import org.xenolith.platform.api.PlatformException;

/** Tables in files, as {@code acpidump}, {@code acpixtract} and {@code iasl} write them. */
public final class AcpiFiles {
  private static final Set<String> ENDINGS = Set.of("dat", "aml", "bin");

  private AcpiFiles() {}

  /**
   * The tables of files and folders in the order of their names; of a folder those whose names end with .dat, .aml or .bin. A file may have
   * several tables one after another, or be the text that {@code acpidump} writes. A table that can't be read doesn't stop the others.
   *
   * @param unreadable is told of each table that is left out, and in which file it is
   * @throws PlatformException if a file can't be read, or no table of all; the message names the file
   */
  public static TableSet read(List<Path> inputs, BiConsumer<Path, AcpiException> unreadable) {
    List<AcpiTable> tables = new ArrayList<>();
    Map<Path, AcpiException> bad = new LinkedHashMap<>();
    for (Path input : inputs) {
      List<Path> files = Files.isDirectory(input) ? in(input) : List.of(input);
      for (Path file : files) {
        tables.addAll(one(file, e -> {
          bad.putIfAbsent(file, e);
          unreadable.accept(file, e);
        }).tables());
      }
    }
    if (tables.isEmpty() && !bad.isEmpty()) {
      throw new PlatformException(bad.entrySet().stream().map(each -> each.getKey() + ": " + each.getValue().getMessage())
          .collect(Collectors.joining("\n")));
    }
    return new TableSet(tables);
  }

  private static List<Path> in(Path folder) {
    try (Stream<Path> all = Files.list(folder)) {
      List<Path> tables = all.filter(AcpiFiles::isTable).sorted().toList();
      if (tables.isEmpty()) {
        throw new PlatformException(folder + " has no files .dat, .aml or .bin; name the tables' files");
      }
      return tables;
    } catch (IOException e) {
      throw new PlatformException(folder + " can't be listed: " + HostReason.of(folder, e).text(), e);
    }
  }

  private static boolean isTable(Path file) {
    String name = file.getFileName().toString();
    return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
  }

  private static TableSet one(Path file, Consumer<AcpiException> unreadable) {
    try {
      return TableSet.read(Files.readAllBytes(file), unreadable);
    } catch (NoSuchFileException e) {
      throw new PlatformException(file + " doesn't exist; name a file that acpidump, acpixtract or iasl wrote", e);
    } catch (IOException e) {
      throw new PlatformException(file + " can't be read: " + HostReason.of(file, e).text(), e);
    }
  }

  /**
   * Writes each table into a file of its signature in small letters, {@code facp.dat} for instance; several with one signature have numbers
   * from 1 behind it, as {@code acpixtract} does it.
   *
   * @throws PlatformException if one can't be written
   */
  public static void write(TableSet tables, Path folder) {
    Map<String, Integer> numbers = new HashMap<>();
    for (AcpiTable table : tables.tables()) {
      String signature = table.signature();
      int number = numbers.merge(signature, 1, Integer::sum);
      Path file = folder.resolve(signature.toLowerCase(Locale.ROOT) + (tables.all(signature).size() > 1 ? number : "") + ".dat");
      try {
        Files.createDirectories(folder);
        Files.write(file, table.bytes());
      } catch (IOException e) {
        throw new PlatformException(file + " can't be written (" + HostReason.of(file, e).text() + "); name a folder that can", e);
      }
    }
  }
}
