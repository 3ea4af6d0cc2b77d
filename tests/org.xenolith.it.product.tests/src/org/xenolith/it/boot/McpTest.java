// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** The client of the Model Context Protocol's own SDK uses the tools of {@code ./xenolith mcp} over its standard input and output. */
class McpTest {
  @TempDir
  Path folder;

  /** What the client writes. @param calls lines "TOOL JSON" */
  private String client(String calls, Object... arguments) throws Exception {
    Path jars = folder.resolve("lib");
    Files.createDirectories(jars);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(Product.root().resolve("product/target/xenolith/plugins"),
        "org.xenolith.mcp-*.jar"); JarFile bundle = new JarFile(found.iterator().next().toFile())) {
      for (JarEntry entry : bundle.stream().filter(each -> each.getName().startsWith("lib/") && each.getName().endsWith(".jar"))
          .toList()) {
        try (InputStream jar = bundle.getInputStream(entry)) {
          Files.copy(jar, folder.resolve(entry.getName()));
        }
      }
    }
    Path source = folder.resolve("Client.java");
    try (InputStream text = McpTest.class.getResourceAsStream("mcp-client.txt")) {
      Files.copy(text, source);
    }
    Path script = Files.writeString(folder.resolve("calls"), calls);
    List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:TieredStopAtLevel=1", "-cp", jars + "/*", source.toString(), script.toString(), Product.root().resolve("xenolith").toString(),
        "mcp"));
    List.of(arguments).forEach(each -> command.add(each.toString()));
    try (Program program = Program.start(new ProcessBuilder(command))) {
      Outcome outcome = program.await(Product.LONG).expect(0);
      assertTrue(outcome.err().contains("is served to who speaks the Model Context Protocol here"), outcome::toString);
      return outcome.out();
    }
  }

  /** What was answered to a call, an error or not. */
  private static String answer(String out, String sign, String call) {
    Matcher found = Pattern.compile("(?s)^" + Pattern.quote(sign + " " + call) + "\n(.*?)(?=^[=!] )", Pattern.MULTILINE).matcher(out);
    assertTrue(found.find(), () -> sign + " " + call + " isn't in " + out);
    return found.group(1);
  }

  private static void has(String out, String call, String... parts) {
    String answer = answer(out, "=", call);
    for (String part : parts) {
      assertTrue(Pattern.compile(part).matcher(answer).find(), () -> "'" + part + "' isn't in the answer to " + call + ": " + answer);
    }
  }

  private static void refuses(String out, String call, String part) {
    String answer = answer(out, "!", call);
    assertTrue(answer.contains(part), () -> "'" + part + "' isn't in the answer to " + call + ": " + answer);
  }

  @Test
  void theSdksClientLooksIntoAMachineGoesBackAndIsToldWhatIsWrong() throws Exception {
    String out = client("""
        status {}
        run {"until": "tick 3"}
        regs {"words": "PC"}
        dis {"words": "PC 2"}
        mem {"words": "SP 16"}
        walk {"words": "PC"}
        devices {}
        break {"words": "exception IRQ"}
        run {}
        delete {"words": "all"}
        back {"words": "100"}
        last-write {"words": "SP"}
        run {"patience": 1}
        at {"words": "5,000"}
        regs {"words": "cpu0 PC"}
        back-to {"words": "exception IRQ"}
        moments {}
        present {}
        step {"words": "3"}
        run {"seconds": 0.05}
        regs {"words": "NOTHING"}
        regs {"wrong": 1}
        mem {"words": 7}
        run {"until": "["}
        type {"text": "x"}
        run {"seconds": "long"}
        run {"seconds": 5}
        run {"patience": 2}
        console {"lines": 1}
        """, "virt", "--guest", "tiny", "--memory", "64M", "--history=32");
    has(out, "initialize", "^xenolith 20");
    has(out, "tools", "(?m)^regs true$", "(?m)^back-to true$", "(?m)^last-write true$", "(?m)^origin true$", "(?m)^executions true$",
        "(?m)^run true$");
    assertFalse(answer(out, "=", "tools").matches("(?s).*(false|\ngo |\ntype |\ngdb |\nwrite ).*"), "by default only what looks");
    has(out, "status {}", "^0 instructions, 0.000000000 virtual seconds");
    has(out, "run {\"until\": \"tick 3\"}", "^'tick 3' was seen\n", "tick 2\ntick 3$");
    has(out, "regs {\"words\": \"PC\"}", "PC = 0x");
    has(out, "run {}", "^stopped: break 1, exception IRQ");
    has(out, "back {\"words\": \"100\"}", "in the past");
    refuses(out, "run {\"patience\": 1}", "'present' leads back");
    has(out, "at {\"words\": \"5,000\"}", "in the past: 5,000 instructions");
    has(out, "regs {\"words\": \"cpu0 PC\"}", "in the past: 5000@");
    has(out, "last-write {\"words\": \"SP\"}", "nobody has written SP since 0@0ns|^written at [0-9]+@[0-9]+ns");
    has(out, "run {\"seconds\": 0.05}", "the time has come");
    refuses(out, "regs {\"words\": \"NOTHING\"}", "regs: there is no register, group or device 'NOTHING'");
    refuses(out, "regs {\"wrong\": 1}", "regs: there is no parameter 'wrong'; there are words");
    refuses(out, "mem {\"words\": 7}", "parameter 'words' is a text");
    refuses(out, "run {\"until\": \"[\"}", "Unclosed character class");
    refuses(out, "type {\"text\": \"x\"}", "Unknown tool");
    refuses(out, "run {\"seconds\": \"long\"}", "is a number from 0");
    has(out, "run {\"seconds\": 5}", "the run has ended: the guest powered off", "XENOLITH-DONE", "^" + INSTRUCTIONS + " instructions");
    refuses(out, "run {\"patience\": 2}", "the machine's run has ended");
    has(out, "console {\"lines\": 1}", "^XENOLITH-DONE up=0.50\\s*$");
  }

