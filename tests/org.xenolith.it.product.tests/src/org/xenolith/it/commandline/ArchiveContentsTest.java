// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.FetchScript;
import org.xenolith.it.product.JsonSchema;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;

/** What an archive's list says that it contains: all of it, in the form of CycloneDX. The tree is laid out as the archive has it, but for its runtime, which is the JDK of this process. */
class ArchiveContentsTest {
  private static final List<String> PRODUCTS = List.of("product/target/xenolith", "product-ui/target/workbench");
  private static final Path LAUNCHER = Product.root().resolve("product/target/xenolith/lib/launch.jar");
  private static final FetchScript SCHEMAS = new FetchScript("releng/cyclonedx-schema");

  @TempDir
  Path work;

  private static Path tree(Path work) throws IOException {
    Path tree = work.resolve("xenolith-1.0.0");
    for (String product : PRODUCTS) {
      for (String folder : List.of("lib", "plugins")) {
        Path copy = Files.createDirectories(tree.resolve("lib").resolve(product.replaceFirst(".*/", "")).resolve(folder));
        for (Path jar : files(Product.root().resolve(product).resolve(folder), ".jar")) {
          Path first = tree.resolve("lib/xenolith").resolve(folder).resolve(jar.getFileName());
          if (Files.exists(first)) {
            Files.createSymbolicLink(copy.resolve(jar.getFileName()), first);
          } else {
            Files.copy(jar, copy.resolve(jar.getFileName()));
          }
        }
      }
    }
    Files.createSymbolicLink(tree.resolve("runtime"), Path.of(System.getProperty("java.home")));
    Path legal = Files.createDirectories(tree.resolve("share/doc/javadoc/legal"));
    Files.writeString(legal.resolve("jquery.md"), "## jQuery v3.7.1\n### jQuery License\n");
    Files.writeString(legal.resolve("dictionary.md"), "## Thai Dictionary\n");
    return tree;
  }

  @Test
  void allThatIsContainedIsListedAsCycloneDxWantsIt() throws Exception {
    Path tree = tree(work);
    assertEquals("", list(tree, 0));
    Path list = tree.resolve("sbom.cdx.json");
    Path schemas = SCHEMAS.fetched();
    Path[] referred = {schemas.resolve("spdx.schema.json"), schemas.resolve("jsf-0.82.schema.json")};
    Path schema = schemas.resolve("bom-1.6.schema.json");
    assertEquals("", JsonSchema.errors(work, List.of(schema, list), referred));
    Path wrong = Files.writeString(work.resolve("wrong.json"), Files.readString(list).replace("\"EPL-2.0\"", "\"EPL-2\""));
    assertFalse(JsonSchema.errors(work, List.of(schema, wrong), referred).isEmpty(), "the validator finds a licence that there isn't");

    JsonObject document = JsonParser.parseString(Files.readString(list)).getAsJsonObject();
    Map<String, JsonObject> byDigest = new TreeMap<>();
    Map<String, JsonObject> byName = new TreeMap<>();
    for (JsonElement component : document.getAsJsonArray("components")) {
      JsonObject one = component.getAsJsonObject();
      byName.put(one.get("name").getAsString(), one);
      if (one.has("hashes")) {
        byDigest.put(one.getAsJsonArray("hashes").get(0).getAsJsonObject().get("content").getAsString(), one);
      }
    }
    for (String product : List.of("xenolith", "workbench")) {
      for (Path jar : files(tree.resolve("lib").resolve(product).resolve("plugins"), ".jar")) {
        assertTrue(byDigest.containsKey(sha256(jar)), jar + " isn't listed");
      }
    }
    JsonObject runtime = byDigest.get(sha256(tree.resolve("runtime/lib/modules")));
    assertEquals(Runtime.version().toString(), runtime.get("version").getAsString());
    assertTrue(runtime.getAsJsonArray("components").toString().contains("runtime/legal/java.base/zlib.md"), runtime::toString);
    assertEquals("3.7.1", byName.get("jQuery").get("version").getAsString());
    assertFalse(byName.get("Thai Dictionary").has("version"));
    assertTrue(Files.isDirectory(tree.resolve("licenses")));
  }

  @Test
  void whatNobodyKnowsEndsTheBuild() throws Exception {
    Files.copy(LAUNCHER, Files.createDirectories(work.resolve("lib/xenolith/plugins")).resolve("stranger-1.0.jar"));
    assertEquals("xenolith: lib/xenolith/plugins/stranger-1.0.jar: no definition in target-platform has such a jar\n", list(work, 1));
  }

  /** Makes the list. Returns what was complained of. */
  private static String list(Path tree, int code) throws InterruptedException {
    ProcessBuilder java = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-XX:TieredStopAtLevel=1",
        "-cp",
        LAUNCHER.toString(), Product.root().resolve("releng/archive/Contents.java").toString(), Product.root().toString(), tree.resolve(
            "lib").toString(),
        tree.toString(), "1.0.0", "1764547200");
    try (Program program = Program.start(java.redirectInput(new File("/dev/null")))) {
      return program.await(Product.LONG).expect(code).err();
    }
  }

  private static List<Path> files(Path folder, String end) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.toString().endsWith(end)).sorted().toList();
    }
  }

  private static String sha256(Path file) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
