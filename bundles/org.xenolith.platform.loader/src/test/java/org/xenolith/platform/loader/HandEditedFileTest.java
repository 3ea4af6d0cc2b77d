// SPDX-License-Identifier: EPL-2.0
package org.xenolith.platform.loader;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;
import org.xenolith.machine.api.ModelDescription.Type;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.Finding.Severity;
import org.xenolith.platform.api.PlatformException;

/**
 * A board in a text editor: each slip that can be made there is told with the line, the element and what to do. What is replaced in
 * the sound file is what somebody would type.
 */
class HandEditedFileTest {
  static final String SOUND = """
      <?xml version="1.0" encoding="UTF-8"?>
      <platform:Platform xmi:version="2.0" xmlns:xmi="http://www.omg.org/XMI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xmlns:platform="urn:xenolith:platform:1" name="acme" summary="A board." mostCpus="4" leastMemory="32M" mostMemory="2G">
        <root>
          <properties>#address-cells = 0x1</properties>
          <properties>#size-cells = 0x1</properties>
          <properties>interrupt-parent = 0x1</properties>
          <nodes name="chosen">
            <properties>kaslr-seed = 0x1 0x2</properties>
          </nodes>
          <nodes name="cpus">
            <properties>#address-cells = 0x1</properties>
            <properties>#size-cells = 0x0</properties>
            <nodes name="cpu@0">
              <properties>device_type = 'cpu'</properties>
              <properties>reg = 0x0</properties>
            </nodes>
          </nodes>
          <nodes name="memory@40000000">
            <properties>device_type = 'memory'</properties>
            <properties>reg = 0x40000000 0x10000000</properties>
          </nodes>
          <nodes name="intc@1000">
            <properties>compatible = 'acme,gic'</properties>
            <properties>reg = 0x1000 0x1000</properties>
            <properties>interrupt-controller</properties>
            <properties>#interrupt-cells = 0x3</properties>
            <properties>phandle = 0x1</properties>
          </nodes>
          <nodes name="uart@2000">
            <properties>compatible = 'acme,uart'</properties>
            <properties>reg = 0x2000 0x100</properties>
            <properties>interrupts = 0x0 0x1 0x4</properties>
            <properties>mac = [02 00 5e]</properties>
            <options xsi:type="platform:BooleanOption" name="stuck-bit" value="true"/>
          </nodes>
          <nodes name="slot@3000">
            <properties>reg = 0x3000 0x10</properties>
          </nodes>
        </root>
        <choices name="mode" standard="plain">
          <variants value="plain"/>
          <variants value="fast" implies="rtc=on">
            <edits node="/uart@2000" after="reg">
              <properties>acme,fast</properties>
            </edits>
          </variants>
        </choices>
        <choices name="rtc" standard="off">
          <variants value="off"/>
          <variants value="on">
            <edits node="/">
              <nodes name="rtc@4000">
                <properties>reg = 0x4000 0x100</properties>
              </nodes>
              <removes>slot@3000</removes>
            </edits>
            <edits node="/uart@2000" with="mode=fast">
              <properties>acme,clock = 0x1</properties>
            </edits>
          </variants>
        </choices>
        <choices xsi:type="platform:CountChoice" name="slots" nodes="slot"/>
        <choices xsi:type="platform:NumberChoice" name="seed" node="/chosen" property="kaslr-seed"/>
        <refusals with="mode=fast rtc=off" possible="mode=plain, or rtc=on"/>
      </platform:Platform>
      """;

  /** A slip: what is replaced, by what, in which line the message places it, which element it names, and the remedy in it. */
  private record Slip(String old, String typed, String line, String element, String remedy) {}

  private static final Map<String, Slip> SLIPS = new TreeMap<>();

  private static void slip(String what, String old, String typed, String at, String element, String remedy) {
    SLIPS.put(what, new Slip(old, typed, at, element, remedy));
  }

