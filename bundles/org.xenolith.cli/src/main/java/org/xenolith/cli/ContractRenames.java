// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What packages of contracts and kits are called now, or where what was in them went; the table is {@code renames.txt}, which {@code sdk migrate} reads, too. */
final class ContractRenames {
  private static final String TABLE = "renames.txt";
  private final Map<String, Set<String>> packages = new TreeMap<>();

  private ContractRenames(List<String> lines) {
    for (String line : lines) {
      String[] words = line.split(" ");
      if (words[0].equals("package")) {
        add(words[1], words[2]);
      } else if (words[0].equals("type")) {
        add(packageOf(words[1]), packageOf(words[2]));
      }
    }
  }

  private void add(String old, String now) {
    if (!old.equals(now)) {
      packages.computeIfAbsent(old, key -> new TreeSet<>()).add(now);
    }
  }

  private static String packageOf(String type) {
    return type.substring(0, type.lastIndexOf('.'));
  }

  /** Those of this version. */
  static ContractRenames read() {
    try (InputStream table = ContractRenames.class.getResourceAsStream(TABLE)) {
      return new ContractRenames(new String(table.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a package is now: its new name, or the packages that have what was in it; empty if nothing of it was renamed. */
  List<String> of(String name) {
    return new ArrayList<>(packages.getOrDefault(name, Set.of()));
  }
}
