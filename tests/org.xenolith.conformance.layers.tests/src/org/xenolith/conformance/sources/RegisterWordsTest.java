// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;

/**
 * Registers that bundles declare have the manual's words beside them: a text of the table's name (FieldText of regs). What these say is checked where the tables are, by the test kit's
 * contract of models; here, that they are there.
 */
class RegisterWordsTest {
  private static final Pattern TABLE = Pattern.compile("enum (\\w+) implements [\\w, ]*\\bRegister\\b");
  private static final Pattern LISTED = Pattern.compile("ListedRegister\\.(of|run)\\(");
  private static final String SAID = "saidBy(";
  /** Names of the identification registers of its frames, to which those give words. */
  private static final String FRAMES = "org.xenolith.hw.gicv3/IdentificationRegisters";

  private static List<Path> files(Path folder, String end) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(each -> each.toString().endsWith(end)).sorted().toList();
    }
  }

  private static boolean says(Path source, String text) {
    Matcher table = TABLE.matcher(text);
    if (table.find()) {
      String beside = source.resolveSibling(table.group(1) + ".fields").toString().replace("/src/main/java/", "/src/main/resources/");
      return Files.exists(Path.of(beside));
    }
    return !LISTED.matcher(text).find() || text.contains(SAID);
  }

  @Test
  void everyTableHasAText() throws IOException {
    Set<String> without = new TreeSet<>();
    for (Path bundle : Checkout.bundleFolders()) {
      String name = bundle.getFileName().toString();
      if (!name.equals("org.xenolith.regs") && !name.startsWith("org.xenolith.testkit")) {
        for (Path source : files(bundle.resolve("src/main/java"), ".java")) {
          if (!says(source, Files.readString(source))) {
            without.add(name + "/" + source.getFileName().toString().replace(".java", ""));
          }
        }
      }
    }
    without.remove(FRAMES);
    assertEquals(Set.of(), without, "put a text TABLE.fields beside the table, or say by ListedRegister.saidBy beside which class it is");
  }

  /** The build takes a text along only where the bundle's description says so. */
  @Test
  void everyTextIsInItsBundle() throws IOException {
    List<String> missing = new ArrayList<>();
    int texts = 0;
    for (Path bundle : Checkout.bundleFolders()) {
      Path resources = bundle.resolve("src/main/resources");
      for (Path text : files(resources, ".fields")) {
        texts++;
        String entry = resources.relativize(text).toString();
        try (ZipFile jar = new ZipFile(Checkout.jar(bundle).toFile())) {
          if (jar.getEntry(entry) == null) {
            missing.add(bundle.getFileName() + ": " + entry);
          }
        }
      }
    }
    assertEquals(List.of(), missing, "in pde.bnd: -includeresource: src/main/resources; or in build.properties, among source..");
    assertFalse(texts == 0, "there is no text at all");
  }
}