  static {
    slip("an end tag is missing", "<properties>device_type = 'cpu'</properties>", "<properties>device_type = 'cpu'",
        "<nodes name=\"cpu@0\">+3", "<properties>", "each element is ended");
    slip("an attribute has no quotes", "<nodes name=\"chosen\">", "<nodes name=chosen>", "<nodes name=chosen>", "name",
        "put the value in quotes");
    slip("an element is misspelt", "<nodes name=\"intc@1000\">", "<nodes name=\"intc@1000\"><propertys>phandle = 0x1</propertys>",
        "<propertys>", "<propertys>", "use one of nodes, options, properties");
    slip("an attribute is misspelt", "<nodes name=\"intc@1000\">", "<nodes nane=\"intc@1000\">", "<nodes nane", "<nodes>",
        "use one of name");
    slip("a cell is decimal", "reg = 0x2000 0x100", "reg = 8192 0x100", "reg = 8192", "<properties>", "NAME = 0x1 0x2");
    slip("a quote is missing", "'acme,uart'", "'acme,uart", "'acme,uart<", "<properties>", "NAME = 'text'");
    slip("a byte has one digit", "[02 00 5e]", "[02 00 5]", "[02 00 5]", "<properties>", "NAME = [01 02]");
    slip("a value has no name", "reg = 0x3000 0x10", "0x3000 0x10", "<properties>0x3000", "<properties>", "letters");
    slip("a property is there twice", "<properties>interrupt-controller</properties>", "<properties>phandle = 0x2</properties>",
        "<properties>phandle = 0x1<", "<properties>", "remove or rename one");
    slip("two nodes have one name", "name=\"slot@3000\"", "name=\"uart@2000\"", "<nodes name=\"uart@2000\">^", "<nodes name=\"uart@2000\">",
        "remove or rename one");
    slip("a node has no name", "<nodes name=\"slot@3000\">", "<nodes>", "<nodes>", "<nodes>", "name=\"serial@9000000\"");
    slip("a node's name has a space", "slot@3000\">", "slot 3000\">", "slot 3000", "<nodes name=\"slot 3000\">", "use letters, digits");
    slip("a node has an unknown type", "<nodes name=\"slot@3000\">", "<nodes xsi:type=\"platform:Slot\" name=\"slot@3000\">",
        "platform:Slot",
        "<nodes name=\"slot@3000\">", "leave xsi:type out");
    slip("text is beside the elements", "<nodes name=\"slot@3000\">", "<nodes name=\"slot@3000\">reg = 0x3000",
        "<nodes name=\"slot@3000\">",
        "<nodes name=\"slot@3000\">", "put it into <properties>");
    slip("an option has a wrong value", "value=\"true\"", "value=\"yes\"", "value=\"yes\"", "<options name=\"stuck-bit\">",
        "value=\"true\" or value=\"false\"");
    slip("an option isn't the model's", "name=\"stuck-bit\"", "name=\"stuck-bot\"", "stuck-bot", "<options name=\"stuck-bot\">",
        "use one of stuck-bit");
    slip("a phandle is there twice", "<properties>reg = 0x3000 0x10</properties>", "<properties>phandle = 0x1</properties>",
        "<nodes name=\"slot@3000\">", "/slot@3000", "give each node a phandle of its own");
    slip("an interrupt controller isn't there", "interrupt-parent = 0x1", "interrupt-parent = 0x7", "<root>", "interrupt-parent",
        "add the node or drop the reference");
    slip("banks of RAM overlap", "<nodes name=\"slot@3000\">\n",
        "<nodes name=\"slot@3000\">\n<properties>device_type = 'memory'</properties>\n"
            + "<properties>reg = 0x41000000 0x100</properties><!--", "<nodes name=\"memory@40000000\">", "/memory@40000000",
        "correct one of the two");
    slip("an edit's node isn't there", "<edits node=\"/uart@2000\" after=\"reg\">", "<edits node=\"/uart@200\" after=\"reg\">",
        "/uart@200\"", "<edits>", "topology show");
    slip("an edit's place isn't there", "after=\"reg\"", "after=\"regs\"", "after=\"regs\"", "<edits>", "or leave it out");
    slip("an edit removes what isn't there", "<removes>slot@3000<", "<removes>slot<", "<edits node=\"/\">", "<edits>", "use the full name");
    slip("an edit changes nothing", "<properties>acme,clock = 0x1</properties>", "", "<edits node=\"/uart@2000\" with", "<edits>",
        "or remove it");
    slip("a condition names no choice", "with=\"mode=fast\"", "with=\"mood=fast\"", "mood=fast", "<edits>", "use one of mode, rtc");
    slip("a condition names no variant", "with=\"mode=fast\"", "with=\"mode=slow\"", "mode=slow", "<edits>", "use one of plain, fast");
    slip("a variant implies what is before it", "<variants value=\"on\">", "<variants value=\"on\" implies=\"mode=fast\">",
        "implies=\"mode=fast\"", "<variants>", "put the choice mode behind the choice rtc");
    slip("the standard is no variant", "standard=\"plain\"", "standard=\"normal\"", "standard=\"normal\"", "<choices name=\"mode\">",
        "use one of plain, fast");
    slip("two variants have one value", "<variants value=\"plain\"/>", "<variants value=\"plain\"/><variants value=\"plain\"/>",
        "value=\"plain\"/><", "<variants>", "remove or rename one");
    slip("two choices have one name", "<choices name=\"rtc\"", "<choices name=\"mode\"", "<choices name=\"mode\" standard=\"off\"",
        "<choices name=\"mode\">", "remove or rename one");
    slip("a choice has an unknown type", "platform:CountChoice", "platform:CountingChoice", "platform:CountingChoice",
        "<choices name=\"slots\">", "platform:CountChoice");
    slip("a count is of nothing", "nodes=\"slot\"", "nodes=\"slots\"", "nodes=\"slots\"", "<choices name=\"slots\">",
        "without unit address");
    slip("a number has no node", "node=\"/chosen\" property", "node=\"/chose\" property", "/chose\"", "<choices name=\"seed\">",
        "topology show");
    slip("a size has no unit", "mostMemory=\"2G\"", "mostMemory=\"2048\"", "<platform:Platform^", "<platform:Platform name=\"acme\">",
        "512M or 4G");
    slip("a number isn't one", "mostCpus=\"4\"", "mostCpus=\"four\"", "<platform:Platform^", "<platform:Platform name=\"acme\">",
        "from 1 to");
    slip("a refusal doesn't say what is possible", " possible=\"mode=plain, or rtc=on\"", "", "<refusals", "<refusals>",
        "possible=\"...\"");
    slip("there is no tree", "root>", "roots>", "<roots>", "<roots>", "use one of choices, refusals, reservations, root");
    slip("the name space is another", "urn:xenolith:platform:1", "urn:xenolith:platform:9", "<platform:Platform^", "platform:Platform",
        "begin as 'topology import' does");
    slip("a document type is declared", "<platform:Platform xmi", "<!DOCTYPE a>\n<platform:Platform xmi", "<!DOCTYPE", "DOCTYPE", "; ");
  }

