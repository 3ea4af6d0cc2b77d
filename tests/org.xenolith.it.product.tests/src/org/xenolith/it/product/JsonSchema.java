// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The validator of JSON Schema that {@code releng/json-schema} fetches, in a process of its own. */
public final class JsonSchema {
  private static final FetchScript JAR = new FetchScript("releng/json-schema");
  private static final String PROGRAM = """
      import dev.harrel.jsonschema.ValidatorFactory;
      import dev.harrel.jsonschema.providers.GsonNode;
      import java.nio.file.Files;
      import java.nio.file.Path;

      void main(String[] files) throws Exception {
        int referred = Integer.parseInt(files[0]);
        for (int i = 1 + referred; i < files.length; i += 2) {
          var validator = new ValidatorFactory().withJsonNodeFactory(new GsonNode.Factory()).createValidator();
          for (int other = 1; other <= referred; other++) {
            validator.registerSchema(Files.readString(Path.of(files[other])));
          }
          var result = validator.validate(validator.registerSchema(Files.readString(Path.of(files[i]))), Files.readString(Path.of(files[i + 1])));
          for (var error : result.getErrors()) {
            System.out.println(files[i + 1] + ": " + error.getInstanceLocation() + ": " + error.getError());
          }
          if (!result.isValid() && result.getErrors().isEmpty()) {
            System.out.println(files[i + 1] + ": not valid");
          }
        }
      }
      """;

  private JsonSchema() {}

  /**
   * Validates documents.
   *
   * @param folder for what this needs itself
   * @param pairs  files in turn: a schema, and a document that must be of it
   * @param referred schemas that these refer to
   * @return what is wrong, a line each
   */
  public static String errors(Path folder, List<Path> pairs, Path... referred) throws IOException, InterruptedException {
    Path program = Files.writeString(folder.resolve("Validate.java"), PROGRAM);
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(), "-cp", JAR.fetched()
        + ":"
        + gson(), program.toString(), Integer.toString(referred.length)));
    List.of(referred).forEach(file -> command.add(file.toString()));
    pairs.forEach(file -> command.add(file.toString()));
    try (Program validator = Program.start(new ProcessBuilder(command))) {
      return validator.await(Product.LONG).expect(0).out();
    }
  }

  private static Path gson() throws IOException {
    try (Stream<Path> plugins = Files.list(Product.root().resolve("product/target/xenolith/plugins"))) {
      return plugins.filter(jar -> jar.getFileName().toString().startsWith("gson-")).findFirst().orElseThrow();
    }
  }
}
