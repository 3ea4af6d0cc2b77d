// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.lines.ManyLines;
import org.xenolith.it.product.JsonSchema;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;

/** What commands answer to programs: each answer is held against its schema of docs/json by a validator that nobody here wrote. */
class JsonOutputTest {
  private static final Path TABLES = Path.of("tests/org.xenolith.conformance.acpi.tests/src/org/xenolith/conformance/acpi/bare");
  /** Commands by the kinds of their answers; one that ends otherwise than with 0 has its exit code. */
  private static final Map<String, List<String>> LINES = new LinkedHashMap<>();
  private static final Map<String, Integer> CODES = Map.of("acpi-diff", 1, "acpi-check", 2);

  static {
    LINES.put("models", List.of("models", "--options"));
    LINES.put("guests", List.of("guests"));
    LINES.put("guests-fetch", List.of("guests", "fetch", "tiny"));
    LINES.put("list", List.of("list"));
    LINES.put("packages", List.of("packages"));
    LINES.put("cache-list", List.of("cache", "list"));
    LINES.put("image-list", List.of("image", "list"));
    LINES.put("topology-list", List.of("topology", "list"));
    LINES.put("topology-show", List.of("topology", "show", "virt"));
    LINES.put("topology-lint", List.of("topology", "lint", "@WORK@/virt.dtb"));
    LINES.put("acpi-dump", List.of("acpi", "dump", "@TABLES@"));
    LINES.put("acpi-check", List.of("acpi", "check", "@TABLES@"));
    LINES.put("acpi-diff", List.of("acpi", "diff", "@TABLES@/FACP.dat", "@TABLES@/DBG2.dat"));
    LINES.put("run-check", List.of("run", "--check", "@WORK@/tiny.scenario"));
    LINES.put("run", List.of("run", "@WORK@/tiny.scenario"));
  }

  @TempDir
  private Path work;

  private Object[] line(List<String> words) {
    return Stream.concat(words.stream().map(word -> word.replace("@WORK@", work.toString()).replace("@TABLES@", Product.root().resolve(
        TABLES)
        .toString())), Stream.of("--json")).toArray();
  }

  private static Path schema(String kind) {
    return Product.root().resolve("docs/json").resolve(kind + ".json");
  }

  @Test
  void eachAnswerIsOfItsSchema() throws IOException, InterruptedException {
    Files.writeString(work.resolve("tiny.scenario"), """
        description: A small guest ends.
        platform: {board: virt}
        guest: {name: tiny}
        limit: {virtual: 5s, host: 1min}
        steps:
          - end: poweroff
        """);
    List<Object[]> lines = new ArrayList<>(List.<Object[]>of(new Object[] {"topology", "export", "virt", work.resolve("virt.dtb")}));
    LINES.values().forEach(words -> lines.add(line(words)));
    List<Outcome> outcomes = ManyLines.run(Product.root(), work, lines);
    List<Path> pairs = new ArrayList<>();
    outcomes.getFirst().expect(0);
    int next = 1;
    for (String kind : LINES.keySet()) {
      Outcome outcome = outcomes.get(next++).expect(CODES.getOrDefault(kind, 0));
      assertTrue(outcome.out().startsWith("{\n  \"kind\": \"" + kind + "\",\n  \"version\": 1"), outcome::toString);
      pairs.add(schema(kind));
      pairs.add(Files.writeString(work.resolve(kind + ".answer"), outcome.out()));
    }
    assertEquals("", JsonSchema.errors(work, pairs));
    Path wrong = Files.writeString(work.resolve("wrong"), Files.readString(pairs.get(1)).replace("\"quirk\": true", "\"quirk\": \"yes\""));
    assertFalse(JsonSchema.errors(work, List.of(pairs.getFirst(), wrong)).isEmpty(), "the validator finds a wrong type");
  }

  /** Whoever adds the option to a command adds its schema, and a line above. */
  @Test
  void everyCommandWithTheOptionIsTriedHere() throws IOException {
    Set<String> with = new TreeSet<>();
    try (Stream<Path> helps = Files.list(Product.root().resolve("releng/help"))) {
      for (Path help : helps.toList()) {
        if (Files.readString(help).contains("--json  ")) {
          with.add(help.getFileName().toString().replace(".txt", "").replace('.', ' '));
        }
      }
    }
    Set<String> tried = LINES.values().stream().map(words -> words.stream().limit(Set.of("guests", "cache", "image", "topology", "acpi")
        .contains(
            words.getFirst()) ? 2 : 1).collect(Collectors.joining(" "))).collect(Collectors.toCollection(TreeSet::new));
    tried.add("cache"); // the same as its list
    assertEquals(tried, with);
    try (Stream<Path> schemas = Files.list(Product.root().resolve("docs/json"))) {
      assertEquals(new TreeSet<>(LINES.keySet()), schemas.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json"))
          .map(
              name -> name.replace(".json", "")).collect(Collectors.toCollection(TreeSet::new)));
    }
  }
}