  /** What the tiny guest executes when nobody looks. */
  private static final String INSTRUCTIONS = "20674";

  /** Lines that are no messages have an error for an answer, and cost nobody the connection; what was asked before the end is answered. */
  @Test
  void linesThatAreNoMessagesAreAnsweredAndStandardOutputHasNothingButMessages() throws Exception {
    try (Program program = Product.startWithInput("mcp", "--write", "--guest", "tiny")) {
      program.type("""
          hello
          {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}
          {"jsonrpc":"2.0","method":"notifications/initialized"}
          {"a":1}
          {"jsonrpc":"2.0","id":2,"method":"levitate"}
          {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"type","arguments":{"text":"x"}}}
          {"jsonrpc":"2.0","id":4,"method":"tools/call","params":{"name":"run","arguments":{}}}
          """);
      program.closeInput();
      Outcome outcome = program.await(Product.LONG).expect(0);
      List<String> lines = outcome.out().lines().toList();
      assertEquals(6, lines.size(), outcome::toString);
      lines.forEach(line -> assertTrue(line.startsWith("{\"jsonrpc\":\"2.0\",\"id\":") && line.endsWith("}"), line));
      outcome.outHas("\"id\":null,\"error\"").outHas("\"id\":2,\"error\"").outHas("\"id\":3,\"result\"").outHas("XENOLITH-DONE");
    }
  }

  @FullLane
  @Test
  void theLinesOfTheGuideAreAnswered() throws Exception {
    Matcher fence = Pattern.compile("(?ms)^<!-- run by McpTest[^\n]*-->\n```\n(.*?)^```").matcher(Files.readString(Product.root().resolve(
        "docs/guides/look-inside.md")));
    assertTrue(fence.find());
    Outcome outcome = Product.guide(fence.group(1)).expect(0);
    outcome.outHas("'tick 3' was seen").outHas("\"id\":3.*PC ");
    assertEquals(3, outcome.out().lines().count(), outcome::toString);
  }

  /** A kernel that is debugged as an agent would: from what is on the console to who wrote a value. */
  @FullLane
  @Test
  void theSdksClientFindsWhoWroteAWordOfADebianKernel() throws Exception {
    String out = client("""
        break {"words": "do_sys_open*"}
        run {"until": "Run /init", "patience": 200}
        bt {}
        symbols {"words": "vfs_open"}
        back {"words": "1000"}
        regs {"words": "PC"}
        last-write {"words": "SP"}
        present {}
        run {"until": "# ", "patience": 200}
        """, "virt", "--guest", "debian", "--history=512");
    has(out, "run {\"until\": \"Run /init\", \"patience\": 200}", "was seen", "Run /init");
    has(out, "symbols {\"words\": \"vfs_open\"}", "vfs_open");
    has(out, "last-write {\"words\": \"SP\"}", "written at [0-9]+@[0-9]+ns");
    has(out, "run {\"until\": \"# \", \"patience\": 200}", "# ");
  }

  /** A run and a question that take long tell how far they are, and end when the client gives them up: the machine stands then, and the next call is answered. */
  @FullLane
  @Test
  void theSdksClientHearsHowFarALongCallIsAndGivesItUp() throws Exception {
    String out = client("""
        run {"until": "# ", "patience": 200}
        ~run {"until": "never seen", "patience": 200}
        status {}
        ~executions {"words": "cpu_do_idle all"}
        status {}
        at {"words": "50,000,000"}
        present {}
        """, "virt", "--guest", "debian", "--history=512");
    String far = "far: (at|on the way, at) [0-9,]+ instructions, [0-9.]+ virtual seconds[^\\n]*\n";
    has(out, "~run {\"until\": \"never seen\", \"patience\": 200}", "^" + far + far + "no answer");
    has(out, "~executions {\"words\": \"cpu_do_idle all\"}", "^far: at work\nfar: at work\nno answer");
    has(out, "run {\"until\": \"# \", \"patience\": 200}", "# ");
    has(out, "at {\"words\": \"50,000,000\"}", "in the past: 50,000,000 instructions");
    assertEquals(4, out.split("(?m)^[0-9]+ instructions, ").length, "a status behind each, and that of run");
  }
}
