// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.xenolith.command.api.OptionName;
import org.xenolith.command.api.ExitCode;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioResult.Outcome;
import org.xenolith.scenario.api.ScenarioResult.StepResult;

/**
 * Results in the form that CI servers read: JUnit XML with no more than what the schema of Jenkins' xUnit plugin (junit-10.xsd) and
 * GitLab accept. A suite for each file, a case for each step; virtual time and digest are properties of the suite.
 */
final class JunitReport {
  private final StringWriter text = new StringWriter();
  private XMLStreamWriter xml;

  private JunitReport() {}

  static void write(Path file, List<ScenarioResult> results) throws IOException {
    Files.writeString(file, of(results));
  }

  static String of(List<ScenarioResult> results) {
    JunitReport report = new JunitReport();
    try {
      report.document(results);
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory can't fail", e);
    }
    return report.text.toString();
  }

  private void document(List<ScenarioResult> results) throws XMLStreamException {
    xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    xml.writeStartDocument("UTF-8", "1.0");
    line("");
    xml.writeStartElement("testsuites");
    List<StepResult> all = results.stream().flatMap(result -> result.steps().stream()).toList();
    counts("scenarios", all, results.stream().mapToLong(ScenarioResult::hostNanoseconds).sum());
    for (ScenarioResult result : results) {
      suite(result);
    }
    line("");
    xml.writeEndElement();
    line("");
    xml.writeEndDocument();
    xml.flush();
  }

  private void suite(ScenarioResult result) throws XMLStreamException {
    line("  ");
    xml.writeStartElement("testsuite");
    counts(result.name(), result.steps(), result.hostNanoseconds());
    xml.writeAttribute("skipped", String.valueOf(count(result.steps(), Outcome.SKIPPED)));
    line("    ");
    xml.writeStartElement("properties");
    property("file", clean(result.file().toString()));
    property("virtual-seconds", "%.9f".formatted(result.virtualNanoseconds() / 1e9));
    property("instructions", String.valueOf(result.instructions()));
    property("digest", result.digest());
    line("    ");
    xml.writeEndElement();
    for (StepResult step : result.steps()) {
      step(result, step);
    }
    if (!result.report().isEmpty()) {
      line("    ");
      xml.writeStartElement("system-out");
      xml.writeCharacters(clean(result.report()));
      xml.writeEndElement();
    }
    line("  ");
    xml.writeEndElement();
  }

  private void step(ScenarioResult result, StepResult step) throws XMLStreamException {
    line("    ");
    xml.writeStartElement("testcase");
    xml.writeAttribute("name", clean("%02d %s".formatted(step.number(), step.text())));
    xml.writeAttribute("classname", "scenarios." + result.name());
    xml.writeAttribute("time", seconds(step.hostNanoseconds()));
    switch (step.outcome()) {
      case PASSED -> {
      }
      case SKIPPED -> xml.writeEmptyElement("skipped");
      case FAILED -> fault("failure", type(step), result, step);
      case BROKEN -> fault("error", "internal fault", result, step);
    }
    xml.writeEndElement();
  }

  /** What kind of failure it is, in a word or two; the words are a contract with CI jobs. */
  private static String type(StepResult step) {
    return switch (step.exitCode()) {
      case ExitCode.BAD_INPUT -> "bad input";
      case ExitCode.LIMIT -> "limit";
      case ExitCode.INTERNAL_FAULT -> "internal fault";
      case ExitCode.NOT_SEEN -> "not seen";
      default -> "scenario step";
    };
  }

  private void fault(String element, String type, ScenarioResult result, StepResult step) throws XMLStreamException {
    xml.writeStartElement(element);
    xml.writeAttribute("type", type);
    xml.writeAttribute("message", clean(step.reason()));
    xml.writeCharacters(clean(result.report()));
    xml.writeEndElement();
  }

  private void counts(String name, List<StepResult> steps, long time) throws XMLStreamException {
    xml.writeAttribute("name", name);
    xml.writeAttribute("tests", String.valueOf(steps.size()));
    xml.writeAttribute("failures", String.valueOf(count(steps, Outcome.FAILED)));
    xml.writeAttribute("errors", String.valueOf(count(steps, Outcome.BROKEN)));
    xml.writeAttribute("time", seconds(time));
  }

  private static long count(List<StepResult> steps, Outcome outcome) {
    return steps.stream().filter(step -> step.outcome() == outcome).count();
  }

  private void property(String name, String value) throws XMLStreamException {
    line("      ");
    xml.writeEmptyElement("property");
    xml.writeAttribute("name", name);
    xml.writeAttribute("value", value);
  }

  private void line(String indentation) throws XMLStreamException {
    xml.writeCharacters("\n" + indentation);
  }

  private static String seconds(long nanoseconds) {
    return String.format(Locale.ROOT, "%.3f", nanoseconds / 1e9);
  }

  /** XML 1.0 has no control characters, not even escaped ones (2.2), and no half of a surrogate pair. */
  private static String clean(String text) {
    return OptionName.onCommandLine(text).replaceAll("[^\\t\\n\\r\\x20-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "·");
  }
}
