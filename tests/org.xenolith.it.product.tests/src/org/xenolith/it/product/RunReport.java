// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What {@code --report} wrote. Asking for a field that is not there is a failure. */
public final class RunReport {
  private final JsonObject fields;

  private RunReport(JsonObject fields) {
    this.fields = fields;
  }

  /** Reads the file and holds it against what is promised of every report. */
  public static RunReport read(Path file) {
    try {
      RunReport report = new RunReport(JsonParser.parseString(Files.readString(file)).getAsJsonObject());
      report.check();
      return report;
    } catch (IOException e) {
      throw new UncheckedIOException("no report was written", e);
    }
  }

  private void check() {
    assertTrue(digest().matches("[0-9a-f]{64}"), this::toString);
    assertTrue(number("instructions") > 0, this::toString);
    assertTrue(number("virtualSeconds") > 0, this::toString);
    assertTrue(number("hostSeconds") > 0, this::toString);
    assertTrue(number("startSeconds") > 0, this::toString);
    assertTrue(number("unmodelledAccesses") >= 0, this::toString);
    assertTrue(field("events").isJsonObject(), this::toString);
  }

  /** How the run ended. */
  public String outcome() {
    return field("outcome").getAsString();
  }

  /** SHA-256 of the machine's state at the end. */
  public String digest() {
    return field("digest").getAsString();
  }

  /** A numeric field. */
  public double number(String name) {
    return field(name).getAsDouble();
  }

  /** A field that is a list of numbers. */
  public List<Double> numbers(String name) {
    return field(name).getAsJsonArray().asList().stream().map(JsonElement::getAsDouble).toList();
  }

  /** How often an event of a kind happened. */
  public long events(String kind) {
    JsonElement count = field("events").getAsJsonObject().get(kind);
    return count == null ? 0 : count.getAsLong();
  }

  private JsonElement field(String name) {
    JsonElement value = fields.get(name);
    assertNotNull(value, () -> "no '" + name + "' in the report " + this);
    return value;
  }

  @Override
  public String toString() {
    return fields.toString();
  }
}
