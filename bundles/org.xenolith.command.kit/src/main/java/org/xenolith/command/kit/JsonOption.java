// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import picocli.CommandLine.Option;

/**
 * The option {@code --json} of a command that lists or reports, as a mix-in: its answer is one JSON document (RFC 8259) on standard output, and
 * nothing else is there. What people are told meanwhile is on standard error as before, and the exit code is the same. Kind and version say
 * which form it has; docs/json has the schema of each.
 */
public final class JsonOption {
  private static final Gson FORM = new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

  @Option(names = "--json", description = "Print one JSON document instead of lines (docs/json).")
  private boolean asked;

  /** Whether the answer is to be JSON. */
  public boolean asked() {
    return asked;
  }

  /**
   * Prints an answer.
   *
   * @param kind    what it is, the name of its schema
   * @param version raised when a reader of the form before would misread it; keys that are added don't raise it
   * @param answer  a record of texts, numbers, truth values, lists, maps and such records; its components are the keys. What is null isn't there
   * @throws IllegalArgumentException if a component has the name of a key that each answer has, which it would take the place of
   */
  public static void print(PrintWriter out, String kind, int version, Record answer) {
    JsonObject document = new JsonObject();
    document.addProperty("kind", kind);
    document.addProperty("version", version);
    JsonElement content = FORM.toJsonTree(answer);
    content.getAsJsonObject().entrySet().forEach(each -> {
      if (document.has(each.getKey())) {
        throw new IllegalArgumentException(kind + ": the answer's '" + each.getKey() + "' would take the place of the document's");
      }
      document.add(each.getKey(), each.getValue());
    });
    out.println(FORM.toJson(document));
    out.flush();
  }
}
