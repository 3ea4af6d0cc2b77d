// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.abigen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Generates the classes of the Xen ABI. Arguments: the folder of tables, the output folder, the package. Files that stay the same are not
 * written, so that an incremental build has nothing to do; classes that no table has any more are deleted.
 */
public final class AbiGenerator {
  private AbiGenerator() {}

  /** Runs the generator; ends with an exception, and so fails the build, if anything is wrong with a table. */
  public static void main(String[] args) throws IOException {
    if (args.length != 3) {
      throw new IllegalArgumentException("usage: AbiGenerator TABLE-FOLDER OUTPUT-FOLDER PACKAGE");
    }
    generate(Path.of(args[0]), Path.of(args[1]), args[2]);
  }

  static void generate(Path tables, Path output, String javaPackage) throws IOException {
    Path folder = output.resolve(javaPackage.replace('.', '/'));
    Files.createDirectories(folder);
    Set<Path> made = new HashSet<>();
    for (Path table : files(tables, ".abi")) {
      for (AbiTable.Type type : AbiTable.read(table.toString(), Files.readAllLines(table)).types()) {
        Path file = folder.resolve(type.name() + ".java");
        if (!made.add(file)) {
          throw new IllegalArgumentException(table + ": " + type.name() + " is there already; name each class once");
        }
        String text = JavaText.of(javaPackage, type);
        if (!Files.exists(file) || !Files.readString(file).equals(text)) {
          Files.writeString(file, text);
        }
      }
    }
    if (made.isEmpty()) {
      throw new IllegalArgumentException(tables + ": no table (*.abi) with a class in it");
    }
    for (Path file : files(output, ".java")) {
      if (!made.contains(file)) {
        Files.delete(file);
      }
    }
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }
}
