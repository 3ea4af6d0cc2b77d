// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xenolith.command.api.OptionName;
import org.xenolith.scenario.api.ScenarioResult;
import org.xenolith.scenario.api.ScenarioResult.Outcome;
import org.xenolith.scenario.api.ScenarioResult.StepResult;
import org.xml.sax.InputSource;

class JunitReportTest {
  private static Document parse(ScenarioResult... results) throws Exception {
    return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(JunitReport.of(List.of(
        results)))));
  }

  private static ScenarioResult failed() {
    return new ScenarioResult(Path.of("x/a.scenario"), "a", List.of(
        new StepResult(0, 3, "launch", Outcome.PASSED, "", 1_500_000_000),
        new StepResult(1, 5, "expect a<b>\u001b[6n", Outcome.FAILED, "expected \"x\" & more \u0000", 2_000_000),
        new StepResult(2, 6, "wait 1s", Outcome.SKIPPED, "", 0),
        new StepResult(3, 6, "odd", Outcome.BROKEN, "bug", 0)), "the report ]]> \u0007 \uD800", "abc", 1_250_000_000, 42, 3_000_000_000L);
  }

  private static ScenarioResult passed() {
    return new ScenarioResult(Path.of("b.scenario"), "b", List.of(new StepResult(0, 1, "launch", Outcome.PASSED, "", 0)), "", "d", 0, 0, 0);
  }

  @Test
  void eachFileIsASuiteAndEachStepACase() throws Exception {
    Element root = parse(failed(), passed()).getDocumentElement();
    assertEquals("testsuites", root.getTagName());
    assertEquals("5", root.getAttribute("tests"));
    Element suite = (Element) root.getElementsByTagName("testsuite").item(0);
    assertEquals("4", suite.getAttribute("tests"));
    assertEquals("1", suite.getAttribute("failures"));
    assertEquals("1", suite.getAttribute("errors"));
    assertEquals("1", suite.getAttribute("skipped"));
    assertEquals("3.000", suite.getAttribute("time"));
    assertEquals(4, suite.getElementsByTagName("testcase").getLength());
    assertEquals("scenarios.a", ((Element) suite.getElementsByTagName("testcase").item(0)).getAttribute("classname"));
  }

  @Test
  void whatNoXmlMayHoldIsReplaced() throws Exception {
    Element root = parse(failed()).getDocumentElement();
    Element failure = (Element) root.getElementsByTagName("failure").item(0);
    assertEquals("expected \"x\" & more ·", failure.getAttribute("message"));
    assertTrue(failure.getTextContent().contains("the report ]]> ·"), failure.getTextContent());
    assertEquals("01 expect a<b>·[6n", ((Element) failure.getParentNode()).getAttribute("name"));
  }

  @Test
  void optionsAreShownAsTheyAreTyped() throws Exception {
    StepFailure failure = new StepFailure("a guest", "say " + OptionName.option("memory"));
    assertEquals("say --memory", failure.instead());
    StepResult step = new StepResult(1, 5, "launch", Outcome.FAILED, "say " + OptionName.option("memory"), 0, 2);
    Element root = parse(new ScenarioResult(Path.of("a"), "a", List.of(step), "r", "", 0, 0, 0)).getDocumentElement();
    assertEquals("say --memory", ((Element) root.getElementsByTagName("failure").item(0)).getAttribute("message"));
  }

  @Test
  void theKindOfAFailureIsItsType() throws Exception {
    for (var type : Map.of(1, "scenario step", 2, "bad input", 3, "limit", 4, "internal fault", 5, "not seen").entrySet()) {
      StepResult step = new StepResult(1, 5, "expect", Outcome.FAILED, "no", 0, type.getKey());
      Element root = parse(new ScenarioResult(Path.of("a"), "a", List.of(step), "r", "", 0, 0, 0)).getDocumentElement();
      assertEquals(type.getValue(), ((Element) root.getElementsByTagName("failure").item(0)).getAttribute("type"));
    }
  }

  /** The elements and attributes that the schemas of both CI servers have. */
  @Test
  void nothingButWhatCiServersKnowIsWritten() throws Exception {
    Document document = parse(failed(), passed());
    var all = document.getElementsByTagName("*");
    for (int i = 0; i < all.getLength(); i++) {
      Element element = (Element) all.item(i);
      Set<String> known = switch (element.getTagName()) {
        case "testsuites" -> Set.of("name", "tests", "failures", "errors", "time", "disabled");
        case "testsuite" -> Set.of("name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id", "package");
        case "testcase" -> Set.of("name", "classname", "time");
        case "failure", "error" -> Set.of("type", "message");
        case "property" -> Set.of("name", "value");
        case "properties", "skipped", "system-out", "system-err" -> Set.of();
        default -> throw new AssertionError(element.getTagName());
      };
      Set<String> present = new TreeSet<>();
      for (int a = 0; a < element.getAttributes().getLength(); a++) {
        present.add(element.getAttributes().item(a).getNodeName());
      }
      present.removeAll(known);
      assertEquals(Set.of(), present, element.getTagName());
    }
  }
}
