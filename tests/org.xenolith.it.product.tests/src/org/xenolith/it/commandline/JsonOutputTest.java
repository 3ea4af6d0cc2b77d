// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.lines.ManyLines;
import org.xenolith.it.product.JsonSchema;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** What commands answer to programs: each answer is held against its schema of docs/json by a validator that nobody here wrote. */
class JsonOutputTest {
  private static final Path TABLES = Path.of("tests/org.xenolith.conformance.acpi.tests/src/org/xenolith/conformance/acpi/bare");
  /** Commands by the kinds of their answers; one that ends otherwise than with 0 has its exit code. */
  private static final Map<String, List<String>> LINES = new LinkedHashMap<>();
  private static final Map<String, Integer> CODES = Map.of("acpi-diff", 1, "acpi-check", 2);
  /** Those that change something, or take long: each in a process with folders of its own, in the full lane, in this order. */
  private static final Map<String, List<String>> CHANGES = new LinkedHashMap<>();
  /** Commands that have no such answer, and what a program has in its stead. */
  private static final Map<String, String> OTHERWISE = new TreeMap<>();

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
    LINES.put("from-qemu", List.of("from-qemu", "qemu-system-aarch64 -M virt -cpu cortex-a57 -m 1G -kernel Image -append quiet"));
    LINES.put("run-check", List.of("run", "--check", "@WORK@/tiny.scenario"));
    LINES.put("run", List.of("run", "@WORK@/tiny.scenario"));
    CHANGES.put("install", List.of("install", "@WORK@/given.jar"));
    CHANGES.put("uninstall", List.of("uninstall", "org.example.given"));
    CHANGES.put("cache-clear", List.of("cache", "clear"));
    CHANGES.put("packages-lock", List.of("packages", "lock", "@WORK@/lock"));
    CHANGES.put("packages-update", List.of("packages", "update"));
    CHANGES.put("packages-reset", List.of("packages", "reset"));
    CHANGES.put("packages-fetch", List.of("packages", "fetch", "busybox-static", "--to", "@WORK@/packages"));
    CHANGES.put("costs", List.of("costs"));
    CHANGES.put("image-make", List.of("image", "make", "debian", "--to", "@WORK@/debian.img"));
    say("boot, bench", "files for programs: --report, --json=FILE");
    say("test, fuzz", "files of reports: JUnit's XML, --report");
    say("gdb, mcp, shell, open, workbench", "talks to somebody as long as it runs");
    say("loader, topology import, topology export, build, format, ide, sdk, dist, docs, new, clean, completion",
        "makes files, and says no more");
    say("help, version", "a text");
  }

  private static void say(String commands, String why) {
    List.of(commands.split(", ")).forEach(command -> OTHERWISE.put(command, why));
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
    LINES.values().forEach(words -> lines.add(Stream.concat(Stream.of(line(words)), Stream.of("--quiet")).toArray()));
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
    for (String kind : LINES.keySet()) {
      Outcome quiet = outcomes.get(next++).expect(CODES.getOrDefault(kind, 0));
      assertTrue(quiet.out().startsWith("{\n  \"kind\": \"" + kind) && quiet.out().endsWith("}\n"), quiet::toString);
      assertTrue(CODES.containsKey(kind) || quiet.err().isEmpty(), quiet::toString);
    }
    assertEquals("", JsonSchema.errors(work, pairs));
    Path wrong = Files.writeString(work.resolve("wrong"), Files.readString(pairs.get(1)).replace("\"quirk\": true", "\"quirk\": \"yes\""));
    assertFalse(JsonSchema.errors(work, List.of(pairs.getFirst(), wrong)).isEmpty(), "the validator finds a wrong type");
  }

  /** The script's own: it answers without what was built. */
  @Test
  void whatAMachineLacksIsToldToPrograms() throws IOException, InterruptedException {
    Outcome found = Product.run("doctor", "--json").expect(0);
    assertEquals("", JsonSchema.errors(work, List.of(schema("doctor"), Files.writeString(work.resolve("doctor.answer"), found.out()))));
    Outcome lacking = Product.run(Map.of("XENOLITH_JAVA_HOME", "no \"JDK\\ \tä"), "doctor", "--json").expect(2);
    lacking.outHas("\"usable\": false").outHas(
        "\"state\": \"missing\", \"name\": \"JDK 25\", \"detail\": \"XENOLITH_JAVA_HOME is 'no \\\\\"JDK");
    assertEquals("", JsonSchema.errors(work, List.of(schema("doctor"), Files.writeString(work.resolve("lacking"), lacking.out()))));
  }

  @Test
  @FullLane
  void eachAnswerOfWhatChangesSomethingIsOfItsSchema() throws IOException, InterruptedException {
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
    manifest.getMainAttributes().putValue("Bundle-SymbolicName", "org.example.given");
    manifest.getMainAttributes().putValue("Bundle-Version", "1.0.0");
    new JarOutputStream(Files.newOutputStream(work.resolve("given.jar")), manifest).close();
    Map<String, String> own = Map.of("XENOLITH_BUNDLES", work.resolve("bundles").toString(), "XENOLITH_JAVA_OPTS",
        "-Dxenolith.translations=" + Files.createDirectories(work.resolve("translations")));
    List<Path> pairs = new ArrayList<>();
    for (Map.Entry<String, List<String>> each : CHANGES.entrySet()) {
      Map<String, String> environment = new HashMap<>(own);
      if (each.getKey().startsWith("packages-")) {
        environment.put("XENOLITH_CACHE", work.resolve("cache").toString());
      }
      try (Program program = Product.start(environment, line(each.getValue()))) {
        Outcome outcome = program.await(Duration.ofMinutes(40)).expect(0);
        assertTrue(outcome.out().startsWith("{\n  \"kind\": \"" + each.getKey() + "\",\n  \"version\": 1"), outcome::toString);
        pairs.add(schema(each.getKey()));
        pairs.add(Files.writeString(work.resolve(each.getKey() + ".answer"), outcome.out()));
      }
    }
    assertEquals("", JsonSchema.errors(work, pairs));
  }

  /** All commands, as they say themselves: each has the option and is tried above, or is named above with what there is in its stead. */
  @Test
  void everyCommandHasTheOptionOrSaysWhatThereIsInItsStead() throws IOException, InterruptedException {
    Set<String> with = new TreeSet<>();
    Set<String> without = new TreeSet<>();
    Map<String, String> helps = helps();
    helps.forEach((command, text) -> {
      if (text.contains("--json  ")) {
        with.add(command);
      } else if (!text.lines().findFirst().orElseThrow().endsWith(" COMMAND")) {
        without.add(command); // and not one that has only commands below it
      }
    });
    Set<String> tried = Stream.of(LINES, CHANGES).flatMap(lines -> lines.values().stream()).map(words -> words.size() > 1 && helps
        .containsKey(words.getFirst() + " " + words.get(1)) ? words.getFirst() + " " + words.get(1) : words.getFirst()).collect(Collectors
            .toCollection(TreeSet::new));
    tried.addAll(List.of("cache", "doctor")); // the first is the same as its list
    assertEquals(tried, with);
    assertEquals(OTHERWISE.keySet(), without, "give it --json, or say what programs have in its stead");
    Set<String> kinds = new TreeSet<>(LINES.keySet());
    kinds.addAll(CHANGES.keySet());
    kinds.add("doctor");
    try (Stream<Path> schemas = Files.list(Product.root().resolve("docs/json"))) {
      assertEquals(kinds, schemas.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json")).map(
          name -> name.replace(".json", "")).collect(Collectors.toCollection(TreeSet::new)));
    }
  }

  /** The help of each command, the script's own among them. */
  private static Map<String, String> helps() throws IOException, InterruptedException {
    Map<String, String> helps = new TreeMap<>();
    try (Stream<Path> files = Files.list(Product.root().resolve("releng/help"))) {
      for (Path help : files.filter(file -> file.toString().endsWith(".txt")).toList()) {
        helps.put(help.getFileName().toString().replace(".txt", "").replace('.', ' '), Files.readString(help));
      }
    }
    helps.remove("VERSION");
    String all = helps.remove("HELP").replaceAll("\\s+", " ");
    for (String command : all.replaceFirst(".*Commands of the launcher script: ([^.]*)\\..*", "$1").split(", ")) {
      helps.put(command, Product.run(command, "--help").expect(0).out());
    }
    return helps;
  }
}
