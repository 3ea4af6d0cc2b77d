// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;
import org.xenolith.conformance.sources.Notice.Part;
import org.xenolith.conformance.sources.Notice.Row;

/** {@code NOTICE.md} names every part from elsewhere that the SDK and the products contain, and none that they don't. */
class NoticeTest {

  @Test
  void everyPartIsNamedAndEveryRowIsOfAPart() throws IOException {
    List<Row> rows = rows();
    List<Part> parts = Notice.parts(Checkout.root());
    assertTrue(parts.size() > 50, "the target platform was not read: " + parts);
    List<String> wrong = new ArrayList<>();
    for (Part part : parts) {
      long covered = rows.stream().filter(row -> row.covers(part)).count();
      if (covered != 1) {
        wrong.add("NOTICE.md: " + part.coordinates() + " in " + part.place() + " has " + covered + " rows");
      }
    }
    for (Row row : rows) {
      for (String place : row.places()) {
        if (parts.stream().filter(part -> part.place().equals(place)).noneMatch(row::covers)) {
          wrong.add("NOTICE.md: there is no " + row.coordinates() + " in " + place);
        }
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  /** A jar whose manifest names a licence that Notice knows must name the one of its row. */
  @Test
  void licencesAreThoseThatTheJarsName() throws IOException {
    List<Row> rows = rows();
    List<String> wrong = new ArrayList<>();
    for (Path jar : shipped()) {
      String artifact = jar.getFileName().toString().replaceFirst("-[0-9].*", "");
      try (JarFile file = new JarFile(jar.toFile())) {
        String header = file.getManifest().getMainAttributes().getValue("Bundle-License");
        Notice.parts(Checkout.root()).stream().filter(part -> part.coordinates().endsWith(":" + artifact)).findFirst()
            .flatMap(part -> rows.stream().filter(row -> row.covers(part)).findFirst())
            .filter(row -> header != null && !Notice.agrees(row.licence(), header))
            .ifPresent(row -> wrong.add("NOTICE.md: " + artifact + " is said to be " + row.licence() + ", its manifest says " + header));
      }
    }
    assertEquals("", String.join("\n", wrong));
  }

  @Test
  void anotherLicenceIsSeen() {
    assertFalse(Notice.agrees("MIT", "https://www.apache.org/licenses/LICENSE-2.0.txt"));
    assertTrue(Notice.agrees("BSD-3-Clause", "BSD-3-Clause;link=https://asm.ow2.io/LICENSE.txt"));
  }

  private static List<Row> rows() throws IOException {
    return Notice.rows(Files.readString(Checkout.root().resolve("NOTICE.md")));
  }

  private static List<Path> shipped() throws IOException {
    try (Stream<Path> jars = Files.list(Checkout.root().resolve("product/target/xenolith/plugins"))) {
      return jars.filter(jar -> !jar.getFileName().toString().startsWith("org.xenolith.")).sorted().toList();
    }
  }
}