  private static final ModelDescription UART = new ModelDescription("UART", "A UART.", "none", List.of(new Option("stuck-bit",
      Type.BOOLEAN, "false", "Bit 3 sticks.", true)));

  private final PlatformLoaderComponent loader = new PlatformLoaderComponent(compatible -> compatible.contains("acme,uart") ? Optional.of(
      UART) : Optional.empty());

  @TempDir
  Path folder;

  private List<Finding> check(String text) throws IOException {
    return loader.check(Files.writeString(folder.resolve("acme.platform"), text));
  }

  @Test
  void theSoundFileHasNothingWrong() throws IOException {
    assertEquals(List.of(), check(SOUND).stream().filter(f -> f.severity() != Severity.NOTE).toList());
    assertTrue(SLIPS.size() >= 20, SLIPS.size() + " slips");
  }

  @TestFactory
  Stream<DynamicTest> everySlipIsToldWithLineElementAndRemedy() {
    return SLIPS.entrySet().stream().map(slip -> DynamicTest.dynamicTest(slip.getKey(), () -> told(slip.getValue())));
  }

  private void told(Slip slip) throws IOException {
    assertTrue(SOUND.contains(slip.old), slip.old);
    String text = SOUND.replace(slip.old, slip.typed);
    if (slip.typed.endsWith("<!--")) {
      text = text.replace("reg = 0x3000 0x10</properties>", "-->");
    }
    Finding first = check(text).stream().filter(f -> f.severity() != Severity.NOTE).findFirst().orElseThrow(() -> new AssertionError(
        "nothing is told"));
    String message = first.toString();
    String wanted = "line " + line(text, slip.line);
    assertTrue(message.contains(wanted + ",") || message.contains(wanted + ":"), "not in " + wanted + ": " + message);
    assertTrue(message.contains(slip.element), slip.element + " isn't in: " + message);
    assertTrue(message.contains(slip.remedy) && !first.remedy().isEmpty(), slip.remedy + " isn't in: " + message);
    if (first.severity() == Severity.ERROR && !message.contains("the model UART")) {
      PlatformException refused = assertThrows(PlatformException.class, () -> allOf(loader.board(folder.resolve("acme.platform"))));
      assertFalse(refused.getMessage().isBlank());
    }
  }

  /** Found by the fuzzer: the check took what a board refuses of a variant for its right, also where nothing was asked for. */
  @Test
  void boardThatCannotBeMadeAsItStandsIsAnError() throws IOException {
    List<Finding> found = check(SOUND.replace("<nodes name=\"cpus\">", "<nodes name=\"cpas\">"));
    assertEquals(List.of(
        "error: /: line 4: board acme: 0 CPUs can't be had; possible: 1 to 4; correct the file: it must be a board if nothing is"
            + " asked for"), found.stream().filter(f -> f.severity() == Severity.ERROR).map(Finding::toString).toList());
  }

  /** The trees of all variants: what is wrong in one must not be taken. */
  private void allOf(org.xenolith.platform.api.BoardProvider board) {
    board.choices().forEach((choice, values) -> values.forEach(value -> {
      Map<String, String> requests = value.equals("N") ? Map.of(choice, "1") : value.equals("HEX") ? Map.of(choice, "5")
          : choice.equals("rtc") && value.equals("on") ? Map.of("rtc", "on", "mode", "fast") : choice.equals("rtc") ? Map.of()
          : Map.of(choice, value);
      loader.platform("acme", board.tree(new org.xenolith.platform.api.BoardProvider.BoardRequest(0, 0, requests)), Map.of());
    }));
  }

  /** The line of a text: of its first occurrence, or with ^ at its end of the last line that it begins; +N is N lines further. */
  private static int line(String text, String place) {
    int plus = place.indexOf('+');
    int further = plus > 0 && place.substring(plus + 1).matches("\\d") ? Integer.parseInt(place.substring(plus + 1)) : 0;
    String wanted = further > 0 ? place.substring(0, plus) : place.replace("^", "");
    int at = place.endsWith("^") ? text.lastIndexOf(wanted) : text.indexOf(wanted);
    assertTrue(at >= 0, wanted);
    int line = (int) text.substring(0, at).lines().count() + (text.charAt(at - 1) == '\n' ? 1 : 0);
    return line + further;
  }
}
